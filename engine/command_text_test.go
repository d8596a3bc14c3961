package engine

import (
	"errors"
	"testing"

	"tallystick/tasks"
)

// What a record cannot keep as it is would break the law that records replay to the state.
func TestTextsThatCannotBeKeptAreRefused(t *testing.T) {
	users := []string{"bob", "a\x00b"}
	for _, cmd := range []Command{
		StartInstance{Instance: InstanceKey(1), Tags: []string{"ok", "\xff"}},
		StartInstance{Instance: InstanceKey(1), BusinessID: "\x8a"},
		CompleteJob{Job: 1, Variables: Variables{"\x8a": "1"}},
		FailJob{Job: 1, Message: "a\x00"},
		ThrowJobError{Job: 1, Code: "\xff"},
		AssignTask{Task: 1, Assignee: "\xff"},
		UpdateTask{Task: 1, Change: tasks.Change{CandidateUsers: &users}},
		CompleteTask{Task: 1, Action: "\xff"},
		SetVariables{Scope: 1, Variables: Variables{"\x8a": "1"}},
		ModifyInstance{Activate: []ActivateElement{{Element: "\xff"}}},
		ModifyInstance{Move: []MoveElement{{From: "a", To: "b\x00"}}},
		ModifyInstance{Terminate: []TerminateElement{{Element: "\xff"}}},
		ModifyInstance{Move: []MoveElement{{Variables: []ScopedVariables{{Variables: Variables{"\xff": "1"}}}}}},
		ActivateAdHoc{ElementInstance: 1, Elements: []Activation{{Element: "a"}, {Element: "b", Variables: Variables{"\x8a": "1"}}}},
		CompleteJob{Job: 1, AdHoc: &AdHocResult{Elements: []Activation{{Element: "\xff"}}}},
	} {
		if _, recs, err := Step(&Definition{}, State{}, Meta{}, cmd); !errors.Is(err, ErrText) || recs != nil {
			t.Errorf("%s: got %v, want %v", cmd.Name(), err, ErrText)
		}
	}
}
