package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/fault"
	"tallystick/rules"
)

const dmn13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"

// definitions wraps elements into a model; the first of them starts on line 2.
func definitions(elements string) string {
	return fmt.Sprintf(`<definitions xmlns="%s" id="m" name="m" namespace="urn:m">`+"\n%s\n</definitions>", dmn13, elements)
}

// tableWith is decision "d" with one table; the body starts on line 4.
func tableWith(attributes, body string) string {
	return definitions("<decision id=\"d\" name=\"d\">\n<decisionTable id=\"t\" " + attributes + ">\n" + body + "\n</decisionTable>\n</decision>")
}

const (
	column = `<input id="i"><inputExpression id="ie"><text>a</text></inputExpression></input>`
	result = `<output id="o" name="o"/>`
)

func row(in, out string) string {
	return fmt.Sprintf("<rule id=\"r\">\n<inputEntry id=\"in\"><text>%s</text></inputEntry>\n<outputEntry id=\"out\"><text>%s</text></outputEntry>\n</rule>", in, out)
}

func TestDiagnostics(t *testing.T) {
	tests := map[string]struct {
		source string
		want   []string // line severity code element
	}{
		"a clean table": {tableWith("", column+result+row("&gt; 1", "2")), nil},
		"syntax of a cell": {
			tableWith("", column+result+row("&gt; ", "2")),
			[]string{"5 error rules.expression in"},
		},
		"syntax of an output": {
			tableWith("", column+result+row("-", "1 +")),
			[]string{"6 error rules.expression out"},
		},
		"unknown function": {
			tableWith("", column+result+row("-", "frobnicate(a)")),
			[]string{"6 error rules.function out"},
		},
		"foreign language": {
			tableWith("", column+result+strings.Replace(row("-", "1"), `"out"`, `"out" expressionLanguage="juel"`, 1)),
			[]string{"6 error rules.language out"},
		},
		"foreign language of the model": {
			strings.Replace(tableWith("", column+result+row("-", "1")), `id="m"`, `id="m" expressionLanguage="http://groovy"`, 1),
			[]string{"4 error rules.language ie", "6 error rules.language out"},
		},
		"hit policy":         {tableWith(`hitPolicy="BEST"`, column+result), []string{"3 error rules.hit_policy t"}},
		"aggregated policy":  {tableWith(`hitPolicy="FIRST" aggregation="SUM"`, column+result), []string{"3 error rules.hit_policy t"}},
		"aggregation":        {tableWith(`hitPolicy="COLLECT" aggregation="AVG"`, column+result), []string{"3 error rules.hit_policy t"}},
		"compound sum":       {tableWith(`hitPolicy="COLLECT" aggregation="SUM"`, column+result+`<output name="p"/>`), []string{"3 error rules.hit_policy t"}},
		"priority unordered": {tableWith(`hitPolicy="PRIORITY"`, column+result), []string{"3 error rules.hit_policy t"}},
		"no output":          {tableWith("", column), []string{"3 error rules.output t"}},
		"nameless outputs":   {tableWith("", column+`<output/><output name="b"/>`), []string{"3 error rules.output t"}},
		"twin outputs":       {tableWith("", column+result+result[:len(result)-2]+`x=""/>`), []string{"3 error rules.output t", "4 error element.duplicate o"}},
		"input without text": {tableWith("", `<input id="i"/>`+result), []string{"4 error rules.input i"}},
		"short rule": {
			tableWith("", column+result+`<rule id="r"><outputEntry id="out"><text>1</text></outputEntry></rule>`),
			[]string{"4 error rules.rule r"},
		},
		"a test of another type": {
			tableWith("", strings.Replace(column, `id="ie"`, `id="ie" typeRef="number"`, 1)+result+row(`"x"`, "2")),
			[]string{"5 warning rules.null in"},
		},
		"an expression test of another type": {
			tableWith("", strings.Replace(column, `id="ie"`, `id="ie" typeRef="number"`, 1)+result+row(`&gt; date("2026-01-01")`, "2")),
			[]string{"5 warning rules.null in"},
		},
		"an output that is always null": {
			tableWith("", column+result+row("-", `substring("abc")`)),
			[]string{"6 warning rules.null out"},
		},
		"an operator that does not fit": {
			definitions(`<inputData id="i" name="i"><variable name="i" typeRef="string"/></inputData>` + "\n" + `<decision id="d" name="d"><informationRequirement><requiredInput href="#i"/></informationRequirement><literalExpression><text>i &gt; 5</text></literalExpression></decision>`),
			[]string{"3 warning rules.null d"},
		},
		"unknown type": {tableWith("", column+`<output id="o" name="o" typeRef="tMoney"/>`), []string{"4 warning rules.type o"}},
		"dangling requirement": {
			definitions(`<decision id="d" name="d">` + "\n" + `<informationRequirement id="q"><requiredInput href="#nowhere"/></informationRequirement></decision>`),
			[]string{"3 error requirement.dangling q"},
		},
		"requirement of another model": {
			definitions(`<decision id="d" name="d"><informationRequirement id="q"><requiredDecision href="urn:other#d"/></informationRequirement></decision>`),
			[]string{"2 error requirement.dangling q"},
		},
		"requirement of the wrong kind": {
			definitions(`<inputData id="i" name="i"/>` + "\n" + `<decision id="d" name="d"><informationRequirement id="q"><requiredDecision href="#i"/></informationRequirement></decision>`),
			[]string{"3 error requirement.kind q"},
		},
		"not required": {
			definitions(`<inputData id="i" name="i"/>` + "\n" + `<decision id="d" name="d"><literalExpression><text>i + 1</text></literalExpression></decision>`),
			[]string{"3 warning requirement.missing d"},
		},
		"free beside input data": {
			definitions(`<inputData id="i" name="i"/>` + "\n" + `<decision id="d" name="d"><literalExpression><text>j + 1</text></literalExpression></decision>`),
			[]string{"3 warning requirement.missing d"},
		},
		"decision without id":             {definitions(`<decision name="d"/>`), []string{"2 error decision.id_missing m"}},
		"decision service without output": {definitions(`<decisionService id="s" name="s"/>`), []string{"2 error rules.service s"}},
		"import":                          {definitions(`<import namespace="urn:x" name="x" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>`), []string{"2 error import.missing m"}},
		"java function": {
			definitions(`<businessKnowledgeModel id="b" name="b"><encapsulatedLogic kind="Java"><context/></encapsulatedLogic></businessKnowledgeModel>`),
			[]string{"2 error element.unsupported b"},
		},
		"type defined by itself": {
			definitions(`<itemDefinition id="x" name="x"><typeRef>y</typeRef></itemDefinition>` + "\n" + `<itemDefinition id="y" name="y"><typeRef>x</typeRef></itemDefinition>`),
			[]string{"2 error rules.type x"},
		},
		"type defined twice": {
			definitions(`<itemDefinition id="x" name="x"/>` + "\n" + `<itemDefinition id="y" name="x"/>`),
			[]string{"3 error rules.type y"},
		},
		"silent elements": {definitions(`<knowledgeSource id="k" name="k"/><textAnnotation id="a"><text>x</text></textAnnotation><association id="as"><sourceRef href="#a"/><targetRef href="#k"/></association>`), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, found, err := rules.Parse([]byte(test.source))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range found {
				got = append(got, fmt.Sprintf("%d %s %s %s", d.Line, d.Severity, d.Code, d.Element))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s%v", diff, found)
			}
		})
	}
}

