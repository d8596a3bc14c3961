package rules_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"tallystick/rules"
)

// patience is far above what a linear reader needs and far below what a quadratic one takes.
const patience = 20 * time.Second

func repeat(n int, element func(int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(element(i))
	}
	return b.String()
}

// TestWideModels parses and evaluates models that are as large as XML limits allow in one direction.
func TestWideModels(t *testing.T) {
	required := func(i int) string {
		return fmt.Sprintf(`<informationRequirement><requiredInput href="#i%d"/></informationRequirement>`, i)
	}
	tests := map[string]string{
		"names times cells": definitions(repeat(8000, func(i int) string { return fmt.Sprintf(`<inputData id="i%d" name="name %d"/>`, i, i) }) +
			`<decision id="d" name="d">` + repeat(8000, required) + `<list>` +
			strings.Repeat(`<literalExpression><text>1 + x</text></literalExpression>`, 8000) + `</list></decision>`),
		"chain of decisions": definitions(repeat(8000, func(i int) string {
			return fmt.Sprintf(`<decision id="d%d" name="d%d"><informationRequirement><requiredDecision href="#d%d"/></informationRequirement></decision>`, i, i, i+1)
		}) + `<decision id="d8000" name="d8000"/>`),
		"types that double": definitions(repeat(3000, func(i int) string {
			return fmt.Sprintf(`<itemDefinition name="t%d"><itemComponent name="left-%d"><typeRef>t%d</typeRef></itemComponent><itemComponent name="right"><typeRef>t%d</typeRef></itemComponent></itemDefinition>`, i, i, i+1, i+1)
		}) + `<itemDefinition name="t3000"/><inputData id="i" name="i"><variable name="i" typeRef="t0"/></inputData>`),
		"many cycles": definitions(repeat(100, func(i int) string {
			return fmt.Sprintf(`<decision id="d%d" name="d%d">`, i, i) + repeat(100, func(k int) string {
				return fmt.Sprintf(`<informationRequirement><requiredDecision href="#d%d"/></informationRequirement>`, k)
			}) + `</decision>`
		})),
	}
	for name, source := range tests {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			model, _, err := rules.Parse([]byte(source))
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range model.Decisions[:min(1, len(model.Decisions))] {
				if _, err := model.Evaluate(d.ID, variablesOf(t, `{"i": {"right": {"right": 1}}}`)); err != nil {
					t.Fatal(err)
				}
			}
			if took := time.Since(began); took > patience {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestLargeTracesAreRefused: what an evaluation tells about itself is bounded by its size, wherever it comes from.
func TestLargeTracesAreRefused(t *testing.T) {
	table := func(policy, output string) string {
		rule := `<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>` + output + `</text></outputEntry></rule>`
		return `<decisionTable hitPolicy="` + policy + `"><input id="in"><inputExpression><text>1</text></inputExpression></input><output id="out"/>` +
			strings.Repeat(rule, 5000) + `</decisionTable>`
	}
	given := `<inputData id="p" name="payload"/><decision id="d" name="d"><informationRequirement><requiredInput href="#p"/></informationRequirement>`
	tests := map[string]struct {
		size        int
		source, why string
	}{
		"hits":        {900_000, given + table("COLLECT", "payload") + `</decision>`, "out: the values that the decision has to tell take more than 4194304 bytes"},
		"small hits":  {1_000, given + table("RULE ORDER", "payload") + `</decision>`, "out: the values that the decision has to tell take more than 4194304 bytes"},
		"single hits": {600_000, given + table("COLLECT", "[payload, payload]") + `</decision>`, "out: the result has more than 1048576 bytes"},
		"inputs": {
			900_000, given + `<decisionTable>` +
				repeat(5, func(i int) string {
					return fmt.Sprintf(`<input id="in%d"><inputExpression><text>payload</text></inputExpression></input>`, i)
				}) + `<output/><rule>` +
				strings.Repeat(`<inputEntry><text>-</text></inputEntry>`, 5) + `<outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>`,
			"in4: the values that the decision has to tell take more than 4194304 bytes",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			model := mustParse(t, definitions(test.source))
			var before, after runtime.MemStats
			env := variablesOf(t, `{"payload": "`+strings.Repeat("x", test.size)+`"}`)
			runtime.ReadMemStats(&before)
			trace, err := model.Evaluate("d", env)
			runtime.ReadMemStats(&after)
			if err != nil || trace.Failed != "d" || trace.Failure != test.why {
				t.Errorf("failed %q because %q, %v", trace.Failed, trace.Failure, err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
				t.Errorf("it took %d MB", used>>20)
			}
		})
	}
}

// TestWarningsShowTheBeginning: a value that does not fit is shown in part, and read no further.
func TestWarningsShowTheBeginning(t *testing.T) {
	model := mustParse(t, definitions(`<inputData id="p" name="payload"><variable name="payload" typeRef="number"/></inputData>
		<decision id="d" name="d"><variable name="d" typeRef="number"/><informationRequirement><requiredInput href="#p"/></informationRequirement>
		<list>`+strings.Repeat(`<literalExpression><text>payload</text></literalExpression>`, 100)+`</list></decision>`))
	trace, err := model.Evaluate("d", variablesOf(t, `{"payload": "`+strings.Repeat("x", 900_000)+`"}`))
	if err != nil || len(trace.Decisions) != 1 || len(trace.Decisions[0].Warnings) == 0 {
		t.Fatalf("%+v %v", trace, err)
	}
	for _, w := range trace.Decisions[0].Warnings {
		if len(w) > 300 {
			t.Errorf("a warning of %d bytes", len(w))
		}
	}
}

// TestTypesShareTheLimit: the tests of a type are part of the evaluation whose values they look at.
func TestTypesShareTheLimit(t *testing.T) {
	slow := `<allowedValues><text>count(for i in 1..2000 return i) &gt; ?</text></allowedValues>`
	list := `<itemDefinition name="tAll" isCollection="true"><typeRef>number</typeRef>` + slow + `</itemDefinition>`
	numbers := "[" + strings.TrimSuffix(strings.Repeat("1,", 50_000), ",") + "]"
	for name, source := range map[string]string{
		"input data": list + `<inputData id="p" name="payload"><variable name="payload" typeRef="tAll"/></inputData>
			<decision id="d" name="d"><informationRequirement><requiredInput href="#p"/></informationRequirement>
			<literalExpression><text>count(payload)</text></literalExpression></decision>`,
		"result": list + `<inputData id="p" name="payload"/><decision id="d" name="d"><variable name="d" typeRef="tAll"/>
			<informationRequirement><requiredInput href="#p"/></informationRequirement>
			<literalExpression><text>payload</text></literalExpression></decision>`,
		"parameter": list + `<inputData id="p" name="payload"/><decision id="d" name="d">
			<informationRequirement><requiredInput href="#p"/></informationRequirement>
			<literalExpression><text>(function(x: tAll) 1)(payload)</text></literalExpression></decision>`,
		"output column": list + `<inputData id="p" name="payload"/><decision id="d" name="d">
			<informationRequirement><requiredInput href="#p"/></informationRequirement>
			<decisionTable><output typeRef="tAll"/><rule><outputEntry><text>payload</text></outputEntry></rule></decisionTable></decision>`,
	} {
		t.Run(name, func(t *testing.T) {
			model := mustParse(t, definitions(source))
			began := time.Now()
			trace, err := model.Evaluate("d", variablesOf(t, `{"payload": `+numbers+`}`))
			if err != nil || trace.Failed != "d" || !strings.Contains(trace.Failure, "steps") {
				t.Errorf("failed %q because %q, %v", trace.Failed, trace.Failure, err)
			}
			if took := time.Since(began); took > patience {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestGreedyLogicIsStopped evaluates logic that would run for hours.
func TestGreedyLogicIsStopped(t *testing.T) {
	loop := func(inner string) string {
		return `<for iteratorVariable="i"><in><literalExpression><text>for n in 1..1000 return n</text></literalExpression></in><return>` + inner + `</return></for>`
	}
	tests := map[string]struct{ why, source string }{
		"nested loops": {"expressions were evaluated", definitions(`<decision id="d" name="d">` +
			loop(loop(loop(`<literalExpression><text>i</text></literalExpression>`))) + `</decision>`)},
		"endless recursion": {"nested calls", definitions(`<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="n"/>
			<literalExpression><text>f(n + 1)</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
			<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>
			<literalExpression><text>f(1)</text></literalExpression></decision>`)},
		"recursion through a table": {"nested calls", definitions(`<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="n"/>
			<decisionTable><output/><rule><outputEntry><text>f(n) + f(n)</text></outputEntry></rule></decisionTable>
			</encapsulatedLogic></businessKnowledgeModel>
			<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>
			<literalExpression><text>f(1)</text></literalExpression></decision>`)},
		"a wide table in a loop": {"expressions were evaluated", definitions(`<decision id="d" name="d">` + loop(loop(
			`<decisionTable hitPolicy="FIRST"><input><inputExpression><text>i</text></inputExpression></input><output/>`+
				strings.Repeat(`<rule><inputEntry><text>5000</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>`, 5000)+
				`</decisionTable>`)) + `</decision>`)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			model := mustParse(t, test.source)
			trace, err := model.Evaluate("d", rules.Env{})
			if err != nil || trace.Failed != "d" || trace.Failure == "" || trace.Output != "null" {
				t.Errorf("failed %q, failure %q, output of %d bytes, %v", trace.Failed, trace.Failure, len(trace.Output), err)
			}
			if !strings.Contains(trace.Failure, test.why) {
				t.Errorf("it was stopped because %s, not %s", trace.Failure, test.why)
			}
		})
	}
}
