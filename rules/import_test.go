package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"tallystick/rules"
	"tallystick/rules/feel"
)

// modelOf is a model with a namespace; imports are written name=namespace.
func modelOf(namespace string, imports []string, elements string) rules.Source {
	var b strings.Builder
	fmt.Fprintf(&b, `<definitions xmlns="%s" id="%s" name="%s" namespace="urn:%s">`, dmn13, namespace, namespace, namespace)
	for _, i := range imports {
		name, space, _ := strings.Cut(i, "=")
		fmt.Fprintf(&b, `<import name="%s" namespace="urn:%s" importType="%s" locationURI="models/%s.dmn"/>`, name, space, dmn13, space)
	}
	b.WriteString(elements + `</definitions>`)
	return rules.Source{Name: namespace + ".dmn", Data: []byte(b.String())}
}

func parseSet(t *testing.T, sources ...rules.Source) []*rules.Model {
	t.Helper()
	var models []*rules.Model
	for _, p := range rules.ParseAll(sources) {
		if p.Err != nil || p.Diagnostics.HasErrors() {
			t.Fatalf("%s: %v %v", p.Name, p.Err, p.Diagnostics)
		}
		models = append(models, p.Model)
	}
	return models
}

var library = modelOf("base", nil, `
<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues></itemDefinition>
<itemDefinition name="tPerson"><itemComponent name="age"><typeRef>tAge</typeRef></itemComponent></itemDefinition>
<inputData id="who" name="the name"><variable name="the name" typeRef="string"/></inputData>
<businessKnowledgeModel id="greet" name="say hello"><encapsulatedLogic><formalParameter name="to" typeRef="string"/>
<literalExpression><text>"Hello " + to</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="d" name="greeting"><informationRequirement><requiredInput href="#who"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="#greet"/></knowledgeRequirement>
<literalExpression><text>say hello(the name)</text></literalExpression></decision>
<decisionService id="s" name="serve"><outputDecision href="#d"/><inputData href="#who"/></decisionService>`)

// TestImports (DMN 1.5, 6.3.3): elements and types of another model are seen behind the name of the import.
func TestImports(t *testing.T) {
	user := modelOf("user", []string{"base lib=base"}, `
<inputData id="p" name="p"><variable name="p" typeRef="base lib.tPerson"/></inputData>
<decision id="d" name="d"><informationRequirement><requiredInput href="#p"/></informationRequirement>
<informationRequirement><requiredDecision href="urn:base#d"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="urn:base#greet"/></knowledgeRequirement>
<knowledgeRequirement><requiredKnowledge href="base.dmn#s"/></knowledgeRequirement>
<literalExpression><text>[base lib.say hello("you"), base lib.greeting, base lib.serve("all"), p.age]</text></literalExpression></decision>`)
	models := parseSet(t, user, library)
	tests := map[string]struct{ variables, want string }{
		"plain input":               {`{"the name": "Ann", "p": {"age": 7}}`, `["Hello you","Hello Ann","Hello all",7]`},
		"input in the import":       {`{"base lib": {"the name": "Bob"}, "p": {"age": 7}}`, `["Hello you","Hello Bob","Hello all",7]`},
		"imported constraint holds": {`{"the name": "Ann", "p": {"age": 700}}`, `["Hello you","Hello Ann","Hello all",null]`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			trace, err := models[0].Evaluate("d", variablesOf(t, test.variables))
			if err != nil || string(trace.Output) != test.want {
				t.Errorf("output %s %s, want %s, %v", trace.Output, trace.Failure, test.want, err)
			}
			if trace.Decisions[0].Namespace != "urn:base" {
				t.Errorf("the imported decision is told as one of %q", trace.Decisions[0].Namespace)
			}
		})
	}
}

