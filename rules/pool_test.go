package rules_test

import (
	"fmt"
	"sync"
	"testing"

	"tallystick/rules"
	"tallystick/rules/feel"
)

// lent are decisions whose value is a function of x that asks for k, or for what else it needs, only when it is called.
var lent = map[string]string{
	"FEEL": `<literalExpression><text>function(x) x + k</text></literalExpression>`,
	"FEEL before other FEEL": `<context><contextEntry><variable name="f"/><literalExpression><text>function(x) x + k</text></literalExpression></contextEntry>
<contextEntry><variable name="g"/><literalExpression><text>1 + 1</text></literalExpression></contextEntry>
<contextEntry><literalExpression><text>[f, g][1]</text></literalExpression></contextEntry></context>`,
	"boxed":     `<functionDefinition><formalParameter name="x"/><literalExpression><text>x + k</text></literalExpression></functionDefinition>`,
	"knowledge": `<literalExpression><text>function(x) sum(x, k)</text></literalExpression>`,
	"service":   `<literalExpression><text>function(x) total(x, k)</text></literalExpression>`,
	"knowledge itself": `<context><contextEntry><variable name="f"/><literalExpression><text>sum</text></literalExpression></contextEntry>
<contextEntry><literalExpression><text>function(x) f(x, k)</text></literalExpression></contextEntry></context>`,
}

const lender = `<inputData id="x" name="x"/><inputData id="k" name="k"/>
<businessKnowledgeModel id="id" name="id"><encapsulatedLogic><formalParameter name="x"/><literalExpression><text>x</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<businessKnowledgeModel id="sum" name="sum"><encapsulatedLogic><formalParameter name="x"/><formalParameter name="y"/>
<literalExpression><text>id(x) + id(y)</text></literalExpression></encapsulatedLogic><knowledgeRequirement><requiredKnowledge href="#id"/></knowledgeRequirement></businessKnowledgeModel>
<decision id="added" name="added"><informationRequirement><requiredInput href="#x"/></informationRequirement>
<informationRequirement><requiredInput href="#k"/></informationRequirement><literalExpression><text>x + k</text></literalExpression></decision>
<decisionService id="total" name="total"><outputDecision href="#added"/><inputData href="#x"/><inputData href="#k"/></decisionService>
<decision id="d" name="d"><informationRequirement><requiredInput href="#k"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="#sum"/></knowledgeRequirement><knowledgeRequirement><requiredKnowledge href="#total"/></knowledgeRequirement>`

// TestFunctionsOutliveTheirEvaluation: a function that a decision yields goes on seeing the inputs of its own evaluation,
// whatever is evaluated after it and beside it.
func TestFunctionsOutliveTheirEvaluation(t *testing.T) {
	for name, logic := range lent {
		t.Run(name, func(t *testing.T) {
			model := mustParse(t, definitions(lender+logic+`</decision>`))
			var group sync.WaitGroup
			for start := range 4 {
				group.Go(func() { keepFunctions(t, model, start*1000) })
			}
			group.Wait()
		})
	}
}

// keepFunctions makes functions, each with a k of its own, and calls all of them after the last one was made.
func keepFunctions(t *testing.T, model *rules.Model, start int) {
	var functions []feel.Value
	for k := start; k < start+20; k++ {
		f, trace, err := model.EvaluateValue("d", variablesOf(t, fmt.Sprintf(`{"k": %d}`, k)))
		if err != nil || trace.Failed != "" || f.Kind() != feel.KindFunction {
			t.Errorf("k = %d: %s %s, %v", k, f.Kind(), trace.Failure, err)
			return
		}
		functions = append(functions, f)
	}
	for range 20 { // what could be reused of the evaluations above is reused now
		if _, err := model.Evaluate("added", variablesOf(t, `{"x": -1, "k": -1}`)); err != nil {
			t.Error(err)
			return
		}
	}
	for i, f := range functions {
		result, err := f.Call(feel.Env{}, []feel.Value{feel.Int(1)})
		if want := fmt.Sprint(1 + start + i); err != nil || result.Value.String() != want {
			t.Errorf("got %s %v %v, want %s", result.Value, result.Diagnostics, err, want)
		}
	}
}
