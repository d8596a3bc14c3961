package rules_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/rules"
)

func archiveModel(t *testing.T, name string) *rules.Model {
	t.Helper()
	source, err := os.ReadFile("../testdata/rules/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	return mustParse(t, parseArchive(t, string(source)).sections[0].text)
}

// face is what other packages see of a decision.
type face struct {
	Name, Variable, VersionTag, Type, HitPolicy string
	Requires, Reads                             []string
}

func faceOf(t *testing.T, m *rules.Model, id string) face {
	t.Helper()
	d, ok := m.Decision(id)
	if !ok {
		t.Fatalf("no decision %q", id)
	}
	return face{d.Name, d.Variable, d.VersionTag, d.Type, d.HitPolicy, d.Requires, d.Reads}
}

func TestModel(t *testing.T) {
	camunda, graph := archiveModel(t, "free-variables"), archiveModel(t, "graph")
	got := []face{faceOf(t, camunda, "dish"), faceOf(t, graph, "grade"), faceOf(t, graph, "nothing")}
	want := []face{
		{"Dish", "Dish", "menu-2", rules.TypeTable, "COLLECT", []string{"season"}, []string{"diet", "guests"}},
		{"Grade", "Grade", "", rules.TypeTable, "FIRST", []string{"instalment"}, []string{"Applicant"}},
		{"Nothing yet", "Nothing yet", "", rules.TypeLiteral, "", nil, nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if graph.ID != "graph" || graph.Namespace != "https://tallystick.example/graph" || len(graph.Inputs) != 2 {
		t.Errorf("model %q %q with %d inputs", graph.ID, graph.Namespace, len(graph.Inputs))
	}
	if _, ok := graph.Decision("in_amount"); ok {
		t.Error("input data is taken for a decision")
	}
}

func TestCamundaVersionTag(t *testing.T) {
	m := mustParse(t, `<definitions xmlns="`+dmn13+`" xmlns:c="http://camunda.org/schema/1.0/dmn" id="m"><decision id="d" name="d" c:versionTag="v7"/></definitions>`)
	if got := m.Decisions[0].VersionTag; got != "v7" {
		t.Errorf("version tag %q", got)
	}
}

// TestHiddenElements: what is in the model but not required is not visible, even as a variable.
func TestHiddenElements(t *testing.T) {
	source := definitions(`<inputData id="i" name="Shoe size"/>
<decision id="d" name="d"><literalExpression><text>Shoe size = null and other = 1</text></literalExpression></decision>`)
	trace, err := mustParse(t, source).Evaluate("d", variablesOf(t, `{"Shoe size": 44, "other": 1}`))
	if err != nil || trace.Output != "true" {
		t.Errorf("output %s, %v", trace.Output, err)
	}
}

// TestKnowledgeSeesNothingOfItsCaller (DMN 1.5, 7.3.2).
func TestKnowledgeSeesNothingOfItsCaller(t *testing.T) {
	source := definitions(`<inputData id="i" name="secret"/>
<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>
<literalExpression><text>[n, secret, other]</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="d" name="d"><informationRequirement><requiredInput href="#i"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>
<literalExpression><text>[f(1), f("1"), f(n: [2]), secret]</text></literalExpression></decision>`)
	trace, err := mustParse(t, source).Evaluate("d", variablesOf(t, `{"secret": 7, "other": 8}`))
	if want := `[[1,null,null],null,[2,null,null],7]`; err != nil || string(trace.Output) != want {
		t.Errorf("output %s, want %s, %v", trace.Output, want, err)
	}
}
