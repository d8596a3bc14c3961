package enginetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const forkFlow = `-- fork.flow --
process fork "Fork"
start -> way
way: xor
way -> yes [ok]
way -> no  [else]
yes: task
no: task "No"
yes -> end
no -> end
-- other.flow --
process other
start -> end
`

// TestCoverage counts over two scenarios with the same process, and a process that nobody starts.
func TestCoverage(t *testing.T) {
	t.Parallel()
	var c Coverage
	steps := 0
	for name, script := range map[string]string{
		"a": "deploy fork.flow\nstart ok=true\n----\nstarted fork v1\ntook start -> way\ntook way -> yes\ntook yes -> end\ninstance completed\n\n",
		"b": "deploy other.flow fork.flow\nstart fork ok=true\n----\nstarted fork v1\ntook start -> way\ntook way -> yes\ntook yes -> end\ninstance completed\n\n",
	} {
		o := c.Watch(name, Options{Stepped: func(Step) { steps++ }})
		if r := Run(name, []byte(script+forkFlow), o); !r.OK() {
			t.Fatal(r)
		}
	}
	all := c.Processes()
	if len(all) != 2 || all[0].ID != "fork" || all[1].ID != "other" || steps != 2 {
		t.Fatalf("%d steps, %+v", steps, all)
	}
	got := map[string]int{}
	for _, e := range all[0].Elements {
		got[e.Type+" "+e.ID] = e.Count
	}
	for _, f := range all[0].Flows {
		got[f.ID] = f.Count
	}
	want := map[string]int{
		"START_EVENT start": 2, "EXCLUSIVE_GATEWAY way": 2, "TASK yes": 2, "TASK no": 0, "END_EVENT end": 2,
		"start_to_way": 2, "way_to_yes": 2, "way_to_no": 0, "yes_to_end": 2, "no_to_end": 0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e, f := all[0].ElementsReached(), all[0].FlowsReached(); e != (Reached{4, 5}) || f != (Reached{3, 5}) || e.Percent() != 80 {
		t.Errorf("%+v %+v", e, f)
	}
	if e := all[1].ElementsReached(); e.Reached != 0 || all[1].Scenario != "b" {
		t.Errorf("%+v", all[1])
	}
	if (Reached{}).Percent() != 100 {
		t.Error("nothing to reach is not all of it")
	}
}
