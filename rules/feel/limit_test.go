package feel

import (
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

// hostile are expressions that would take too long or grow too large.
var hostile = map[string]string{
	"two long loops":     `for i in 1..100000, j in 1..100000 return i`,
	"endless quantifier": `every i in 1..1000000000000 satisfies i > 0`,
	"long list":          `for i in 1..200000 return 1`,
	"doubling strings":   `{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("aaaaaaaa", 40)}.r`,
	"doubling lists":     `{f: function(s, n) if n = 0 then s else f(concatenate(s, s), n - 1), r: f([1], 40)}.r`,
	"endless recursion":  `{f: function(n) f(n + 1), r: f(1)}.r`,
	"wide recursion":     `{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), r: f(50)}.r`,
	"shared lists":       `{a: [1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e], g: [f,f,f,f,f,f,f,f]}.g`,
	"shared equality":    `{a: [1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e], g: [f,f,f,f,f,f,f,f], h: g = g}.h`,
	"shared string":      `{a: [1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e], g: [f,f,f,f,f,f,f,f], h: string(g)}.h`,
	"shared flatten":     `{a: [1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e], g: flatten(f)}.g`,
	"quadratic distinct": `distinct values(for i in 1..90000 return i)`,
	"nested filters":     `{l: for i in 1..2000 return i, r: l[count(l[item > 1]) > 1]}.r`,
	"transcendental":     `for i in 1..100000 return exp(i / 1000)`,
	"powers":             `for i in 1..100000 return 1.0000001 ** i`,
	"roots":              `for i in 1..100000 return i ** 0.37`,
	"long pattern":       `{s: for i in 1..70000 return "a", r: matches(string join(s), "b")}.r`,
	"catastrophic":       `{s: for i in 1..5000 return "a", r: matches(string join(s) + "b", "^(a*)*\1c$")}.r`,
	"replace growth":     `{s: for i in 1..3000 return "a", l: string join(s), r: replace(l, "a", l)}.r`,
	"sorting":            `sort(for i in 1..90000 return -i, function(x, y) x < y)`,
	"partial":            `for i in 1..3000 return partial`,
	"huge modulo":        `for i in 1..100000 return modulo(i * 1e6000, 7e-100)`,
	"ranges in steps":    `for i in 1..100000 return [1..i]`,
	"zones":              `for i in 1..100000 return @"2020-01-01T00:00:00@Europe/Berlin" + duration("PT" + string(i) + "H") < @"2020-01-01T00:00:00@Asia/Tokyo"`,
	"zones by name":      `for i in 1..100000 return date and time("2020-01-01T00:00:00@Europe/" + ["Berlin", "Paris", "Rome"][modulo(i, 3) + 1])`,
	"growing strings":    `for i in 1..100000 return string join(partial, "") + "x"`,
	"growing contexts":   `for i in 1..5000 return if i = 1 then {a: 1} else context put(partial[-1], string(i), partial[-1])`,
	"context bomb":       `{f: function(c, n) if n = 0 then c else f({a: c, b: c}, n - 1), r: f({}, 40)}.r`,
	"splitting":          `{s: for i in 1..90000 return ",", r: for i in 1..1000 return split(string join(s), ",")}.r`,
	"replacing items":    `{l: for i in 1..50000 return i, r: for i in 1..1000 return list replace(l, function(a, b) a > i, 0)}.r`,
	"factorial":          `{f: function(n) if n = 0 then 1 else n * f(n - 1), r: for i in 1..100000 return f(40)}.r`,
	"types of lists":     `{l: for i in 1..50000 return i, r: every i in 1..100000 satisfies l instance of list<number>}.r`,
	"typed parameters":   `{l: for i in 1..50000 return i, f: function(x: list<number>) true, r: every i in 1..100000 satisfies f(l)}.r`,
	"back references":    `every i in 1..15000 satisfies not(matches(string(i) + "aaaaaaaaaaaaaaaaaaa", "(a+)+\1c"))`,
	"empty loops":        `every i in 1..15000 satisfies not(matches(string(i) + "aaaaaaaaaaaaaaaaaaaaaa", "^((a*)*)*\2c$"))`,
	"deep ways":          `{s: for i in 1..60000 return "a", l: string join(s), r: every i in 1..1000 satisfies matches(l, "(((((a)))))*\1")}.r`,
	"large patterns":     `{s: for i in 1..60000 return "a", l: string join(s), r: every i in 1..40 satisfies not(matches(l, "(?:a?){1000}b"))}.r`,
	"patterns made":      `every i in 1..100000 satisfies not(matches("a", "(?:" + string(i) + "?){500}b"))`,
	"wide replacing":     `{s: for i in 1..60000 return "a", l: string join(s), r: replace(l, "a*b|a", "")}.r`,
	"anchored replacing": `{s: for i in 1..60000 return "a", l: string join(s), r: replace(l, "^(a+)+b|c", "")}.r`,
	"searching":          `{l: LONG, r: every i in 1..100000 satisfies substring before(l, "b") = ""}.r`,
	"searching behind":   `{l: LONG, r: every i in 1..100000 satisfies substring after(l, "ab") = ""}.r`,
	"long needles":       `{l: LONG, n: substring(l, 1, 5000) + "b", r: every i in 1..100000 satisfies not(contains(l, n))}.r`,
	"equal texts":        `{l: LONG, m: l + "b", n: l + "c", r: every i in 1..400000 satisfies m != n}.r`,
	"order of texts":     `{l: LONG, m: l + "b", n: l + "c", r: every i in 1..400000 satisfies m < n}.r`,
	"ranges of texts":    `{l: LONG, m: l + "b", n: l + "c", o: [m..n], r: every i in 1..400000 satisfies m in o}.r`,
	"texts in ranges":    `{l: LONG, m: l + "b", n: l + "c", o: [m..n], r: every i in 1..400000 satisfies includes(o, m)}.r`,
	"greatest texts":     `{l: LONG, m: l + "b", n: l + "c", o: for i in 1..30000 return if odd(i) then m else n, r: every i in 1..10 satisfies max(o) = n}.r`,
	"long words":         `{l: LONG, r: every i in 1..800000 satisfies not(l in ("a","b","c","d","e","f","g","h","i","j","k"))}.r`,
	"long keys":          `{l: LONG, c: context merge(for i in 1..20 return context([{key: string(i), value: i}])), r: every i in 1..100000 satisfies get value(c, l) = null}.r`,
	"keys put":           `{l: LONG, c: context merge(for i in 1..20 return context([{key: string(i) + l, value: i}])), r: every i in 1..100000 satisfies context put(c, "a", i) != null}.r`,
	"text of keys":       `{c: context merge(for i in 1..3000 return context([{key: "a" + string(i) + SHORT, value: i}])), r: every i in 1..1000 satisfies string(c) != ""}.r`,
	"text of lists":      `{l: for i in 1..40000 return i, r: every i in 1..1000 satisfies string(l) != ""}.r`,
	"upper case":         `{l: LONG, s: replace(substring(l, 1, 30000), "a", "ä"), r: every i in 1..100000 satisfies upper case(s) != ""}.r`,
	"lengths":            `{l: LONG, r: every i in 1..100000 satisfies string length(l) > 1}.r`,
	"long numbers":       `{l: LONG, s: replace(substring(l, 1, 30000), "a", "1"), r: every i in 1..100000 satisfies number(s) != 1}.r`,
	"long times":         `{l: LONG, s: "10:00:00." + replace(substring(l, 1, 30000), "a", "1"), r: every i in 1..100000 satisfies time(s) != null}.r`,
	"texts of ranges":    `{l: LONG, r: every i in 1..100000 satisfies range("[" + l + "..2]") = null}.r`,
	"Java formats":       `{l: LONG, f: function(a, b, c, d) external {java: {class: "java.lang.String", method signature: "format(String,[Ljava.lang.Object;)"}}, r: every i in 1..100000 satisfies f("%s%s%s", l, l, l) != ""}.r`,
	"Java functions":     `{f: function(a) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}, r: every i in 1..800000 satisfies f(i) <= 1}.r`,
	"messages":           `{l: LONG, r: every i in 1..100000 satisfies get value({}, l) = null}.r`,
	"unions":             `{l: for i in 1..1000 return i, r: for i in 1..1000 return union(l, l, [i])}.r`,
}

// LONG is a text of 200,000 characters, SHORT one of 80.
func init() {
	text := `string join(for i in 1..20000 return "aaaaaaaaaa")`
	for name, src := range hostile {
		hostile[name] = strings.NewReplacer("LONG", text, "SHORT", `"`+strings.Repeat("x", 80)+`"`).Replace(src)
	}
}

// TestHostileMemory: what a hostile expression allocates until it is stopped, counted together, is below 64 MB.
// It does not run beside others, whose memory would count too.
func TestHostileMemory(t *testing.T) {
	const most = 64 << 20
	for name, src := range hostile {
		p, err := Compile(src, Options{Open: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = p.Eval(Env{})
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > most || !errors.Is(err, ErrLimit) {
			t.Errorf("%s: %d MB, %v", name, used>>20, err)
		}
	}
}

// TestLimits runs the hostile expressions; each ends with ErrLimit.
func TestLimits(t *testing.T) {
	t.Parallel()
	for name, src := range hostile {
		t.Run(name, func(t *testing.T) {
			p, err := Compile(src, Options{Open: true})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			r, err := p.Eval(Env{})
			if !errors.Is(err, ErrLimit) {
				t.Errorf("%.60s = %.60s, %v", src, r.Value, err)
			}
			took := time.Since(start)
			t.Logf("%s", took)
			// Generous, for machines that are busy or look for races; a quiet one takes a tenth of a second.
			if took > 10*time.Second {
				t.Errorf("%.60s took %s", src, took)
			}
		})
	}
}

func TestSourceLimits(t *testing.T) {
	t.Parallel()
	for _, src := range []string{
		strings.Repeat("(", 490_000), strings.Repeat("[", 65), strings.Repeat("{a:", 65),
		strings.Repeat("1+", 4097) + "1", strings.Repeat("1+", 2500) + "1",
	} {
		var syntax *SyntaxError
		if _, err := Compile(src, Options{}); !errors.As(err, &syntax) {
			t.Errorf("%.10s…: %v", src, err)
		}
	}
	for _, src := range []string{strings.Repeat("-", 1900) + "1", strings.Repeat("if 1 then ", 10) + "1"} {
		_, err := Compile(src, Options{})
		var syntax *SyntaxError
		if err != nil && !errors.As(err, &syntax) {
			t.Errorf("%.10s…: %v", src, err)
		}
	}
}

func TestLimitsCanBeSet(t *testing.T) {
	t.Parallel()
	cases := map[string]Limits{
		`for i in 1..100 return i`: {Steps: 50},
		`[1, 2, 3]`:                {ListLength: 2},
		`a + "cdef"`:               {StringBytes: 5},
		`{f: function(n) if n = 0 then 0 else f(n - 1), r: f(3)}.r`: {Recursion: 2},
		`[a, a, a]`: {ResultBytes: 10},
	}
	for src, limits := range cases {
		p, err := Compile(src, Options{Open: true})
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(src, "[1") {
			p, _ = Compile("append(b, 3)", Options{Open: true})
		}
		lookup := func(name string) (Value, bool) {
			if name == "b" {
				return ListOf(Int(1), Int(2)), true
			}
			return Text("ab"), true
		}
		if r, err := p.Eval(Env{Limits: limits, Lookup: lookup}); !errors.Is(err, ErrLimit) {
			t.Errorf("%s = %s, %v", src, r.Value, err)
		}
		if _, err := p.Eval(Env{Lookup: lookup}); err != nil {
			t.Errorf("%s without limits: %v", src, err)
		}
	}
}

// TestHostFunctions: nested evaluations share steps, depth and diagnostics with the one around.
func TestHostFunctions(t *testing.T) {
	t.Parallel()
	inner, err := Compile("f(x + 1)", Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	var self Value
	self = FunctionOf([]Parameter{{Name: "x", Type: KindType(KindNumber)}}, nil, func(env Env, args []Value) (Value, error) {
		env.Lookup = func(name string) (Value, bool) {
			if name == "f" {
				return self, true
			}
			return args[0], name == "x"
		}
		r, err := inner.Eval(env)
		return r.Value, err
	})
	lookup := func(name string) (Value, bool) { return self, name == "f" }
	p, _ := Compile("f(1)", Options{Open: true})
	if _, err := p.Eval(Env{Lookup: lookup}); !errors.Is(err, ErrLimit) {
		t.Errorf("endless recursion through the host: %v", err)
	}
	p, _ = Compile(`f("a")`, Options{Open: true})
	r, err := p.Eval(Env{Lookup: lookup})
	if err != nil || !r.Value.IsNull() || len(r.Diagnostics) != 1 {
		t.Errorf("a wrong argument: %+v %v", r, err)
	}
	warned, _ := Compile("1 / 0", Options{})
	failing := FunctionOf(nil, nil, func(env Env, _ []Value) (Value, error) {
		r, err := warned.Eval(env)
		return r.Value, err
	})
	p, _ = Compile("f()", Options{Open: true})
	r, err = p.Eval(Env{Lookup: func(string) (Value, bool) { return failing, true }})
	if err != nil || len(r.Diagnostics) != 1 {
		t.Errorf("diagnostics of a nested evaluation: %+v %v", r, err)
	}
}

// TestFunctionsTakeTheirVariablesAlong: a function that leaves its evaluation still sees the
// variables of the place where it was written.
func TestFunctionsTakeTheirVariablesAlong(t *testing.T) {
	t.Parallel()
	made, _ := Compile("function(x) x + k", Options{Names: []string{"k"}})
	r, err := made.Eval(Env{Lookup: func(string) (Value, bool) { return Int(10), true }})
	if err != nil {
		t.Fatal(err)
	}
	used, _ := Compile("f(k)", Options{Names: []string{"f", "k"}})
	got, err := used.Eval(Env{Lookup: func(name string) (Value, bool) {
		if name == "f" {
			return r.Value, true
		}
		return Int(1), true
	}})
	if err != nil || got.Value.String() != "11" {
		t.Errorf("%s %v", got.Value, err)
	}
}

// TestEvaluator: what one evaluation leaves behind does not reach the next, and a function that got
// out keeps its variables.
func TestEvaluator(t *testing.T) {
	t.Parallel()
	var e Evaluator
	run := func(src string, x int64) Value {
		t.Helper()
		p, err := Compile(src, Options{Open: true})
		if err != nil {
			t.Fatal(err)
		}
		e.Env().Lookup = func(string) (Value, bool) { return Int(x), true }
		v, err := e.Eval(p)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if got := run("for i in 1..3 return i + x", 1).String(); got != "[2, 3, 4]" {
		t.Errorf("first: %s", got)
	}
	f := run("function(n) n + x", 10)
	if got := run("x / 0", 5); !got.IsNull() {
		t.Errorf("second: %s", got)
	}
	p, _ := Compile("f(1) + y", Options{Open: true})
	e.Env().Lookup = func(name string) (Value, bool) {
		if name == "f" {
			return f, true
		}
		return Int(100), true
	}
	v, err := e.Eval(p)
	if err != nil || v.String() != "111" || len(e.Diagnostics()) != 0 {
		t.Errorf("third: %s %v %v", v, e.Diagnostics(), err)
	}
}

// TestJSONVariables: they stand in for those that Lookup does not know; what is no JSON ends the evaluation, and
// only that one.
func TestJSONVariables(t *testing.T) {
	t.Parallel()
	p, err := Compile("if a > 1 then b else c", Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"b": `"bé\n"`, "c": `{"x":`}
	var e Evaluator
	for _, test := range []struct {
		a    int64
		want string
		err  error
	}{{2, `"bé\n"`, nil}, {1, "null", ErrJSON}, {3, `"bé\n"`, nil}} {
		*e.Env() = Env{
			Lookup: func(name string) (Value, bool) { return Int(test.a), name == "a" },
			JSON:   func(name string) (string, bool) { text, ok := texts[name]; return text, ok },
		}
		v, err := e.Eval(p)
		if v.JSON() != test.want || !errors.Is(err, test.err) || len(e.Diagnostics()) != 0 {
			t.Errorf("a = %d: %s %v %v", test.a, v.JSON(), e.Diagnostics(), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"1 + 2 * -3 ** 2", `if a then "x" else null`, "for i in 1..3, j in list return i * j",
		"list[item > 1].name", "{a: 1, b c: a + 1}", "x in (1, [2..3], > 4)", "some x in list satisfies x = 1",
		`date("2020-01-01") + duration("P1D")`, "function(a: number, b) a + b", "]1..2[", "a between 1 and 2",
		`matches("a", "[a-z-[aeiou]]", "i")`, "not(1, 2)", "-", `@"PT1H" / 3`, "1 instance of list<number>",
		`range("[1..2]")`, "string([1.50, {a: \"b\"}])", `split("a b", "\s")`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, compile := range []func(string, Options) (*Program, error){Compile, CompileTests} {
			p, err := compile(src, Options{Names: []string{"a", "x y", "list"}, Open: true})
			if err != nil {
				continue
			}
			env := environment(t)
			env.Input = Int(5)
			env.Limits.Steps = 20_000
			r, err := p.Eval(env)
			if err != nil {
				continue
			}
			text := r.Value.JSON()
			back, err := DecodeJSON(text)
			if !json.Valid([]byte(text)) || err != nil {
				t.Fatalf("%q gives %q: %v", src, text, err)
			}
			if again := back.JSON(); again != text {
				t.Fatalf("%q gives %q and then %q", src, text, again)
			}
		}
	})
}

func BenchmarkCondition(b *testing.B) {
	p, err := Compile(`amount > 1000 and country in ("US","DE")`, Options{Open: true})
	if err != nil {
		b.Fatal(err)
	}
	amount, country := Int(1500), Text("DE")
	env := Env{Lookup: func(name string) (Value, bool) {
		if name == "amount" {
			return amount, true
		}
		return country, true
	}}
	b.ReportAllocs()
	for b.Loop() {
		if r, err := p.Eval(env); err != nil || !r.Value.isTrue() {
			b.Fatal(r, err)
		}
	}
}

func BenchmarkEvaluator(b *testing.B) {
	p, err := Compile(`amount > 1000 and country in ("US","DE")`, Options{Open: true})
	if err != nil {
		b.Fatal(err)
	}
	amount, country := Int(1500), Text("DE")
	env := Env{Lookup: func(name string) (Value, bool) {
		if name == "amount" {
			return amount, true
		}
		return country, true
	}}
	var e Evaluator
	*e.Env() = env
	b.ReportAllocs()
	for b.Loop() {
		if v, err := e.Eval(p); err != nil || !v.isTrue() {
			b.Fatal(v, err)
		}
	}
}

// BenchmarkHostile tells how long the slowest hostile expression takes until it is stopped.
func BenchmarkHostile(b *testing.B) {
	programs := map[string]*Program{}
	for name, src := range hostile {
		p, err := Compile(src, Options{Open: true})
		if err != nil {
			b.Fatalf("%s: %v", name, err)
		}
		programs[name] = p
	}
	slowest, worst := "", time.Duration(0)
	for b.Loop() {
		for name, p := range programs {
			start := time.Now()
			if _, err := p.Eval(Env{}); !errors.Is(err, ErrLimit) {
				b.Fatalf("%s: %v", name, err)
			}
			if took := time.Since(start); took > worst {
				slowest, worst = name, took
			}
		}
	}
	b.ReportMetric(float64(worst.Milliseconds()), "ms-slowest")
	b.Logf("slowest: %s, %s", slowest, worst)
}

func BenchmarkCompileCell(b *testing.B) {
	for b.Loop() {
		if _, err := CompileTests(`"US","DE",[1..3),> 7`, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if _, err := Compile(`amount > 1000 and country in ("US","DE")`, Options{Open: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestLongestNumber: canonical JSON allows 41 characters for a number.
func TestLongestNumber(t *testing.T) {
	t.Parallel()
	v, ok := parseNumber("-1.234567890123456789012345678901234e-6143")
	if got := v.JSON(); !ok || got != "-1234567890123456789012345678901234e-6176" || len(got) != 41 {
		t.Errorf("%s has %d characters", got, len(got))
	}
	back, err := DecodeJSON(v.JSON())
	if err != nil || !back.Equal(v) {
		t.Errorf("%s %v", back, err)
	}
}
