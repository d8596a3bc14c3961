package feel

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var testNow = time.Date(2026, 11, 22, 10, 30, 15, 500_000_000, time.UTC)

// scope is what the expressions of the tests see.
var scope = map[string]string{
	"a": "1", "b": "2", "a-b": "40", "x y": "7", "profit and loss": "5", "name": `"Ada"`,
	"list": "[3,1,2]", "flag": "true", "missing value": "null",
	"loan":   `{"amount":100,"interest rate":0.05,"e-mail":"x@y"}`,
	"people": `[{"name":"A","age":30},{"name":"B","age":20,"item":9},{"age":50}]`,
	"count":  "17",
}

func options() Options {
	o := Options{Members: []string{"e-mail"}}
	for name := range scope {
		o.Names = append(o.Names, name)
	}
	return o
}

func environment(t testing.TB) Env {
	return Env{Now: testNow, Lookup: func(name string) (Value, bool) {
		text, ok := scope[name]
		if !ok {
			return Null, false
		}
		v, err := DecodeJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		return v, true
	}}
}

func eval(t testing.TB, src string) Result {
	t.Helper()
	p, err := Compile(src, options())
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	r, err := p.Eval(environment(t))
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return r
}

// check evaluates "expression → text of the value" lines. A null must come with a diagnostic,
// unless the line says "null!".
func check(t *testing.T, lines string) {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		src, want, found := strings.Cut(strings.TrimSpace(line), " → ")
		if !found {
			t.Fatalf("no arrow in %q", line)
		}
		r := eval(t, src)
		quiet := strings.TrimSuffix(want, "!")
		if got := r.Value.String(); got != quiet {
			t.Errorf("%s = %s, want %s (%v)", src, got, quiet, r.Diagnostics)
		}
		if want == "null" && len(r.Diagnostics) == 0 {
			t.Errorf("%s is null without a diagnostic", src)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	check(t, `
		0.1 + 0.2 → 0.3
		1.0 = 1 → true
		.5 + 1.2e3 + 1.2E-3 → 1200.5012
		1 / 3 → 0.3333333333333333333333333333333333
		10 / 4 → 2.5
		2 - 0 → 2
		-4 ** 2 → 16
		2 ** 3 ** 2 → 64
		2 ** -1 → 0.5
		2 ** 0.5 → 1.414213562373095048801688724209698
		0 ** -1 → null
		(-8) ** (1/3) → null
		10 ** 6145 → null
		1 / 0 → null
		9223372036854775807 + 1 → 9223372036854775808
		9223372036854775807 * 9223372036854775807 → 85070591730234615847396907784232500000
		-9223372036854775807 - 1 → -9223372036854775808
		1.10 + 2.20 → 3.3
		100 * 0.01 → 1
		1 + "a" → null
		null + 1 → null
		2 * (3 + 4) - 6 / 3 → 12
		10-5 → 5
		1e6144 * 10 → null
		1e-6000 * 1e-6000 → null
	`)
}

func TestLogic(t *testing.T) {
	t.Parallel()
	check(t, `
		true and null → null!
		false and null → false
		null and false → false
		true or null → true
		null or true → true
		false or null → null!
		1 and true → null!
		1 and false → false
		flag and not(flag) → false
		if null then 1 else 2 → 2
		if 1 > 0 then "y" else "n" → y
	`)
}

func TestComparison(t *testing.T) {
	t.Parallel()
	check(t, `
		1 = "1" → null
		1 = null → false
		null = null → true
		null != null → false
		[1, [2]] = [1, [2]] → true
		{a: 1, b: 2} = {b: 2, a: 1} → true
		[1..3] = [1..3] → true
		[1..3] = [1..3) → false
		"a" < "b" → true
		"😀" > "z" → true
		1 < "a" → null
		@"2020-01-01" < @"2020-01-02" → true
		@"PT1H" > @"PT59M" → true
		@"P1Y" = @"P12M" → true
		@"P1Y" = @"P365D" → null
		@"12:00:00Z" = @"13:00:00+01:00" → true
		@"12:00:00Z" = @"12:00:00" → false
		@"2020-06-01T12:00:00@Europe/Berlin" = @"2020-06-01T10:00:00Z" → true
		5 between 1 and 5 → true
		5 between 6 and 9 → false
		null between 1 and 2 → null
		1 < 2 = true → true
		(function(x) x) = (function(x) x) → false
		count = 17 → true
	`)
}

func TestIn(t *testing.T) {
	t.Parallel()
	check(t, `
		5 in > 4 → true
		5 in (1, [5..7], > 9, null) → true
		8 in (1, [5..7], > 9) → false
		5 in (1..5) → false
		5 in (1..5] → true
		5 in ]1..6[ → true
		5 in [1..6[ → true
		3 in list → true
		"x" in ["a", "x"] → true
		5 in != 5 → false
		5 in (? > 4 and ? < 6) → true
		null in null → true
		"a" in [1..3] → null
		5 in [null..6] → null
		5 in (not(? = 5)) → false
		5 in (function(x) x > 3) → true
		[1, 2] in [[1, 2], [3]] → true
		3 in [[1..5]] → true
	`)
}

func TestNames(t *testing.T) {
	t.Parallel()
	check(t, `
		a-b → 40
		(a)-(b) → -1
		a - b → 40
		b-a → 1
		x  y + 1 → 8
		profit and loss * 2 → 10
		loan.interest rate * 2 → 0.1
		loan.e-mail → x@y
		loan.amount → 100
		loan.missing → null
		unknown → null
		{if x: 1}.if x → 1
		{a b: 1, c: a b + 1}.c → 2
		{"k l": 3}.k l → 3
		{a: 1, b: a + 1, c: {d: b + 1}}.c.d → 3
		for what if? in [1] return what if? + 1 → [2]
		{été: 1, 名前: 2, 😀: 3}.😀 → 3
		count(list) → 3
	`)
}

func TestStringsAndComments(t *testing.T) {
	t.Parallel()
	check(t, `
		"a\"b\\c\u0041\U01F40E" → a"b\cA🐎
		"\uD83D\uDC0E" → 🐎
		1 + /* two */ 2 // end → 3
		"a" + "b" → ab
	`)
	if got := eval(t, `"\'\n\t"`).Value.String(); got != "'\n\t" {
		t.Errorf("escapes: %q", got)
	}
	if got := eval(t, "1 +\u00a0\u30002").Value.String(); got != "3" {
		t.Errorf("white space: %s", got)
	}
}

func TestIteration(t *testing.T) {
	t.Parallel()
	check(t, `
		for i in 1..3 return i * 2 → [2, 4, 6]
		for i in 3..1 return i → [3, 2, 1]
		for i in [1, 2], j in [i, 10] return j → [1, 10, 2, 10]
		for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2] → [1, 1, 2, 3, 5]
		for d in @"2020-02-28"..@"2020-03-01" return d.day → [28, 29, 1]
		for i in 5 return i → [5]
		for i in null return i → null
		for i in [] return i → []
		for i in 1.5..3 return i → null
		some i in [1, 2] satisfies i > 1 → true
		every i in [1, 2] satisfies i > 1 → false
		some i in [] satisfies i > 1 → false
		every i in [] satisfies i > 1 → true
		some i in [1, 2], j in [2, 3] satisfies i = j → true
		some i in [null, 1] satisfies i > 3 → null
		every i in [1, null] satisfies i = 1 → false
		(for i in 1..3 return function(x) x + i)[2](10) → 12
	`)
}

func TestFilterAndPath(t *testing.T) {
	t.Parallel()
	check(t, `
		list[1] → 3
		list[-1] → 2
		list[0] → null
		list[4] → null
		list[1.5] → null
		list[item > 1] → [3, 2]
		list[a + b] → 2
		people[age > 25].name → ["A", null]
		people[name = "B"].age → [20]
		people[item > 5].age → [20]
		people[item.age > 25].age → [30, 50]
		people.age → [30, 20, 50]
		people[nothing = 1] → []
		5[1] → 5
		5[item > 9] → []
		null[1] → null
		[][1] → null
		[][item > 1] → []
		[[1, 2], [3]][count(item) = 1] → [[3]]
		[1, 2, 3][item in [2..9]] → [2, 3]
		{a: [1, 2, 3]}.a[item >= b] → [2, 3]
		[{a: 1, b: [{c: 2}]}][b[c = 2][1].c = 2].a → [1]
		"abc".x → null
	`)
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	check(t, `
		(function(x) x + 1)(2) → 3
		(function(x, y) x - y)(y: 1, x: 5) → 4
		(function(x, y) y)(x: 5) → null!
		(function(x) x)(z: 5) → null
		(function(x) x)() → null
		(function(x) x)(1, 2) → null
		(function(x: number) x)("a") → null
		(function(x: number) x)([4]) → 4
		(function(x: list<number>) x)(4) → [4]
		{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(5)}.r → 120
		{k: 10, f: function(x) x + k, r: f(1)}.r → 11
		{twice: function(f, x) f(f(x)), r: twice(function(n) n * 3, 2)}.r → 18
		sort(list, function(x, y) x < y) → [1, 2, 3]
		(if true then count else sum)([1, 2]) → null
		{f: sum, r: f([1, 2])}.r → 3
		nosuch(1) → null
		a(1) → null
		substring(string: "foobar", start position: 3) → obar
		substring(start position: 3, string: "foobar", length: 2) → ob
		substring(text: "foobar", start position: 3) → null
		(function(x) external {java: {class: "java.lang.Math", method signature: "nosuch(double)"}})(1) → null
	`)
}

func TestExternalFunctions(t *testing.T) {
	t.Parallel()
	java := func(class, signature, call string) string {
		return `{f: function(a, b) external {java: {class: "java.lang.` + class + `", method signature: "` + signature + `"}}, r: f(` + call + `)}.r`
	}
	one := func(class, signature, call string) string {
		return strings.Replace(java(class, signature, call), "function(a, b)", "function(a)", 1)
	}
	cases := map[string]string{
		java("Math", "max(double, double)", "123, 456.5"):                                  "456.5",
		java("Math", "min(int,int)", "123, 456"):                                           "123",
		java("Math", "max(java.lang.String, java.lang.String)", `"1", "2"`):                "null",
		java("Math", "max(double,double)", `"1", 2`):                                       "null",
		java("String", "format(java.lang.String, [Ljava.lang.Object;)", `"foo %s%%", "x"`): "foo x%",
		java("String", "format(java.lang.String, [Ljava.lang.Object;)", `"foo %x", 1`):     "null",
		one("Math", "abs(int)", "-3"):                                                      "3",
		one("Integer", "valueOf(java.lang.String)", `"123"`):                               "123",
		one("Integer", "valueOf(java.lang.String)", `"1.5"`):                               "null",
		one("Double", "valueOf(java.lang.String)", `"1.5"`):                                "1.5",
		one("Double", "valueOf(java.lang.String)", `"x"`):                                  "null",
		one("String", "valueOf(char)", `"ab"`):                                             "null",
		one("Runtime", "exit(int)", "1"):                                                   "null",
		"decimal(" + one("Math", "cos(double)", "123") + ", 8)":                            "-0.88796891",
	}
	for src, want := range cases {
		if got := eval(t, src).Value.String(); got != want {
			t.Errorf("%s = %s, want %s", src, got, want)
		}
	}
}

func TestInstanceOf(t *testing.T) {
	t.Parallel()
	check(t, `
		1 instance of number → true
		"a" instance of number → false
		null instance of Null → true
		null instance of number → false
		1 instance of Any → true
		@"2020-01-01" instance of date → true
		@"2020-01-01T00:00:00" instance of date and time → true
		@"P1D" instance of days and time duration → true
		@"P1Y" instance of years and months duration → true
		[1, 2] instance of list<number> → true
		[1, "a"] instance of list<number> → false
		[1..2] instance of range<number> → true
		{a: 1, b: "x"} instance of context<a: number> → true
		{a: "1"} instance of context<a: number> → false
		{a: {b: 1}} instance of context<a: context<b: number>> → true
		(function(x: number) x) instance of function<number> -> Any → true
		(function(x: number) x) instance of function<number, number> -> Any → false
		[1] instance of list → null
		1 instance of Nothing → null
		not(1 instance of string) → true
	`)
}

func TestRanges(t *testing.T) {
	t.Parallel()
	check(t, `
		[1..10] → [1..10]
		(1..10] → (1..10]
		]1..10[ → (1..10)
		(< 10) → (..10)
		(>= 5) → [5..)
		(> 5).start → 5
		(> 5).end → null!
		[1..10].start included → true
		[1..10).end included → false
		[5..1] → null
		[1.."a"] → null
		[list[2]..list[1]] → [1..3]
		["a".."z"] → ["a".."z"]
		[@"2020-01-01"..@"2020-12-31"].end.month → 12
	`)
}

func TestUnaryTests(t *testing.T) {
	t.Parallel()
	cases := []struct{ tests, input, want string }{
		{"-", "5", "true"},
		{"-", "null", "true"},
		{"5", "5", "true"},
		{"5", "6", "false"},
		{"< 5", "4", "true"},
		{"< 5", "5", "false"},
		{"= 5", "5", "true"},
		{"!= 5", "5", "false"},
		{"[1..5]", "5", "true"},
		{"(1..5)", "5", "false"},
		{"]1..5]", "5", "true"},
		{"1, 2, 3", "2", "true"},
		{"1, > 5", "9", "true"},
		{"not(1, 2)", "3", "true"},
		{"not(1, 2)", "2", "false"},
		{"not([1..5))", "5", "true"},
		{"not(> 5)", "6", "false"},
		{"not(flag) or true", "1", "true"},
		{`"a","b"`, `"b"`, "true"},
		{`"a"`, `"b"`, "false"},
		{"null", "null", "true"},
		{"null", "1", "false"},
		{"? > 5 and ? < 9", "7", "true"},
		{"? > 5 and ? < 9", "9", "false"},
		{"count(?) > 2", "[1,2,3]", "true"},
		{`starts with(?, "A")`, `"Ada"`, "true"},
		{`list contains(?, "x")`, `["x"]`, "true"},
		{"a = 1", "99", "true"},
		{"true", "true", "true"},
		{"true", "false", "false"},
		{"list", "3", "true"},
		{"list", "9", "false"},
		{"[1, 2]", "[1,2]", "true"},
		{`date("2020-01-01")`, `"x"`, "null"},
		{"> 5", `"a"`, "null"},
		{"> a", "2", "true"},
		{"loan.amount", "100", "true"},
		{"? in [1..3]", "2", "true"},
		{"-5", "-5", "true"},
		{"< -1, 7", "-2", "true"},
		{"1..5", "3", "error"},
		{"", "3", "error"},
	}
	for _, c := range cases {
		p, err := CompileTests(c.tests, options())
		if err != nil {
			if c.want != "error" {
				t.Errorf("%s: %v", c.tests, err)
			}
			continue
		}
		env := environment(t)
		if env.Input, err = DecodeJSON(c.input); err != nil {
			t.Fatal(err)
		}
		r, err := p.Eval(env)
		if err != nil || r.Value.String() != c.want {
			t.Errorf("%s of %s = %s, want %s (%v, %v)", c.input, c.tests, r.Value, c.want, err, r.Diagnostics)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	cases := map[string][2]int{ // line and column
		"1 +":                   {1, 4},
		"1\n+ * 2":              {2, 3},
		"(1":                    {1, 3},
		"[1, 2":                 {1, 6},
		"{a: 1":                 {1, 6},
		`"abc`:                  {1, 1},
		"\"a\nb\"":              {1, 3},
		"a b":                   {1, 3},
		"if a then b":           {1, 12},
		"for i in list":         {1, 14},
		"/* x":                  {1, 1},
		"a $ b":                 {1, 3},
		"f(x: 1, 2)":            {1, 9},
		"":                      {1, 1},
		"@x":                    {1, 2},
		"1e9999":                {1, 1},
		"then":                  {1, 1},
		`"\uD83D"`:              {1, 8},
		strings.Repeat("(", 65): {1, 66},
	}
	for src, want := range cases {
		_, err := Compile(src, options())
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: %v", src, err)
			continue
		}
		if got := [2]int{syntax.Line, syntax.Column}; got != want {
			t.Errorf("%q fails at %v, want %v: %s", src, got, want, syntax.Message)
		}
	}
	_, err := Compile("1 + é *", Options{Open: true})
	if err == nil || !strings.HasSuffix(err.Error(), "\n1 + é *\n       ^") {
		t.Errorf("the caret: %v", err)
	}
}

func TestProgram(t *testing.T) {
	t.Parallel()
	p, err := Compile("b + a + unknown(c) + count + sum([d])", Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "count", "d", "unknown"}, p.Names()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"unknown"}, p.Unknown()); diff != "" {
		t.Error(diff)
	}
	p, err = Compile("a + z + nosuch(1)", Options{Names: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a"}, p.Names()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"nosuch"}, p.Unknown()); diff != "" {
		t.Error(diff)
	}
}

func TestDiagnosticsHavePositions(t *testing.T) {
	t.Parallel()
	r := eval(t, `[1, 2 + "x", 3 / 0]`)
	want := []Diagnostic{{6, "number + string has no result"}, {15, "number / number has no result"}}
	if diff := cmp.Diff(want, r.Diagnostics); diff != "" {
		t.Error(diff)
	}
}
