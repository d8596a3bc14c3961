package rules_test

import (
	"fmt"
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
