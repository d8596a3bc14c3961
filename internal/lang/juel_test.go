package lang

import (
	"errors"
	"strings"
	"testing"

	"tallystick/internal/canon"
)

// juelResults are expressions as models of other engines have them: the kinds of the corpus in the
// order of their frequency, then the coercions (Jakarta Expression Language, 1.23).
var juelResults = map[string]canon.JSON{
	"${name}":            `"Ada"`,
	"#{name}":            `"Ada"`,
	"${list.size() > 2}": "true",
	"${amount >= 1000}":  "true",
	"${execution.getVariable('name') == 'Ada'}":     "true",
	"${execution.getVariable(\"missing\") == null}": "true",
	"${task.getVariable('amount') - 1}":             "1499",
	"${execution.hasVariable('missing')}":           "false",
	"${execution.hasVariable('none') && flag}":      "true",
	"${true}":                              "true",
	"${order.customer.name}":               `"Bob"`,
	"${amount gt 1 and not empty name}":    "true",
	"${flag ? 'yes' : 'no'}":               `"yes"`,
	"${flag ? name : upper('x')}":          `"Ada"`,
	"Order ${order.id} of #{name}":         `"Order 7 of Ada"`,
	"${list[0:len(list)]}":                 "[3,1,2]",
	"${map(list, {flag ? # : len(name)})}": "[3,1,2]",

	"${'5' == 5}":           "true",
	"${5 eq '5.0'}":         "true",
	"${'x' == 5}":           "false",
	"${'x' != 5}":           "true",
	"${'10' > 9}":           "true",
	"${9 lt '10'}":          "true",
	"${'10' < '9'}":         "true",
	"${'true' == true}":     "true",
	"${flag == 'TRUE'}":     "true",
	"${flag == 'perhaps'}":  "false",
	"${none == null}":       "true",
	"${none == 0}":          "false",
	"${none == ''}":         "false",
	"${none > 1}":           "false",
	"${none <= 1}":          "false",
	"${none <= null}":       "true",
	"${1 >= none}":          "false",
	"${none + 1}":           "1",
	"${none + none}":        "0",
	"${-none}":              "0",
	"${'5' + 1}":            "6",
	"${1.5 * '2'}":          "3",
	"${'7' div '2'}":        "3.5",
	"${'7' mod 4}":          "3",
	"${'5' + '1'}":          `"51"`,
	"${none and flag}":      "false",
	"${none or flag}":       "true",
	"${not none}":           "true",
	"${!'false'}":           "true",
	"${'' ? 1 : 2}":         "2",
	"${none ? 1 : 2}":       "2",
	"${'true' and flag}":    "true",
	"${empty none or none}": "true",
}

func TestJUEL(t *testing.T) {
	t.Parallel()
	for text, want := range juelResults {
		got, err := evalText(t, text)
		if err != nil || got.Value != want {
			t.Errorf("%s = %s, %v; want %s", text, got.Value, err, want)
		}
	}
}

// TestJUELRefuses: what is left over is refused by its name when the model is read.
func TestJUELRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"${payBean.pay(order)}":               "the method payBean.pay() is not available; a job worker can do it",
		"${execution.setVariable('a', 1)}":    "the method execution.setVariable() is not available",
		"${execution.getVariable(name)}":      "takes the name of a variable in quotes",
		"${execution.processBusinessKey}":     "properties of the execution are not available",
		"${task.complete()}":                  "the method task.complete() is not available",
		"${variables:get(name)}":              "the function variables:get() is not available",
		"${flag ? 1 : var:eq(name, 'x')}":     "the function var:eq() is not available",
		"${S(order).prop('x').stringValue()}": "the method stringValue() on an object is not available",
		"${a.b.c(1).d()}":                     "is not available",
		"${dateTime().plusDays(1)}":           "is not available",
	} {
		_, err := CompileText(text)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want expression.invalid with %q", text, err, want)
		}
	}
}

func TestJUELFails(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"${'x' > 1}":          "can not be compared",
		"${'x' - 1}":          "no result",
		"${none - 'x'}":       "no result",
		"${amount and 1}":     "a boolean",
		"${'maybe' or flag}":  "a boolean",
		"${list ? 1 : 2}":     "a boolean",
		"${missing and flag}": "no variable",
	} {
		got, err := evalText(t, text)
		if !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s = %s, %v, want expression.failed with %q", text, got.Value, err, want)
		}
	}
}

// FuzzJUEL wants that the rewrite and the coercions neither panic nor depend on chance.
func FuzzJUEL(f *testing.F) {
	for text := range juelResults {
		f.Add(text)
	}
	env := environment()
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Compile(text, Expr)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		first, err := p.Eval(env)
		again, errAgain := p.Eval(env)
		if first.Value != again.Value || (err == nil) != (errAgain == nil) {
			t.Fatalf("%q gives %q %v, then %q %v", text, first.Value, err, again.Value, errAgain)
		}
		if err != nil && !errors.Is(err, ErrFailed) && !errors.Is(err, ErrLimit) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
