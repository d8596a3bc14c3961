package lang

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/internal/canon"
)

var variables = map[string]canon.JSON{
	"amount": "1500", "price": "0.1", "country": `"DE"`, "name": `"Ada"`, "flag": "true",
	"none": "null", "list": "[3,1,2]", "words": `["b","a"]`, "blank": `""`,
	"order": `{"id":7,"items":[{"price":2,"n":3},{"price":5,"n":1}],"customer":{"name":"Bob"}}`,
	"big":   "9223372036854775807", "huge": canon.List(repeated("1", 1000)),
	"long": canon.String(strings.Repeat("x", 1000)),
}

func repeated(item canon.JSON, n int) []canon.JSON {
	items := make([]canon.JSON, n)
	for i := range items {
		items[i] = item
	}
	return items
}

var now = time.Date(2026, 11, 22, 10, 30, 0, 0, time.UTC)

func environment() Env {
	return Env{Now: now, Lookup: func(name string) (canon.JSON, bool) { v, ok := variables[name]; return v, ok }}
}

func evalText(t *testing.T, text string) (Result, error) {
	t.Helper()
	p, err := CompileText(text)
	if err != nil {
		return Result{}, err
	}
	return p.Eval(environment())
}

func TestSplit(t *testing.T) {
	t.Parallel()
	type want struct {
		Source  string
		L       Language
		Literal bool
	}
	cases := map[string]want{
		"plain text":         {"plain text", "", true},
		"":                   {"", "", true},
		"= a + 1":            {"a + 1", FEEL, false},
		" =a":                {"a", FEEL, false},
		"${amount > 10}":     {"amount > 10", Expr, false},
		"#{ amount }":        {"amount", Expr, false},
		"${{'a': 1}}":        {"{'a': 1}", Expr, false},
		"${'}'}":             {"'}'", Expr, false},
		"a ${b} c":           {`template("a ", (b), " c")`, Expr, false},
		"${a}${b}":           {`template((a), (b))`, Expr, false},
		`it's "${a}"`:        {`template("it's \"", (a), "\"")`, Expr, false},
		"costs 5 $ {really}": {"costs 5 $ {really}", "", true},
		"unfinished ${a":     {"unfinished ${a", Expr, false},
	}
	for text, w := range cases {
		source, l, literal := Split(text)
		if diff := cmp.Diff(w, want{source, l, literal}); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// results are texts of both languages and what they give.
var results = map[string]canon.JSON{
	"literal":      `"literal"`,
	"= amount + 1": "1501",
	`= amount > 1000 and country in ("US","DE")`: "true",
	"= order.customer.name":                      `"Bob"`,
	"= order.items[price > 2].n":                 "[1]",
	"= now()":                                    `"2026-11-22T10:30:00Z"`,
	"= duration(\"P1D\")":                        `"P1D"`,
	"= {b: 1, a: [1.50, null]}":                  `{"a":[1.5,null],"b":1}`,
	"${amount > 1000 && country == 'DE'}":        "true",
	"${amount gt 1000 and country eq 'DE'}":      "true",
	"${amount ge 1500 and amount le 1500}":       "true",
	"${amount lt 1 or amount ne 1500}":           "false",
	"${amount div 1000}":                         "1.5",
	"${amount mod 7}":                            "2",
	"${not flag}":                                "false",
	"${!flag}":                                   "false",
	"${empty none}":                              "true",
	"${empty blank and not empty list}":          "true",
	"${not empty order.customer.name}":           "true",
	"${empty(list)}":                             "false",
	"${none == null}":                            "true",
	"${flag ? 'yes' : 'no'}":                     `"yes"`,
	"${country in ['US','DE']}":                  "true",
	"${'US' in words}":                           "false",
	"${1 in list}":                               "true",
	"${order.items[1].price}":                    "5",
	"${order.missing}":                           "null",
	"Dear ${name}, ${amount} EUR":                `"Dear Ada, 1500 EUR"`,
	"${none}|${list}|${price}":                   `"|[3,1,2]|0.1"`,
	"${amount + 0.5}":                            "1500.5",
	"${-amount}":                                 "-1500",
	"${2 ** 10}":                                 "1024",
	"${filter(list, # > 1)}":                     "[3,2]",
	"${map(order.items, .price * .n)}":           "[6,5]",
	"${sum(map(order.items, .price * .n))}":      "11",
	"${reduce(list, #acc + #, 0)}":               "6",
	"${sort(list)}":                              "[1,2,3]",
	"${keys(order)}":                             `["customer","id","items"]`,
	"${values({'b': 2, 'a': 1})}":                "[1,2]",
	"${toPairs({'b': 2, 'a': 1})}":               `[["a",1],["b",2]]`,
	"${len(name)}":                               "3",
	"${name + '!'}":                              `"Ada!"`,
	"${upper(name) contains 'D'}":                "true",
	"${name matches '^A'}":                       "true",
	"${now() < date('2027-01-01')}":              "true",
	"${date('2027-01-01') - duration('P1D')}":    `"2026-12-31T00:00:00Z"`,
	"${now()}":                                   `"2026-11-22T10:30:00Z"`,
	"${let x = amount; x + 1}":                   "1501",
	"${list.size() == 3}":                        "true",
	"${name.equals('Ada')}":                      "true",
	"${name.toLowerCase().startsWith('a')}":      "true",
	"${words.contains('a')}":                     "true",
	"${blank.isEmpty()}":                         "true",
	"${execution.getVariable('amount')}":         "1500",
	"${1..4}":                                    "[1,2,3,4]",
	"${join(words, '-')}":                        `"b-a"`,
	"${split('a,b', ',')}":                       `["a","b"]`,
	"${replace(name, 'a', 'e')}":                 `"Ade"`,
	"${repeat('ab', 2)}":                         `"abab"`,
	"${uniq([1,1,2])}":                           "[1,2]",
	"${flatten([1,[2,[3]]])}":                    "[1,2,3]",
	"${concat(list, [4])}":                       "[3,1,2,4]",
	"${int('42') + int(2.9)}":                    "44",
	"${float('1.5')}":                            "1.5",
	"${string(amount)}":                          `"1500"`,
	"${groupBy(list, # > 1)}":                    `{"false":[1],"true":[3,2]}`,
	"${order == order}":                          "true",
	"${list[0] > list[1]}":                       "true",
	"${big}":                                     "9223372036854775807",
	"${{'eq': 1}.eq}":                            "1",
	"${[1, 2, 3][1:]}":                           "[2,3]",
	"${none ?? 'x'}":                             `"x"`,
	"${amount == 1500 ? name : missing}":         `"Ada"`,
}

func TestEval(t *testing.T) {
	t.Parallel()
	for text, want := range results {
		got, err := evalText(t, text)
		if err != nil || got.Value != want {
			t.Errorf("%s = %s, %v; want %s", text, got.Value, err, want)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"= 1 +":                            "1:4",
		"= nosuch(1)":                      `no function "nosuch"`,
		"${amount >}":                      "1:",
		"${$env}":                          "$env",
		"${$env['amount']}":                "$env",
		"${toJSON(order)}":                 `no function "toJSON"`,
		"${fromJSON(name)}":                `no function "fromJSON"`,
		"${timezone('UTC')}":               `no function "timezone"`,
		"${bean.run(1)}":                   "method bean.run() is not available; a job worker can do it",
		"${execution.setVariable('a', 1)}": "method execution.setVariable()",
		"${list[0]()}":                     "unexpected token",
		"${b'x'}":                          "byte strings",
		"${name matches '('}":              "missing closing",
		"${now(1)}":                        "can not take 1",
		"${amount":                         "",
		"${'a}":                            "",
		"${" + strings.Repeat("(", 65) + "1" + strings.Repeat(")", 65) + "}": "nested deeper",
		"=" + strings.Repeat("(", 65) + "1" + strings.Repeat(")", 65):        "nested deeper",
		"${" + strings.Repeat("1+", 4100) + "1}":                             "bytes",
		"=" + strings.Repeat("1+", 4100) + "1":                               "bytes",
		"${" + strings.Repeat("1+", 1500) + "1}":                             "nodes",
		"=" + strings.Repeat("1+", 2500) + "1":                               "parts",
	}
	for text, want := range cases {
		_, err := CompileText(text)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want expression.invalid with %q", text, err, want)
		}
	}
	if _, err := Compile("1", "groovy"); !errors.Is(err, ErrInvalid) {
		t.Errorf("an unknown language: %v", err)
	}
}

func TestEvalFails(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"${missing > 1}":             `no variable "missing"`,
		"${missing == null}":         `no variable "missing"`,
		"${amount / 0}":              "division by zero",
		"${amount % 0}":              "division by zero",
		"${big + 1}":                 "64 bits",
		"${big * 2}":                 "64 bits",
		"${-big - 2}":                "64 bits",
		"${10.0 ** 400}":             "not finite",
		"${int(10.0 ** 300)}":        "whole number",
		"${float('Inf')}":            "not finite",
		"${float('NaN')}":            "not finite",
		"${none.x}":                  "",
		"${name > 1}":                "",
		"${name + 1}":                "no result",
		"${amount && flag}":          "",
		"${name matches name + '('}": "missing closing",
		"${date('yesterday')}":       "no date",
		"${amount.size()}":           "expected a list",
		"${now}":                     `no variable "now"`,
	}
	for text, want := range cases {
		got, err := evalText(t, text)
		if !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s = %s, %v, want expression.failed with %q", text, got.Value, err, want)
		}
	}
}

