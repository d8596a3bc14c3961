package rules_test

import (
	"fmt"

	"tallystick/internal/canon"
	"tallystick/rules"
)

func ExampleModel_Evaluate() {
	model, diagnostics, err := rules.Parse([]byte(`
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="Postage" namespace="urn:postage">
  <decision id="postage" name="Postage">
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression><text>weight</text></inputExpression></input>
      <output name="price"/>
      <rule id="light"><inputEntry><text>&lt; 1</text></inputEntry><outputEntry><text>3.99</text></outputEntry></rule>
      <rule id="heavy"><inputEntry><text>-</text></inputEntry><outputEntry><text>5 + weight</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>`))
	if err != nil || diagnostics.HasErrors() {
		fmt.Println(err, diagnostics)
		return
	}
	variables := map[string]canon.JSON{"weight": "2.5"}
	trace, err := model.Evaluate("postage", rules.Env{Lookup: func(name string) (canon.JSON, bool) {
		v, ok := variables[name]
		return v, ok
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(trace.Output, "by rule", trace.Decisions[0].Matched[0].RuleID)
	// Output: 7.5 by rule heavy
}
