package tck

import (
	"encoding/xml"
	"fmt"
	"strings"

	"tallystick/rules/feel"
)

// suite is a file of test cases (testCases.xsd of the kit).
type suite struct {
	XMLName xml.Name `xml:"testCases"`
	Model   string   `xml:"modelName"`
	Cases   []struct {
		ID        string  `xml:"id,attr"`
		Kind      string  `xml:"type,attr"` // decision, bkm or decisionService
		Invocable string  `xml:"invocableName,attr"`
		Inputs    []value `xml:"inputNode"`
		Results   []struct {
			Name     string `xml:"name,attr"`
			Kind     string `xml:"type,attr"`
			Expected value  `xml:"expected"`
		} `xml:"resultNode"`
	} `xml:"testCase"`
}

// value is a scalar, a context of components, or a list.
type value struct {
	Name       string  `xml:"name,attr"`
	Namespace  string  `xml:"namespace,attr"`
	Nil        bool    `xml:"nil,attr"`
	Scalar     *scalar `xml:"value"`
	Components []value `xml:"component"`
	List       *struct {
		Items []value `xml:"item"`
		Nil   bool    `xml:"nil,attr"`
	} `xml:"list"`
}

type scalar struct {
	Type string `xml:"type,attr"`
	Nil  bool   `xml:"nil,attr"`
	Text string `xml:",chardata"`
}

// feel is the value in FEEL.
func (v value) feel() (feel.Value, error) {
	switch {
	case v.List != nil && v.List.Nil, v.Nil:
		return feel.Null, nil
	case v.List != nil:
		return valueList(v.List.Items)
	case len(v.Components) > 0:
		list, err := valueList(v.Components)
		if err != nil {
			return feel.Null, err
		}
		values, _ := list.List()
		keys := make([]string, len(values))
		for i, c := range v.Components {
			keys[i] = c.Name
		}
		return feel.ContextOf(keys, values), nil
	case v.Scalar == nil || v.Scalar.Nil:
		return feel.Null, nil
	}
	return v.Scalar.feel()
}

func valueList(items []value) (feel.Value, error) {
	values := make([]feel.Value, len(items))
	for i, item := range items {
		v, err := item.feel()
		if err != nil {
			return feel.Null, err
		}
		values[i] = v
	}
	return feel.ListOf(values...), nil
}

// readers turn the text of the XML types that FEEL has types for into values.
var readers = func() map[string]*feel.Program {
	sources := map[string]string{
		"date": "date(v)", "time": "time(v)", "dateTime": "date and time(v)", "duration": "duration(v)",
		"decimal": "number(v)", "double": "number(v)", "float": "number(v)", "integer": "number(v)",
		"int": "number(v)", "long": "number(v)",
	}
	table := map[string]*feel.Program{}
	for kind, source := range sources {
		p, err := feel.Compile(source, feel.Options{Names: []string{"v"}})
		if err != nil {
			panic(err)
		}
		table[kind] = p
	}
	table["dayTimeDuration"], table["yearMonthDuration"] = table["duration"], table["duration"]
	return table
}()

// guess finds the type of a scalar that states none, as some old files do.
func guess(text string) string {
	switch {
	case text == "true" || text == "false":
		return "boolean"
	case text == "":
		return "nothing"
	case strings.Trim(text, "-.0123456789") == "":
		return "decimal"
	}
	return "string"
}

func (s scalar) feel() (feel.Value, error) {
	_, kind, prefixed := strings.Cut(s.Type, ":")
	if !prefixed {
		kind = s.Type
	}
	if kind == "" {
		kind = guess(strings.TrimSpace(s.Text))
	}
	reader, known := readers[kind]
	switch {
	case kind == "boolean":
		return feel.Boolean(strings.TrimSpace(s.Text) == "true"), nil
	case kind == "nothing":
		return feel.Null, nil
	case !known:
		return feel.Text(s.Text), nil
	}
	text := feel.Text(strings.TrimSpace(s.Text))
	result, err := reader.Eval(feel.Env{Lookup: func(string) (feel.Value, bool) { return text, true }})
	if err == nil && result.Value.IsNull() {
		err = fmt.Errorf("%q is no %s", s.Text, kind)
	}
	return result.Value, err
}