// TestNestedImports: two routes lead to the same element, and a model sees only its own import names.
func TestNestedImports(t *testing.T) {
	middle := func(name, word string) rules.Source {
		return modelOf(name, []string{"b=base"}, `<decision id="d" name="out"><informationRequirement><requiredInput href="urn:base#who"/></informationRequirement>
<literalExpression><text>"`+word+` " + b.the name</text></literalExpression></decision>`)
	}
	top := modelOf("top", []string{"m.1=m1", "m.2=m2"}, `<decision id="d" name="d"><informationRequirement><requiredDecision href="urn:m1#d"/></informationRequirement>
<informationRequirement><requiredDecision href="urn:m2#d"/></informationRequirement>
<literalExpression><text>m.1.out + ", " + m.2.out</text></literalExpression></decision>`)
	models := parseSet(t, top, middle("m1", "one"), middle("m2", "two"), library)
	env := rules.Env{Values: func(namespace, name string) (feel.Value, bool) {
		return feel.Text("Ann"), namespace == "urn:base" && name == "the name"
	}}
	trace, err := models[0].Evaluate("d", env)
	if want := `"one Ann, two Ann"`; err != nil || string(trace.Output) != want {
		t.Errorf("output %s %s, want %s, %v", trace.Output, trace.Failure, want, err)
	}
	nested, err := models[0].Evaluate("d", variablesOf(t, `{"m.1": {"b": {"the name": "Bob"}}}`))
	if want := `"one Bob, two Bob"`; err != nil || string(nested.Output) != want {
		t.Errorf("output %s, want %s, %v", nested.Output, want, err)
	}
}

// TestImportWithoutName: the elements join the model's own, which win.
func TestImportWithoutName(t *testing.T) {
	user := modelOf("user", []string{"=base"}, `<decision id="mine" name="greeting"><literalExpression><text>"mine"</text></literalExpression></decision>
<decision id="d" name="d"><informationRequirement><requiredDecision href="urn:base#d"/></informationRequirement>
<informationRequirement><requiredDecision href="#mine"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="urn:base#greet"/></knowledgeRequirement>
<literalExpression><text>[greeting, say hello("x"), 8 instance of tAge]</text></literalExpression></decision>`)
	trace, err := parseSet(t, user, library)[0].Evaluate("d", variablesOf(t, `{"the name": "Ann"}`))
	if want := `["mine","Hello x",true]`; err != nil || string(trace.Output) != want {
		t.Errorf("output %s, want %s, %v", trace.Output, want, err)
	}
}

// TestImportRefusals: what is missing is named.
func TestImportRefusals(t *testing.T) {
	tests := map[string]struct {
		sources []rules.Source
		want    string // code and a part of the message
	}{
		"missing":       {[]rules.Source{modelOf("a", []string{"x=gone"}, "")}, `import.missing "urn:gone"`},
		"of each other": {[]rules.Source{modelOf("a", []string{"x=b"}, ""), modelOf("b", []string{"y=a"}, "")}, `import.missing "urn:a"`},
		"twice":         {[]rules.Source{modelOf("a", []string{"x=base", "x=base"}, ""), library}, `import.duplicate "x"`},
		"dangling": {
			[]rules.Source{modelOf("a", []string{"x=base"}, `<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="urn:base#none"/></knowledgeRequirement></decision>`), library},
			`requirement.dangling "urn:base#none"`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			code, part, _ := strings.Cut(test.want, " ")
			var found []rules.Diagnostic
			for _, p := range rules.ParseAll(test.sources) {
				found = append(found, p.Diagnostics...)
			}
			if len(found) != 1 || found[0].Code != code || !strings.Contains(found[0].Message, part) {
				t.Errorf("found %v, want %s", found, test.want)
			}
		})
	}
}

// TestReadImports finds out what a file needs without compiling it.
func TestReadImports(t *testing.T) {
	namespace, imports, err := rules.ReadImports(modelOf("a", []string{"x=base"}, "").Data)
	want := rules.Import{Name: "x", Namespace: "urn:base", Location: "models/base.dmn"}
	if err != nil || namespace != "urn:a" || len(imports) != 1 || imports[0] != want {
		t.Errorf("got %s %v %v", namespace, imports, err)
	}
	if _, _, err := rules.ReadImports([]byte("<x/>")); err == nil {
		t.Error("no DMN was read")
	}
}
