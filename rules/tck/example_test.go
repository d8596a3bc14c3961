package tck_test

import (
	"fmt"
	"testing/fstest"

	"tallystick/rules/tck"
)

// A folder has models and files of cases; the second case of this one expects too much.
func ExampleRun() {
	kit := fstest.MapFS{
		"0001-sum/sum.dmn": {Data: []byte(`<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:sum">
<inputData id="a" name="a"/><decision id="s" name="sum"><informationRequirement><requiredInput href="#a"/></informationRequirement>
<literalExpression><text>a + 1</text></literalExpression></decision></definitions>`)},
		"0001-sum/sum.xml": {Data: []byte(`<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<modelName>sum</modelName>
<testCase id="1"><inputNode name="a"><value xsi:type="xsd:decimal">1</value></inputNode>
<resultNode name="sum" type="decision"><expected><value xsi:type="xsd:decimal">2.000000001</value></expected></resultNode></testCase>
<testCase id="2"><inputNode name="a"><value xsi:type="xsd:string">1</value></inputNode>
<resultNode name="sum" type="decision"><expected><value xsi:type="xsd:string">11</value></expected></resultNode></testCase>
<testCase id="3"><resultNode name="sum" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
</testCases>`)},
	}
	checks, err := tck.Run(kit)
	if err != nil {
		panic(err)
	}
	for _, c := range checks {
		if !c.Passed {
			fmt.Println(c)
		}
	}
	fmt.Println(tck.ScoreOf(checks))
	// Output:
	// 0001-sum 2 sum: got null, want "11"
	// all 2/3 66.6 %, non-null 1/2 50.0 %, folders green 0/1
}
