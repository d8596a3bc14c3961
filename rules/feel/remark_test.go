package feel

import (
	"strings"
	"testing"
)

// TestRemarks: what is null whatever the variables are is said when the expression is compiled.
func TestRemarks(t *testing.T) {
	t.Parallel()
	person := ContextType([]Field{{Name: "age", Type: KindType(KindNumber)}, {Name: "name", Type: KindType(KindString)}})
	types := map[string]*Type{
		"amount": KindType(KindNumber), "country": KindType(KindString), "born": KindType(KindDate), "person": person,
		"ok": KindType(KindBoolean), "anything": AnyType(),
	}
	tests := map[string]string{ // "" for none
		`amount > 1000 and country in ("US", "DE")`: "",
		`amount > "1000"`:            "number > string is always null",
		`country = 5`:                "string = number is always null",
		`country + amount`:           "string + number is always null",
		`born + duration("P1D")`:     "",
		`born - country`:             "date - string is always null",
		`born + born`:                "date + date is always null",
		`(amount + 1) * 2 = country`: "number = string is always null",
		`ok < ok`:                    "boolean < boolean is always null",
		`person.age > "5"`:           "number > string is always null",
		`person.agee > 5`:            `the type has no entry "agee"`,
		`anything > "5" and person.name = country`: "",
		`1 + "a"`:                             "number + string has no result",
		`amount = null`:                       "",
		`substring("abc")`:                    "substring does not take 1 arguments; it is substring(string, start position, [length])",
		`substring(string: country, from: 2)`: `substring has no parameter "from"`,
		`date("2021-02-30")`:                  "date",
		`unknown + 1`:                         "",
		`amount in (< "a")`:                   "number < string is always null",
		`for i in [1] return i + country`:     "",
	}
	for source, want := range tests {
		p, err := Compile(source, Options{Open: true, Variables: func(name string) *Type { return types[name] }})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if remarks := p.Remarks(); len(remarks) > 0 {
			got = remarks[0].Message
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
	p, err := CompileTests(`> "a"`, Options{Input: KindType(KindNumber)})
	if err != nil || len(p.Remarks()) != 1 {
		t.Errorf("a test of the wrong type: %v %v", p.Remarks(), err)
	}
}