func TestCycleNamesThePath(t *testing.T) {
	needs := func(id, required string) string {
		return fmt.Sprintf(`<decision id="%s" name="%[1]s"><informationRequirement><requiredDecision href="#%s"/></informationRequirement><literalExpression><text>1</text></literalExpression></decision>`, id, required)
	}
	source := definitions(needs("start", "a") + "\n" + needs("a", "b") + "\n" + needs("b", "c") + "\n" + needs("c", "a"))
	model, found, err := rules.Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Code != "rules.cycle" || !strings.Contains(found[0].Message, "a → b → c → a") {
		t.Fatalf("found %v", found)
	}
	trace, err := model.Evaluate("start", rules.Env{})
	if err != nil || trace.Failed != "start" || trace.Output != "null" {
		t.Errorf("a decision that leads into a cycle evaluates to %+v, %v", trace, err)
	}
}

func TestCycleOfKnowledge(t *testing.T) {
	needs := func(id, required string) string {
		return fmt.Sprintf(`<businessKnowledgeModel id="%s" name="%[1]s"><knowledgeRequirement><requiredKnowledge href="#%s"/></knowledgeRequirement></businessKnowledgeModel>`, id, required)
	}
	_, found, err := rules.Parse([]byte(definitions(needs("f", "g") + needs("g", "f") + needs("self", "self"))))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || !strings.Contains(found[0].Message, "f → g → f") {
		t.Errorf("found %v", found)
	}
}

