package rules_test

import (
	"strings"
	"testing"

	"tallystick/rules"
)

const serviceModel = `<inputData id="net" name="net"><variable name="net" typeRef="number"/></inputData>
<decision id="rate" name="rate"><variable name="rate" typeRef="number"/><literalExpression><text>0.19</text></literalExpression></decision>
<decision id="gross" name="gross price"><variable name="gross price"/>
<informationRequirement><requiredInput href="#net"/></informationRequirement>
<informationRequirement><requiredDecision href="#rate"/></informationRequirement>
<literalExpression><text>net * (1 + rate)</text></literalExpression></decision>
<decision id="tax" name="tax"><informationRequirement><requiredInput href="#net"/></informationRequirement>
<informationRequirement><requiredDecision href="#rate"/></informationRequirement><literalExpression><text>net * rate</text></literalExpression></decision>
<decisionService id="one" name="one"><variable name="one"/><outputDecision href="#gross"/><inputDecision href="#rate"/><inputData href="#net"/></decisionService>
<decisionService id="both" name="both"><outputDecision href="#gross"/><outputDecision href="#tax"/><inputDecision href="#rate"/><inputData href="#net"/></decisionService>
`

// using is a decision d with an expression that may call both services, beside the global net.
func using(expression string) string {
	return definitions(serviceModel + `<decision id="d" name="d"><informationRequirement><requiredInput href="#net"/></informationRequirement>
<informationRequirement><requiredDecision href="#rate"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="#one"/></knowledgeRequirement><knowledgeRequirement><requiredKnowledge href="#both"/></knowledgeRequirement>
<literalExpression><text>` + expression + `</text></literalExpression></decision>`)
}

// TestDecisionServices (DMN 1.5, 10.4.1.2): input data first, then input decisions; nothing leaks either way.
func TestDecisionServices(t *testing.T) {
	tests := map[string]struct{ expression, want string }{
		"positional":               {`one(100, 0.5)`, `150`},
		"named in any order":       {`one(rate: 0.5, net: 100)`, `150`},
		"several outputs":          {`both(100, 0.5)`, `{"gross price":150,"tax":50}`},
		"too few arguments":        {`one(100)`, `null`},
		"unknown parameter":        {`one(net: 100, vat: 1)`, `null`},
		"argument of another type": {`one("100", 0.5)`, `null`},
		"list of one":              {`one([100], 0.5)`, `150`},
		"global values stay":       {`[one(100, 0.5), net, rate]`, `[150,7,0.19]`},
		"as a value":               {`for f in [one] return f(10, 0)`, `[10]`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			trace, err := mustParse(t, using(test.expression)).Evaluate("d", variablesOf(t, `{"net": 7}`))
			if err != nil || string(trace.Output) != test.want {
				t.Errorf("output %s %s, want %s, %v", trace.Output, trace.Failure, test.want, err)
			}
		})
	}
}

// TestServiceTrace: decisions inside of a service are told, and told to be inside.
func TestServiceTrace(t *testing.T) {
	trace, err := mustParse(t, using(`one(100, 0.5)`)).Evaluate("d", variablesOf(t, `{"net": 7}`))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, d := range trace.Decisions {
		lines = append(lines, strings.Trim(d.Service+"/"+d.ID+"="+string(d.Output), "/"))
	}
	if got, want := strings.Join(lines, " "), "rate=0.19 one/gross=150 d=150"; got != want {
		t.Errorf("trace %s, want %s", got, want)
	}
}

