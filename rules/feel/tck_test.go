package feel

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The DMN technology compatibility kit is not part of this repository. The test runs those of its
// decisions that are literal expressions over inputs and other literal expressions.

type tckModel struct {
	Namespace string        `xml:"namespace,attr"`
	Items     []tckItem     `xml:"itemDefinition"`
	Inputs    []tckInput    `xml:"inputData"`
	Decisions []tckDecision `xml:"decision"`
	Knowledge []struct{}    `xml:"businessKnowledgeModel"`
}

type tckItem struct {
	Name       string    `xml:"name,attr"`
	Collection bool      `xml:"isCollection,attr"`
	TypeRef    string    `xml:"typeRef"`
	Components []tckItem `xml:"itemComponent"`
	Allowed    *struct{} `xml:"allowedValues"`
	Constraint *struct{} `xml:"typeConstraint"`
	Function   *struct{} `xml:"functionItem"`
}

type tckInput struct {
	ID       string      `xml:"id,attr"`
	Name     string      `xml:"name,attr"`
	Variable tckVariable `xml:"variable"`
}

type tckVariable struct {
	TypeRef string `xml:"typeRef,attr"`
}

type tckDecision struct {
	ID       string      `xml:"id,attr"`
	Name     string      `xml:"name,attr"`
	Variable tckVariable `xml:"variable"`
	Needs    []struct {
		Decision *tckRef `xml:"requiredDecision"`
		Input    *tckRef `xml:"requiredInput"`
	} `xml:"informationRequirement"`
	Knows   []struct{} `xml:"knowledgeRequirement"`
	Literal *struct {
		Text    string `xml:"text"`
		TypeRef string `xml:"typeRef,attr"`
	} `xml:"literalExpression"`
}

type tckRef struct {
	Href string `xml:"href,attr"`
}

type tckSuite struct {
	Model string    `xml:"modelName"`
	Cases []tckCase `xml:"testCase"`
}

type tckCase struct {
	ID     string     `xml:"id,attr"`
	Type   string     `xml:"type,attr"`
	Inputs []tckValue `xml:"inputNode"`
	Result []struct {
		Name     string   `xml:"name,attr"`
		Error    bool     `xml:"errorResult,attr"`
		Expected tckValue `xml:"expected"`
	} `xml:"resultNode"`
}

type tckValue struct {
	Name       string     `xml:"name,attr"`
	Nil        bool       `xml:"nil,attr"`
	Value      *tckScalar `xml:"value"`
	List       *tckList   `xml:"list"`
	Components []tckValue `xml:"component"`
}

type tckScalar struct {
	Type string `xml:"type,attr"`
	Nil  bool   `xml:"nil,attr"`
	Text string `xml:",chardata"`
}

type tckList struct {
	Nil   bool       `xml:"nil,attr"`
	Items []tckValue `xml:"item"`
}

func (v tckValue) value() Value {
	switch {
	case v.Nil:
		return Null
	case v.List != nil:
		if v.List.Nil {
			return Null
		}
		items := []Value{}
		for _, item := range v.List.Items {
			items = append(items, item.value())
		}
		return ListOf(items...)
	case v.Value != nil:
		return v.Value.value()
	case len(v.Components) > 0:
		c := newContext(4)
		for _, component := range v.Components {
			c.put(component.Name, component.value())
		}
		return c.value()
	default:
		return Null
	}
}

func (s *tckScalar) value() Value {
	if s.Nil {
		return Null
	}
	text := strings.TrimSpace(s.Text)
	_, kind, _ := strings.Cut(s.Type, ":")
	switch kind {
	case "boolean":
		return Boolean(text == "true")
	case "decimal", "double", "integer", "int", "float":
		v, _ := parseNumber(text)
		return v
	case "date":
		return parseDate(text)
	case "time":
		return parseTime(text)
	case "dateTime":
		return parseDateTime(text)
	case "duration", "yearMonthDuration", "dayTimeDuration":
		return parseDuration(text)
	default:
		return Text(s.Text)
	}
}

// tckRun evaluates the decisions of one model for one test case.
type tckRun struct {
	model  *tckModel
	inputs map[string]Value
}

func (r *tckRun) typeOf(ref string) *Type {
	return ParseType(ref, r.item)
}

func (r *tckRun) item(name string) *Type {
	for _, item := range r.model.Items {
		if item.Name == name {
			return r.itemType(item)
		}
	}
	return nil
}

func (r *tckRun) itemType(item tckItem) *Type {
	t := AnyType()
	switch {
	case len(item.Components) > 0:
		var fields []Field
		for _, c := range item.Components {
			fields = append(fields, Field{c.Name, r.itemType(c)})
		}
		t = ContextType(fields)
	case item.TypeRef != "":
		t = r.typeOf(item.TypeRef)
	}
	if item.Collection {
		return ListType(t)
	}
	return t
}

var errTCKOutOfScope = fmt.Errorf("needs more than literal expressions")

