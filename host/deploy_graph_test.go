package host_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/internal/canon"
)

// graph is a DMN file; imports are the ids of others, which are also their namespaces behind "urn:".
func graph(id string, imports []string, elements string) host.Resource {
	var b strings.Builder
	b.WriteString(`<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="` + id + `" name="` + id + `" namespace="urn:` + id + `">`)
	for _, i := range imports {
		b.WriteString(`<import name="` + i + `" namespace="urn:` + i + `" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>`)
	}
	return host.Resource{Name: id + ".dmn", Data: []byte(b.String() + elements + `</definitions>`)}
}

// terms is a library without a decision: the function rate.
func terms(rate string) host.Resource {
	return graph("terms", nil, `<businessKnowledgeModel id="rate" name="rate"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>
<literalExpression><text>n * `+rate+`</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>`)
}

// offer decides by the function of terms.
var offer = graph("offer", []string{"terms"}, `<inputData id="n" name="n"><variable name="n" typeRef="number"/></inputData>
<decision id="price" name="price"><informationRequirement><requiredInput href="#n"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="urn:terms#rate"/></knowledgeRequirement>
<literalExpression><text>terms.rate(n)</text></literalExpression></decision>`)

// bill decides by the decision of offer, which has an import of its own.
var bill = graph("bill", []string{"offer"}, `<decision id="total" name="total">
<informationRequirement><requiredDecision href="urn:offer#price"/></informationRequirement>
<literalExpression><text>offer.price + 1</text></literalExpression></decision>`)

func (x *house) decided(id string) canon.JSON {
	x.t.Helper()
	e, err := x.Evaluate(x.t.Context(), ann, host.DecisionCall{ID: id, Variables: map[string]canon.JSON{"n": "10"}})
	if err != nil || e.Trace.Failure != "" {
		x.t.Fatalf("%s: %v %s", id, err, e.Trace.Failure)
	}
	return e.Trace.Output
}

func TestModelsOfOneDeploymentImportEachOther(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		d := x.deploy(bill, offer, terms("2"))
		if got := x.decided("total"); got != "21" {
			t.Errorf("total is %s", got)
		}
		if len(d.Graphs) != 3 || d.Graphs[0].ID != "terms" || !slices.Equal(d.Graphs[1].Imports, []int64{d.Graphs[0].Key}) {
			t.Errorf("%+v", d.Graphs)
		}
		if again := x.deploy(terms("2"), bill, offer); !again.Graphs[0].Duplicate || !again.Graphs[2].Duplicate || again.Graphs[2].ID != "bill" {
			t.Errorf("the same bytes again: %+v", again.Graphs)
		}
		last, ok := x.Catalog().DecisionOf(d.Graphs[2].Key, "urn:offer", "price")
		if !ok || last.Requirements.Key != d.Graphs[1].Key {
			t.Errorf("the imported decision: %+v", last)
		}
	})
}

// TestImportsAreSettledAtDeployment: a newer version of what is imported counts when its importer is deployed again, and not before.
func TestImportsAreSettledAtDeployment(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		x.deploy(terms("2"))
		first := x.deploy(offer)
		x.deploy(bill)
		x.deploy(terms("3"))
		if got := x.decided("price"); got != "20" {
			t.Errorf("before its importer is deployed again: %s", got)
		}
		second := x.deploy(offer)
		if second.Graphs[0].Duplicate || second.Decisions[0].Version != 2 || second.Graphs[0].Imports[0] == first.Graphs[0].Imports[0] {
			t.Errorf("%+v", second.Graphs)
		}
		if got := x.decided("price"); got != "30" {
			t.Errorf("after it: %s", got)
		}
		if got := x.decided("total"); got != "21" {
			t.Errorf("the importer of the importer: %s", got)
		}
		if third := x.deploy(offer); !third.Graphs[0].Duplicate {
			t.Errorf("nothing has changed: %+v", third.Graphs)
		}
	})
}

// TestImportsOutliveTheNode: another node, which compiled nothing yet, decides the same.
func TestImportsOutliveTheNode(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		x.deploy(terms("2"), offer)
		x.deploy(bill)
		x.deploy(terms("3"))
		o := options(x.store)
		o.Node = "other"
		y := open(t, o)
		defer y.close()
		if got := y.decided("total"); got != "21" {
			t.Errorf("total is %s", got)
		}
	})
}

func TestImportsThatLeadNowhere(t *testing.T) {
	tests := map[string]struct {
		files []host.Resource
		want  string
	}{
		"missing":       {[]host.Resource{offer}, "offer.dmn import.missing"},
		"of each other": {[]host.Resource{graph("a", []string{"b"}, ""), graph("b", []string{"a"}, "")}, "b.dmn import.missing"},
		"of itself":     {[]host.Resource{graph("a", []string{"a"}, "")}, "a.dmn import.missing"},
		"ambiguous": {
			[]host.Resource{offer, terms("2"), {Name: "twin.dmn", Data: []byte(strings.ReplaceAll(string(terms("3").Data), `id="terms"`, `id="twin"`))}},
			"offer.dmn import.ambiguous",
		},
		"too many":     {[]host.Resource{graph("a", make([]string, 65), "")}, "a.dmn import.count"},
		"faulty":       {[]host.Resource{offer, graph("terms", nil, `<decision/>`)}, "terms.dmn decision.id_missing"},
		"empty":        {[]host.Resource{graph("a", nil, "")}, "a.dmn rules.empty"},
		"no XML":       {[]host.Resource{offer, {Name: "terms.dmn", Data: []byte("<")}}, "terms.dmn xml.malformed"},
		"other's twin": {[]host.Resource{terms("2"), {Name: "again.dmn", Data: terms("2").Data}}, "again.dmn definition.duplicate"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			run(t, nil, nil, func(t *testing.T, x *house) {
				_, _, err := x.Deploy(t.Context(), admin, "", test.files)
				f, ok := errors.AsType[*fault.Error](err)
				if !ok || !errors.Is(err, host.ErrDefinition) {
					t.Fatalf("%v", err)
				}
				if !slices.ContainsFunc(f.Details, func(d fault.Detail) bool { return d.Resource+" "+d.Code == test.want }) {
					t.Errorf("%+v", f.Details)
				}
				if _, ok := x.Catalog().LatestDecision("price"); ok {
					t.Error("something was deployed")
				}
			})
		})
	}
}

// TestImportNeedsTheRightToRead: who may not read a model may not use it in one of his own either.
func TestImportNeedsTheRightToRead(t *testing.T) {
	policy := func(_ int64, by host.Actor, action, scope string) bool {
		return by.Name != ann.Name || action != host.ActionDecisionRead || scope != "dec:terms"
	}
	run(t, nil, func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(policy) }, func(t *testing.T, x *house) {
		x.deploy(terms("2"))
		_, _, err := x.Deploy(t.Context(), ann, "", []host.Resource{offer})
		if !errors.Is(err, host.ErrDenied) || !strings.Contains(err.Error(), "dec:terms") {
			t.Errorf("%v", err)
		}
	})
}

// TestDeploymentsOfImportedAndImporterRace: whichever comes first, the importer is bound to bytes that it was compiled with.
func TestDeploymentsOfImportedAndImporterRace(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		x.deploy(terms("2"))
		o := options(x.store)
		o.Node = "other"
		y := open(t, o)
		defer y.close()
		x.deploy(terms("3"))
		y.deploy(offer) // y has not seen it yet
		if got := y.decided("price"); got != "30" {
			t.Errorf("price is %s", got)
		}
	})
}
