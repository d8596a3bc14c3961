package engine

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/fault"
)

// migrate moves the instance to another model, with lines source=target; "ids" keeps the others.
func (r *run) migrate(to *Definition, lines ...string) {
	r.t.Helper()
	cmd := mapped(to, lines...)
	var err error
	r.step(cmd, func() (st State, recs []Record, _ error) {
		st, recs, err = Migrate(r.def, to, r.st, r.meta, cmd)
		return st, recs, err
	})
	if err == nil {
		r.def = to
	}
}

func mapped(to *Definition, lines ...string) MigrateInstance {
	cmd := MigrateInstance{Definition: to.identity.Key}
	for _, line := range lines {
		source, target, named := strings.Cut(line, "=")
		if !named {
			cmd.EqualIDs = true
			continue
		}
		cmd.Mapping = append(cmd.Mapping, Mapping{source, target})
	}
	return cmd
}

// reasons are what forbids a migration, each as its code and element.
func (r *run) reasons(to *Definition, lines ...string) []string {
	r.t.Helper()
	report, err := PlanMigration(r.def, to, r.st, r.meta, mapped(to, lines...))
	if err != nil {
		r.t.Fatal(err)
	}
	var list []string
	for _, reason := range report.Reasons {
		list = append(list, reason.Code+" "+reason.Element)
	}
	return list
}

func TestMigrationReasons(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to string
		do       func(*run)
		lines    []string
		want     []string
	}{
		"a loop that is none any more, another mode, work done in another way": {
			from: "start s\nand f\nservice a type=a each==[1,2]\nservice b type=b each==[1] seq\nservice c type=c\nend e\ns -> f\nf -> a -> e\nf -> b -> e\nf -> c -> e",
			to:   "start s\nand f\nservice a type=a\nservice b type=b each==[1]\nservice c expr==1\nend e\ns -> f\nf -> a -> e\nf -> b -> e\nf -> c -> e",
			want: []string{"LOOP_DIFFERS a", "LOOP_DIFFERS b", "WORK_DIFFERS c", "LOOP_DIFFERS a", "LOOP_DIFFERS b", "LOOP_DIFFERS a"},
		},
		"an event with other triggers": {
			from: "start s\ncatch a message=m\nend e\ns -> a -> e",
			to:   "start s\ncatch a signal=m\nend e\ns -> a -> e",
			want: []string{"TRIGGERS_DIFFER a"},
		},
		"a boundary event that moved, one that waits for something else, two that become one": {
			from:  "start s\nand f\nservice a type=a\nservice b type=b\nboundary x on=a message=m\nboundary y on=b message=m\nboundary z on=b message=n\nboundary v on=b message=o\nend e\ns -> f\nf -> a -> e\nf -> b -> e\nx -> e\ny -> e\nz -> e\nv -> e",
			to:    "start s\nand f\nservice a type=a\nservice b type=b\nboundary x on=b message=m\nboundary y on=b duration=PT1H\nboundary z on=b message=n\nend e\ns -> f\nf -> a -> e\nf -> b -> e\nx -> e\ny -> e\nz -> e",
			lines: []string{"v=z", "ids"},
			want:  []string{"PLACE_DIFFERS x", "TRIGGERS_DIFFER y", "MAPPED_TWICE v"},
		},
		"tokens that would come to a join by one flow": {
			from:  "start s\nand f\nmanual a\nmanual b\nuser c\nand j\nend e\ns -> f\nf -> a -> j\nf -> b -> j\nf -> c -> j\nj -> e",
			to:    "start s\nand f\nmanual m\nuser c\nand j\nend e\ns -> f\nf -> m -> j\nf -> c -> j\nj -> e",
			lines: []string{"a=m", "b=m", "ids"},
			want:  []string{"TOKENS_MERGED j"},
		},
		"a condition and a timer without a value": {
			from: "start s\nservice a type=a\nboundary x on=a condition==y keep\nend e\ns -> a -> e\nx -> e",
			to:   "start s\nservice a type=a\nboundary x on=a condition==5 keep\nboundary z on=a duration==y\nend e\ns -> a -> e\nx -> e\nz -> e",
			want: []string{"EXPRESSION_INVALID x", "EXPRESSION_INVALID z"},
		},
		"the target starts elsewhere": {
			from: "service a type=a\nend e\na -> e\nesub h (\nstart w duration==y\nend g\nw -> g\n)",
			to:   "start s message=m\nservice a type=a\nend e\ns -> a -> e",
			want: []string{"START_MISSING "},
		},
		"a mapping that names nothing": {
			from:  "start s\nservice a type=a\nend e\ns -> a -> e",
			to:    "start s\nservice b type=a\nend e\ns -> b -> e",
			lines: []string{"a=b", "a=b", "x=b", "e=x"},
			want:  []string{"MAPPED_TWICE a", "SOURCE_UNKNOWN x", "TARGET_UNKNOWN e"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t, c.from)
			r.start()
			if diff := cmp.Diff(c.want, r.reasons(compileAs(t, c.to, 78), c.lines...)); diff != "" {
				t.Error(diff)
			}
			r.got.Reset()
			r.migrate(compileAs(t, c.to, 78), c.lines...)
			r.want("refused migration.impossible")
		})
	}
}

