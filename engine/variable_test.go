package engine

import (
	"strings"
	"testing"

	"tallystick/internal/canon"
	"tallystick/rules"
)

// Results go to the nearest scope that has the name, else to the instance.
func TestResultsGoHome(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub box (
			start s1
			service a type=a
			user u
			s1 -> a -> u
		)
		in box x "=1"
		in a y "=2"
		s -> box`)
	r.start("z=3")
	r.want(`
		started p v1
		set z = 3
		activated s
		completed s
		activated box
		set x = 1 in box
		activated s1
		completed s1
		activated a
		set y = 2 in a
		job created a type a retries 3`)
	r.finish("a", "x=10", "y=20", "z=30", "n=40")
	r.want(`
		job completed a
		set n = 40
		set x = 10 in box
		set y = 20 in a
		set z = 30
		completed a
		activated u
		task created u`)
	r.vars(r.st.Key(), "n=40", "z=30")
	r.vars(r.element("box"), "x=10")
}

// With output mappings only what they name leaves the element, and it starts outside of it.
func TestOutputMappings(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=a
		in a x "=1"
		out a order.total "=sum"
		out a order.tax "=order.total * 2"
		out a x "=x + 1"
		user u
		s -> a -> u`)
	r.start(`order={"id":7}`)
	r.want(`
		started p v1
		set order = {"id":7}
		activated s
		completed s
		activated a
		set x = 1 in a
		job created a type a retries 3`)
	r.finish("a", "sum=10")
	r.want(`
		job completed a
		set sum = 10 in a
		set order = {"id":7,"tax":20,"total":10}
		set x = 2
		completed a
		activated u
		task created u`)
	r.vars(r.st.Key(), `order={"id":7,"tax":20,"total":10}`, "x=2")
}

// Input mappings run in order, see each other, and build nested contexts that are local.
func TestInputMappings(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=a
		in a o.p "=n"
		in a o.q "=o.p + 1"
		in a copy "=o"
		in a lit text
		in a gone "=missing"
		s -> a`)
	r.start("n=1", `o={"z":1}`)
	r.want(`
		started p v1
		set n = 1
		set o = {"z":1}
		activated s
		completed s
		activated a
		set copy = {"p":1,"q":2} in a
		set gone = null in a
		set lit = "text" in a
		set o = {"p":1,"q":2} in a
		job created a type a retries 3`)
	r.vars(r.st.Key(), "n=1", `o={"z":1}`)
}

func TestMappingFails(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=a
		in a x "${missing.part}"
		s -> a`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		incident IO_MAPPING_ERROR at a: the mapping to x`)
	r.resolve("a")
	r.want(`
		incident resolved at a
		incident IO_MAPPING_ERROR at a: the mapping to x`)

	r = newRun(t, `
		start s
		service a type=a
		out a x "${missing.part}"
		s -> a`)
	r.start()
	r.finish("a", "n=1")
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		job created a type a retries 3
		job completed a
		set n = 1 in a
		incident IO_MAPPING_ERROR at a: the mapping to x`)
	r.resolve("a")
	r.want(`
		incident resolved at a
		incident IO_MAPPING_ERROR at a: the mapping to x`)
}

func TestSetVariables(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		sub box (
			start s1
			user u
			s1 -> u
		)
		in box x "=1"
		s -> box`)
	r.start("y=1")
	r.want(`
		started p v1
		set y = 1
		activated s
		completed s
		activated box
		set x = 1 in box
		activated s1
		completed s1
		activated u
		task created u`)
	set := func(scope int64, local bool, vars ...string) {
		r.do(SetVariables{Scope: scope, Local: local, Variables: variables(vars)})
	}
	set(r.element("u"), false, "x=2", "y=2", "z=2")
	set(r.element("u"), true, "x=3")
	set(r.st.Key(), true, "y=2")
	set(r.st.Key()+99, false, "y=2")
	set(r.st.Key(), false, "=1")
	set(r.st.Key(), false, strings.Repeat("n", NameBytesMax+1)+"=1")
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"x": ""}})
	r.want(`
		set x = 2 in box
		set y = 2
		set z = 2
		set x = 3 in u
		refused scope.not_found
		refused variable.invalid
		refused variable.invalid
		refused variable.invalid`)
	got := r.st.VisibleVariables(r.element("u"))
	if len(got) != 3 || got["x"] != "3" || got["y"] != "2" || got["z"] != "2" {
		t.Errorf("visible: %v", got)
	}
}

// The caller's variables beyond the limit are refused, computed ones are an incident.
func TestVariableLimit(t *testing.T) {
	t.Parallel()
	big := canon.String(strings.Repeat("x", 1<<20))
	r := newRun(t, `
		start s
		user a
		script twice expr="=[v,v,v,v]" result=w
		user b
		s -> a -> twice -> b`)
	r.do(StartInstance{Instance: InstanceKey(5), Variables: Variables{"a": big, "b": big, "c": big, "d": big}})
	r.want(`
		refused variable.too_large`)
	r.do(StartInstance{Instance: InstanceKey(5), Variables: Variables{"v": big}})
	r.finish("a")
	r.got.Reset()
	in := r.st.Incidents()
	if len(in) != 1 || in[0].ErrorType != "MESSAGE_SIZE_EXCEEDED" && in[0].ErrorType != "EXTRACT_VALUE_ERROR" {
		t.Fatalf("incidents %v", in)
	}
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"v": "1"}})
	r.resolve("twice")
	r.want(`
		set v = 1
		incident resolved at twice
		set w = [1,1,1,1]
		completed twice
		activated b
		task created b`)
}

func TestScriptFails(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		script a expr=${missing.part} result=x
		s -> a`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		incident EXTRACT_VALUE_ERROR at a: the script`)
}

const dish = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="dish" name="Dish">
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i"><inputExpression id="ie" typeRef="string"><text>season</text></inputExpression></input>
      <output id="o" name="dish" typeRef="string"/>
      <rule id="r1"><inputEntry id="e1"><text>"Winter"</text></inputEntry><outputEntry id="o1"><text>"Stew"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="e2"><text>"Summer"</text></inputEntry><outputEntry id="o2"><text>"Salad"</text></outputEntry></rule>
      <rule id="r3"><inputEntry id="e3"><text>"Summer"</text></inputEntry><outputEntry id="o3"><text>"Ice"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>`

func TestDecision(t *testing.T) {
	t.Parallel()
	model, found, err := rules.Parse([]byte(dish))
	if err != nil || found.HasErrors() {
		t.Fatal(found, err)
	}
	lib := library{decisions: map[string]Decision{"dish": {Ref: DecisionRef{Key: 9, ID: "dish", Version: 1}, Model: model}}}
	r := newRun(t, `
		start s
		rule a decision=dish result=menu
		end e
		s -> a -> e`)
	r.start(`season="Winter"`)
	r.want(`
		started p v1
		set season = "Winter"
		activated s
		completed s
		activated a
		incident CALLED_DECISION_ERROR at a: no decision dish is deployed`)
	r.meta.Library = lib
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"season": `"Summer"`}})
	r.resolve("a")
	if in := r.st.Incidents(); len(in) != 1 || in[0].ErrorType != "DECISION_EVALUATION_ERROR" {
		t.Fatalf("two rules match a unique table: incidents %v", in)
	}
	r.got.Reset()
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"season": `"Winter"`}})
	r.resolve("a")
	r.want(`
		set season = "Winter"
		incident resolved at a
		decided dish at a = "Stew"
		set menu = "Stew"
		completed a
		activated e
		completed e
		instance completed`)
}
