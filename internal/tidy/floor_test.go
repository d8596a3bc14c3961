package tidy

import "testing"

func TestFloors(t *testing.T) {
	t.Parallel()
	base := map[string]string{"engine/e.go": "package engine\n", "fault/f.go": "package fault\n"}
	imports := func(pkg, path string) string { return "package " + pkg + "\n\nimport _ \"" + path + "\"\n" }
	check(t, Floors, base, []violation{
		{"downward", "store/s.go", imports("store", "tallystick/engine"), ""},
		{
			"upward", "bpmn/b.go", imports("bpmn", "tallystick/engine"),
			"bpmn/b.go:3: floor 1 may not import engine (floor 2)",
		},
		{"neighbour", "query/q.go", imports("query", "tallystick/engine"), "query/q.go:3: floor 2 may not import engine"},
		{"top from below", "api/a.go", imports("api", "tallystick/cmd/tallystick"), "api/a.go:3: floor 4"},
		{"without a floor", "shed/s.go", "package shed\n", "shed: package has no floor"},
		{"import without a floor", "api/a.go", imports("api", "tallystick/shed"), "may not import shed"},
		{"granted neighbour", "internal/lang/l.go", imports("lang", "tallystick/rules/feel"), ""},
		{"fault from floor 0", "rules/feel/f.go", imports("feel", "tallystick/fault"), ""},
		{"not granted backwards", "rules/feel/f.go", imports("feel", "tallystick/internal/lang"), "may not import internal/lang"},
		{"below the command", "cmd/tallystick/serve/s.go", imports("serve", "tallystick/api"), ""},
		{"within the command", "cmd/tallystick/m.go", imports("main", "tallystick/cmd/tallystick/serve"), ""},
		{"embedded files", "cmd/tallystick/m.go", imports("main", "tallystick/web"), ""},
		{"below the examples", "examples/x/train/m.go", imports("main", "tallystick/engine"), ""},
		{"parent of test support", "store/storetest/s.go", imports("storetest", "tallystick/store"), ""},
		{"test of its own support", "host/h_test.go", imports("host_test", "tallystick/host/hosttest"), ""},
		{"support of a neighbour", "api/a_test.go", imports("api", "tallystick/host/hosttest"), ""},
		{"support in production", "api/a.go", imports("api", "tallystick/host/hosttest"), "may not import host/hosttest"},
		{"external test", "engine/e_test.go", imports("engine_test", "tallystick/engine"), ""},
		{"test of a neighbour", "store/a_test.go", imports("store", "tallystick/authz"), "may not import authz"},
		{"rehearsal with the real thing", "api/a_test.go", imports("api_test", "tallystick/store"), ""},
	})
}

func TestPureFloors(t *testing.T) {
	t.Parallel()
	clock := "package p\n\nimport \"time\"\n\nvar Now = time.Now\n"
	renamed := "package p\n\nimport clock \"time\"\n\nfunc f() any { return clock.Now() }\n"
	cases := []violation{
		{"wall clock", "engine/e.go", clock, "engine/e.go:5: floor 2 is pure and may not call time.Now"},
		{"renamed clock", "fault/f.go", renamed, "fault/f.go:5: floor 0 is pure and may not call time.Now"},
		{"clock above", "host/h.go", clock, ""},
		{"clock in a test", "engine/e_test.go", clock, ""},
		{"other time", "engine/e.go", "package p\n\nimport \"time\"\n\nvar D time.Duration\n", ""},
	}
	for _, name := range worldly {
		text := "package p\n\nimport _ \"" + name + "\"\n"
		cases = append(cases,
			violation{name, "bpmn/b.go", text, "bpmn/b.go:3: floor 1 is pure and may not import " + name},
			violation{name + " above", "host/h.go", text, ""})
	}
	check(t, Floors, nil, cases)
}