// A result has at most as many levels as a document from outside, in both languages.
func TestEvalDepth(t *testing.T) {
	t.Parallel()
	nested := func(levels int) canon.JSON {
		return canon.JSON(strings.Repeat("[", levels) + strings.Repeat("]", levels))
	}
	for _, text := range []string{"=[v]", "${[v]}", "${{'a': v}}", "={a: v}"} {
		p, err := CompileText(text)
		if err != nil {
			t.Fatal(err)
		}
		for levels, want := range map[int]error{canon.MaxDepth - 1: nil, canon.MaxDepth: ErrLimit} {
			_, err := p.Eval(Env{Lookup: func(string) (canon.JSON, bool) { return nested(levels), true }})
			if !errors.Is(err, want) {
				t.Errorf("%s around %d levels: %v, want %v", text, levels, err, want)
			}
		}
	}
}

// TestHostile runs the inputs that break the bare library; each must end at a limit, and soon.
func TestHostile(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"string doubling":        `${len(reduce(1..40, #acc + #acc, "a"))}`,
		"doubling with a seed":   `${reduce(1..25, #acc + #acc, "xxxxxxxx")}`,
		"nested predicates":      `${all(huge, all(huge, all(huge, # == 1)))}`,
		"nested sorting":         `${all(huge, len(sort(huge)) > 0)}`,
		"replace in replace":     `${replace(replace(long, "x", long), "x", long)}`,
		"repeat":                 `${repeat("x", 5000000)}`,
		"repeat in map":          `${map(1..100000, repeat("x", 1000))}`,
		"long range":             `${len(1..2000000)}`,
		"range of all numbers":   `${len(0..9223372036854775807)}`,
		"join":                   `${join(map(1..2000, long), long)}`,
		"split":                  `${all(huge, len(split(join(map(huge, long)), "")) > 0)}`,
		"growing lists":          `${reduce(1..40, concat(#acc, #acc), [1])}`,
		"shared structure":       `${reduce(1..40, [#acc, #acc], 1)}`,
		"uniq":                   `${uniq(1..100000)}`,
		"template":               `${reduce(1..40, template(#acc, #acc), "a")}`,
		"equality of big values": `${all(huge, all(huge, huge == huge))}`,
		"membership":             `${all(huge, all(huge, not (2 in huge)))}`,
		"search in text":         `${all(huge, all(huge, not (join(map(huge, long)) contains "y")))}`,
		"pattern on a long text": `${repeat("a", 100000) matches "(a+)+$"}`,
		"large pattern":          `${repeat("a", 60000) matches "(?:a?){1000}b"}`,
		"large patterns":         `${all(1..1000, not (repeat("a", 1000) matches "(?:a?){900}b"))}`,
		"patterns made":          `${all(1..100000, not ("a" matches ("(?:" + string(#) + "?){500}b")))}`,
		"too large a pattern":    `${"a" matches ("(?:[a-z][a-z][a-z][a-z][a-z][a-z][a-z][a-z][a-z][a-z][a-z]){1000}" + name)}`,
		"dynamic patterns":       `${all(huge, not ("a" matches ("a{1,32}" + name)))}`,
		"feel lists":             `= for i in 1..100000, j in 1..100000 return i`,
		"feel strings":           `= {f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("aaaaaaaa", 40)}.r`,
		"feel recursion":         `= {f: function(n) f(n + 1), r: f(1)}.r`,
		"feel sharing":           `= {a: [1,1], b: [a,a], c: [b,b], d: [c,c], e: [d,d], f: [e,e], g: [f,f], h: [g,g], i: [h,h], j: [i,i], k: [j,j], l: [k,k], m: [l,l], n: [m,m], o: [n,n], p: [o,o], q: [p,p], r: [q,q], s: [r,r], t: [s,s], u: [t,t]}`,
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			got, err := evalText(t, text)
			if !errors.Is(err, ErrLimit) {
				t.Errorf("%.80s = %.80s, %v; want expression.limit", text, got.Value, err)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%.80s took %s", text, took)
			}
		})
	}
}