func TestRefusals(t *testing.T) {
	tests := map[string]struct{ source, code string }{
		"empty":               {"", "xml.malformed"},
		"text":                {"decide!", "xml.malformed"},
		"not closed":          {`<definitions xmlns="` + dmn13 + `">`, "xml.malformed"},
		"two roots":           {definitions("") + definitions(""), "xml.malformed"},
		"entities":            {`<!DOCTYPE d [<!ENTITY e "x">]>` + definitions(`<decision id="&e;"/>`), "xml.directive"},
		"duplicate attribute": {`<definitions xmlns="` + dmn13 + `" id="a" id="b"/>`, "xml.duplicate_attribute"},
		"undeclared prefix":   {`<dmn:definitions/>`, "xml.prefix"},
		"deep":                {definitions(strings.Repeat("<list>", 300) + strings.Repeat("</list>", 300)), "xml.limit"},
		"wide":                {definitions(strings.Repeat("<rule/>", 50_001)), "xml.limit"},
		"encoding":            {`<?xml version="1.0" encoding="UTF-16"?>` + definitions(""), "xml.encoding"},
		"no namespace":        {`<definitions/>`, "rules.invalid"},
		"BPMN":                {`<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>`, "rules.invalid"},
		"another root":        {`<decision xmlns="` + dmn13 + `"/>`, "rules.invalid"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			model, _, err := rules.Parse([]byte(test.source))
			if model != nil || fault.CodeOf(err) != test.code {
				t.Errorf("model %v, error %v; want code %s", model, err, test.code)
			}
		})
	}
}

func TestNamespaces(t *testing.T) {
	for _, space := range []string{
		"http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
		"http://www.omg.org/spec/DMN/20180521/MODEL/", dmn13,
		"https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
	} {
		source := strings.Replace(tableWith("", column+result+row("&gt; 1", "a * 2")), dmn13, space, 1)
		trace, err := mustParse(t, source).Evaluate("d", variablesOf(t, `{"a": 2}`))
		if err != nil || trace.Output != "4" {
			t.Errorf("%s: %+v, %v", space, trace, err)
		}
	}
}

func TestEvaluateUnknownDecision(t *testing.T) {
	_, err := mustParse(t, definitions("")).Evaluate("d", rules.Env{})
	if fault.CodeOf(err) != "decision.not_found" || fault.KindOf(err) != fault.NotFound {
		t.Errorf("error %v", err)
	}
}

func TestFaultyDecisionFails(t *testing.T) {
	model, found, err := rules.Parse([]byte(tableWith("", column+result+row("&gt; ", "2"))))
	if err != nil || !found.HasErrors() {
		t.Fatal(found, err)
	}
	trace, err := model.Evaluate("d", variablesOf(t, `{"a": 2}`))
	if err != nil || trace.Failed != "d" || trace.Failure == "" || trace.Output != "null" {
		t.Errorf("trace %+v, %v", trace, err)
	}
}

// TestFaultyTableOfKnowledge: a decision may be sound, and what it calls not.
func TestFaultyTableOfKnowledge(t *testing.T) {
	source := definitions(`<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><decisionTable><output/><rule><inputEntry><text>1</text></inputEntry></rule></decisionTable></encapsulatedLogic></businessKnowledgeModel>
<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement><literalExpression><text>f()</text></literalExpression></decision>`)
	model, found, err := rules.Parse([]byte(source))
	if err != nil || !found.HasErrors() {
		t.Fatal(found, err)
	}
	trace, err := model.Evaluate("d", rules.Env{})
	if err != nil || trace.Failed != "d" || !strings.Contains(trace.Failure, "the table has errors") {
		t.Errorf("%+v, %v", trace, err)
	}
}