func (r *tckRun) decide(name string) (Value, error) {
	for i := range r.model.Decisions {
		if d := &r.model.Decisions[i]; d.Name == name {
			return r.decision(d)
		}
	}
	return Null, errTCKOutOfScope
}

func (r *tckRun) decision(d *tckDecision) (Value, error) {
	if d.Literal == nil || len(d.Knows) > 0 {
		return Null, errTCKOutOfScope
	}
	values, names := map[string]Value{}, []string{}
	for _, need := range d.Needs {
		name, v, err := r.need(need.Decision, need.Input)
		if err != nil {
			return Null, err
		}
		values[name] = v
		names = append(names, name)
	}
	var members []string
	for _, item := range r.model.Items {
		for _, c := range item.Components {
			members = append(members, c.Name)
		}
	}
	p, err := Compile(d.Literal.Text, Options{Names: names, Members: members, Types: r.item})
	if err != nil {
		return Null, nil // an expression that can not be read has no value
	}
	result, err := p.Eval(Env{
		Now:    time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC),
		Lookup: func(name string) (Value, bool) { v, ok := values[name]; return v, ok },
	})
	if err != nil {
		return Null, err
	}
	return r.convert(d.Variable.TypeRef, result.Value), nil
}

func (r *tckRun) convert(ref string, v Value) Value {
	if ref == "" {
		return v
	}
	if t := r.typeOf(ref); t != nil {
		v, _, _ = t.Coerce(Env{}, v)
	}
	return v
}

func (r *tckRun) need(decision, input *tckRef) (string, Value, error) {
	if decision != nil {
		for i := range r.model.Decisions {
			if d := &r.model.Decisions[i]; strings.HasSuffix(decision.Href, "#"+d.ID) {
				v, err := r.decision(d)
				return d.Name, v, err
			}
		}
	}
	if input != nil {
		for _, i := range r.model.Inputs {
			if strings.HasSuffix(input.Href, "#"+i.ID) {
				return i.Name, r.convert(i.Variable.TypeRef, r.inputs[i.Name]), nil
			}
		}
	}
	return "", Null, errTCKOutOfScope
}

// close compares numbers with the tolerance that the kit's own runners use.
func tckClose(a, b Value) bool {
	switch {
	case a.kind == KindNumber && b.kind == KindNumber:
		tolerance, _ := parseNumber("0.00000001")
		return compareNumbers(absNumber(subtractNumbers(a, b)), tolerance) <= 0
	case a.kind == KindList && b.kind == KindList && len(a.list()) == len(b.list()):
		for i := range a.list() {
			if !tckClose(a.list()[i], b.list()[i]) {
				return false
			}
		}
		return true
	case a.kind == KindContext && b.kind == KindContext:
		keys, values, _ := a.Entries()
		others, _, _ := b.Entries()
		for i, key := range keys {
			if other, ok := b.Entry(key); !ok || !tckClose(values[i], other) {
				return false
			}
		}
		return len(keys) == len(others)
	default:
		return a.Equal(b)
	}
}

func readXML(t *testing.T, path string, into any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = xml.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func TestTCK(t *testing.T) {
	root := os.Getenv("TALLYSTICK_TCK")
	if root == "" {
		t.Skip("the DMN TCK does not run: set TALLYSTICK_TCK to the folder with its compliance-level-2 and -3")
	}
	suites, err := filepath.Glob(filepath.Join(root, "compliance-level-[23]", "*", "*-test-*.xml"))
	if err != nil || len(suites) == 0 {
		t.Fatalf("no test cases in %s: %v", root, err)
	}
	passed, failed, values, valuesPassed := 0, 0, 0, 0
	for _, path := range suites {
		var suite tckSuite
		readXML(t, path, &suite)
		var model tckModel
		readXML(t, filepath.Join(filepath.Dir(path), suite.Model), &model)
		for _, c := range suite.Cases {
			run := &tckRun{model: &model, inputs: map[string]Value{}}
			for _, input := range c.Inputs {
				run.inputs[input.Name] = input.value()
			}
			for _, want := range c.Result {
				got, err := run.decide(want.Name)
				if err == errTCKOutOfScope || c.Type == "decisionService" {
					continue
				}
				expected := want.Expected.value()
				ok := err == nil && tckClose(got, expected)
				if !expected.IsNull() {
					values++
				}
				if ok {
					passed++
					if !expected.IsNull() {
						valuesPassed++
					}
					continue
				}
				failed++
				t.Logf("%s %s: got %s, want %s (%v)", filepath.Base(path), c.ID, got, expected, err)
			}
		}
	}
	t.Logf("passed %d of %d checks, %d of %d that expect a value", passed, passed+failed, valuesPassed, values)
	if share := float64(passed) / float64(passed+failed); share < tckShareMin {
		t.Errorf("%.2f %% of the checks pass, fewer than %.2f %%", 100*share, 100*tckShareMin)
	}
}

// tckShareMin is what the implementation reached; it may only grow.
const tckShareMin = 1.0