// TestInvoke calls services and knowledge models from outside.
func TestInvoke(t *testing.T) {
	model := mustParse(t, definitions(serviceModel+`<businessKnowledgeModel id="twice" name="twice"><encapsulatedLogic>
<formalParameter name="n" typeRef="number"/><literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>`))
	tests := []struct{ name, variables, want string }{
		{"one", `{"net": 100, "rate": 0.5}`, `150`},
		{"both", `{"net": 100, "rate": 0.5}`, `{"gross price":150,"tax":50}`},
		{"one", `{"net": 100, "rate": "much"}`, `null`},
		{"one", `{}`, `null`},
		{"twice", `{"n": 4}`, `8`},
		{"twice", `{"n": true}`, `null`},
	}
	for _, test := range tests {
		id, ok := model.Invocable(test.name)
		if !ok {
			t.Fatalf("nothing to invoke is called %s", test.name)
		}
		_, trace, err := model.Invoke(id, variablesOf(t, test.variables))
		if err != nil || string(trace.Output) != test.want {
			t.Errorf("%s with %s: %s %s, want %s, %v", test.name, test.variables, trace.Output, trace.Failure, test.want, err)
		}
	}
	if _, _, err := model.Invoke("rate", rules.Env{}); err == nil {
		t.Error("a decision was invoked like a function")
	}
}

// TestServiceCycle: a service may not need itself, but may cut a cycle with an input decision.
func TestServiceCycle(t *testing.T) {
	source := definitions(`<decision id="a" name="a"><knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement><literalExpression><text>s()</text></literalExpression></decision>
<decisionService id="s" name="s"><outputDecision href="#a"/></decisionService>`)
	_, found, err := rules.Parse([]byte(source))
	if err != nil || len(found) != 1 || found[0].Code != "rules.cycle" {
		t.Errorf("found %v, %v", found, err)
	}
	cut := definitions(`<decision id="a" name="a"><knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement><literalExpression><text>s(1)</text></literalExpression></decision>
<decision id="b" name="b"><informationRequirement><requiredDecision href="#a"/></informationRequirement><literalExpression><text>a + 1</text></literalExpression></decision>
<decisionService id="s" name="s"><outputDecision href="#b"/><inputDecision href="#a"/></decisionService>`)
	trace, err := mustParse(t, cut).Evaluate("a", rules.Env{})
	if err != nil || trace.Output != "2" {
		t.Errorf("output %s %s, %v", trace.Output, trace.Failure, err)
	}
}

// TestJavaFunctions: a few methods have an equivalent here, all others are refused at deployment.
func TestJavaFunctions(t *testing.T) {
	function := func(class, signature string) string {
		return definitions(`<businessKnowledgeModel id="f" name="f"><encapsulatedLogic kind="Java"><formalParameter name="a" typeRef="number"/><formalParameter name="b" typeRef="number"/>
<context><contextEntry><variable name="class"/><literalExpression><text>"` + class + `"</text></literalExpression></contextEntry>
<contextEntry><variable name="method signature"/><literalExpression><text>"` + signature + `"</text></literalExpression></contextEntry></context></encapsulatedLogic></businessKnowledgeModel>
<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement><literalExpression><text>f(3, 5)</text></literalExpression></decision>`)
	}
	trace, err := mustParse(t, function("java.lang.Math", "max(int, int)")).Evaluate("d", rules.Env{})
	if err != nil || trace.Output != "5" {
		t.Errorf("output %s, %v", trace.Output, err)
	}
	_, found, err := rules.Parse([]byte(function("java.lang.Runtime", "exit(int, int)")))
	if err != nil || len(found) == 0 || found[0].Code != "element.unsupported" {
		t.Errorf("found %v, %v", found, err)
	}
}

// TestStrict: what is a warning becomes a failure.
func TestStrict(t *testing.T) {
	model := mustParse(t, definitions(`<decision id="d" name="d"><literalExpression><text>1 + "a"</text></literalExpression></decision>`))
	lenient, err := model.Evaluate("d", rules.Env{})
	if err != nil || lenient.Failure != "" || len(lenient.Decisions[0].Warnings) != 1 {
		t.Errorf("lenient: %+v, %v", lenient, err)
	}
	strict, err := model.Evaluate("d", rules.Env{Strict: true})
	if err != nil || strict.Failed != "d" || !strings.Contains(strict.Failure, "number + string") {
		t.Errorf("strict: %+v, %v", strict, err)
	}
}