// TestMigrationRefuses sends what is no migration at all.
func TestMigrationRefuses(t *testing.T) {
	t.Parallel()
	text := "start s\nservice a type=a\nend e\ns -> a -> e"
	r, to := newRun(t, text), compileAs(t, text, 78)
	refused := func(cmd MigrateInstance, from, to *Definition, want error) {
		t.Helper()
		_, recs, err := Migrate(from, to, r.st, r.meta, cmd)
		_, planned := PlanMigration(from, to, r.st, r.meta, cmd)
		if !errors.Is(err, want) || !errors.Is(planned, want) || recs != nil {
			t.Errorf("%v and %v, want %v", err, planned, want)
		}
	}
	refused(mapped(to), r.def, to, ErrInstanceNotFound)
	r.start()
	refused(mapped(to, "=a"), r.def, to, ErrMapping)
	refused(mapped(to, "a="), r.def, to, ErrMapping)
	refused(mapped(to, "a=\xff"), r.def, to, ErrText)
	refused(mapped(to, "a\x00=a"), r.def, to, ErrText)
	refused(mapped(to, slices.Repeat([]string{"a=a"}, MappingMax+1)...), r.def, to, ErrMapping)
	refused(mapped(to), to, r.def, ErrMismatch)
	refused(mapped(r.def), r.def, to, ErrMismatch)
	r.got.Reset()
	r.do(mapped(to))
	r.want("refused command.unknown")
	r.do(CancelInstance{})
	refused(mapped(to), r.def, to, ErrInstanceEnded)
}

// The refusal names at most a hundred reasons; the plan has all.
func TestMigrationNamesReasons(t *testing.T) {
	t.Parallel()
	r := newRun(t, "start s\nand f\nend e\ns -> f\n"+strings.Repeat("f -> a\n", 1)+"user a each==x\na -> e")
	r.start("x=[" + strings.TrimSuffix(strings.Repeat("1,", 150), ",") + "]")
	to := compileAs(t, "start s\nservice a type=a\nend e\ns -> a -> e", 78)
	if n := len(r.reasons(to)); n != 151 {
		t.Errorf("%d reasons", n)
	}
	_, _, err := Migrate(r.def, to, r.st, r.meta, mapped(to))
	f, _ := errors.AsType[*fault.Error](err)
	if f == nil || len(f.Details) != 100 || !strings.HasSuffix(f.Message, "and 51 more") || f.Details[0].Element != "a" {
		t.Errorf("%v", err)
	}
}

// What parked stays parked, and is tried again by the target; what has fired once does not fire again; a condition
// that a variable made true while the instance was suspended triggers when it is resumed.
func TestMigrationKeepsIncidents(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		and f
		service a type="=x + 1"
		service b type=b
		boundary c on=b duration=PT1H keep
		end e
		s -> f
		f -> a -> e
		f -> b -> e
		c -> e`)
	to := compileAs(t, `
		start s
		and f
		service a2 type=ok
		service b type=other
		boundary c on=b duration=PT1M keep
		boundary d on=b condition="=y = 7" keep
		boundary g on=b condition="=true" keep
		end e
		s -> f
		f -> a2 -> e
		f -> b -> e
		c -> e
		d -> e
		g -> e`, 78)
	r.start(`x="text"`)
	r.fire("c")
	r.do(FailJob{Job: r.job("b")})
	r.do(SuspendInstance{})
	r.got.Reset()
	r.migrate(to, "a=a2", "ids")
	r.want(`
		migrated to p v2
		migrated a to a2
		migrated b
		job migrated b
		incident migrated a to a2
		incident migrated b
		waits d for a condition
		waits g for a condition`)
	r.do(ResumeInstance{})
	r.do(ResolveIncident{Incident: r.incident("a2")})
	r.want(`
		resumed
		caught g
		waits g for a condition
		activated g
		completed g
		activated e
		completed e
		incident resolved at a2
		job created a2 type ok retries 3`)
	r.do(SetVariables{Scope: r.st.Key(), Variables: Variables{"y": "7"}})
	r.want(`
		set y = 7
		caught d
		waits d for a condition
		activated d
		completed d
		activated e
		completed e`)
	if j, _ := r.st.Job(r.job("b")); j.Type != "b" || j.Retries != 0 {
		t.Errorf("the job is %+v", j)
	}
}
