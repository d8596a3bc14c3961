package tidy

import "testing"

func TestSupport(t *testing.T) {
	t.Parallel()
	const head = "| Element | Here | Notes | Scenarios |\n|---|---|---|---|\n"
	base := map[string]string{
		"testdata/scenarios/task-a.txtar": "start\n", "testdata/scenarios/task-b.txtar": "start\n",
		"testdata/scenarios/dmn.dmn": "beside a scenario",
	}
	table := func(name, rows, want string) violation { return violation{name, supportTable, head + rows, want} }
	const good = "| task | runs | passes | `task-a`, `task-b` |\n"
	check(t, Support, base, []violation{
		table("shown", good, ""),
		table("model and refused need none", good+"| lane | model | | |\n| group | refused | why | |\n", ""),
		table("too few", good+"| user task | runs | | `task-a` |\n", "docs/bpmn-support.md:4: user task: it runs, but 1 of 2 scenarios"),
		table("no such scenario", good+"| lane | model | | `task-c` |\n", "docs/bpmn-support.md:4: lane: there is no scenario task-c"),
		table("not named", "| lane | model | | `task-a` |\n", "testdata/scenarios/task-b.txtar: no row of docs/bpmn-support.md names it"),
		table("another word", good+"| lane | perhaps | | |\n", `docs/bpmn-support.md:4: lane: "perhaps" is not`),
		table("cells", good+"| lane | model | |\n", "docs/bpmn-support.md:4: the row has 3 cells"),
		table("another table", good+"\n| A | B | C | D |\n|---|---|---|---|\n| x | runs | | `y` |\n", ""),
	})
	expect(t, Support(plant(t, map[string]string{"testdata/scenarios/a.txtar": "start\n"})), "docs/bpmn-support.md: is missing")
	expect(t, Support(plant(t, map[string]string{"a.txt": ""})), "")
}