func TestStackOverflowSource(t *testing.T) {
	t.Parallel()
	source := strings.Repeat("(", 490_000) + "1" + strings.Repeat(")", 490_000)
	for _, l := range []Language{FEEL, Expr} {
		if _, err := Compile(source, l); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", l, err)
		}
	}
	// Signs and words nest without brackets; the size of the source alone bounds them.
	for _, source := range []string{strings.Repeat("-", 8000) + "1", strings.Repeat("not ", 2000) + "flag"} {
		if _, err := Compile(source, Expr); err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("%.10s: %v", source, err)
		}
	}
}

func TestWarningsOfFEEL(t *testing.T) {
	t.Parallel()
	got, err := evalText(t, "= missing + 1")
	if err != nil || got.Value != canon.Null || len(got.Warnings) == 0 || !strings.Contains(got.Warnings[0], "missing") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	cases := map[string][]string{
		"= b + a.c + (for i in list return i * b)": {"a", "b", "list"},
		"${b + a.c + execution.getVariable('z')}":  {"a", "b", "z"},
		"${filter(list, # > limit)}":               {"limit", "list"},
		"plain":                                    nil,
	}
	for text, want := range cases {
		p, err := CompileText(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, p.Names()); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestProgramTellsItsText(t *testing.T) {
	t.Parallel()
	p, err := CompileText("= a")
	if err != nil || p.Source() != "a" || p.Language() != FEEL {
		t.Errorf("%+v %v", p, err)
	}
	if p, err = CompileText("a"); err != nil || p.Source() != "a" || p.Language() != "" {
		t.Errorf("%+v %v", p, err)
	}
}

// TestVariablesAreReadOnce: short circuits leave variables alone, and none is decoded twice.
func TestVariablesAreReadOnce(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"= a > 0 and a > 1 or b", "${a > 0 and a > 1 or b}"} {
		p, err := CompileText(text)
		if err != nil {
			t.Fatal(err)
		}
		asked := map[string]int{}
		got, err := p.Eval(Env{Lookup: func(name string) (canon.JSON, bool) { asked[name]++; return "5", true }})
		if err != nil || got.Value != "true" {
			t.Errorf("%s = %s, %v", text, got.Value, err)
		}
		if diff := cmp.Diff(map[string]int{"a": 1}, asked); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// TestProgramIsShared: callers that meet do not see each other's variables.
func TestProgramIsShared(t *testing.T) {
	t.Parallel()
	p, err := CompileText(`= [n, text, for i in 1..n return text]`)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			want := canon.JSON(fmt.Sprintf(`[%d,"t%d",[%s]]`, n+1, n, strings.TrimSuffix(strings.Repeat(fmt.Sprintf(`"t%d",`, n), n+1), ",")))
			env := Env{Lookup: func(name string) (canon.JSON, bool) {
				if name == "n" {
					return canon.Int(int64(n + 1)), true
				}
				return canon.String(fmt.Sprintf("t%d", n)), true
			}}
			for range 200 {
				if r, err := p.Eval(env); err != nil || r.Value != want {
					t.Errorf("got %s %v, want %s", r.Value, err, want)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestBadVariable(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"= a", "${a}"} {
		p, _ := CompileText(text)
		_, err := p.Eval(Env{Lookup: func(string) (canon.JSON, bool) { return "1e9999", true }})
		if !errors.Is(err, ErrFailed) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"= a + 1", "${a gt 1 and not empty b}", "a ${b} c", "=if a then b else c", "${map(list, # + 1)}",
		"= list[item > 1]", "${name matches '^a'}", "= @\"2020-01-01\" + duration(\"P1D\")", "${let x = 1; x}",
	} {
		f.Add(seed)
	}
	env := environment()
	f.Fuzz(func(t *testing.T, text string) {
		p, err := CompileText(text)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		got, err := p.Eval(env)
		if err != nil {
			if !errors.Is(err, ErrFailed) && !errors.Is(err, ErrLimit) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if again, err := canon.Parse([]byte(got.Value)); err != nil || again != got.Value {
			t.Fatalf("%q gives %q, which is not canonical: %v", text, got.Value, err)
		}
	})
}

func BenchmarkCondition(b *testing.B) {
	for name, text := range map[string]string{
		"feel": `= amount > 1000 and country in ("US","DE","FR")`,
		"expr": `${amount > 1000 and country in ["US","DE","FR"]}`,
	} {
		b.Run(name, func(b *testing.B) {
			p, err := CompileText(text)
			if err != nil {
				b.Fatal(err)
			}
			env := environment()
			b.ReportAllocs()
			for b.Loop() {
				if r, err := p.Eval(env); err != nil || r.Value != "true" {
					b.Fatal(r, err)
				}
			}
		})
	}
}
