package tasks

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func open(assignee string) Task { return Task{State: Created, Assignee: assignee, Priority: 50} }

func TestAssign(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		task     Task
		to       string
		override bool
		want     string
		err      error
	}{
		{"free", open(""), "ann", false, "ann", nil},
		{"again to the same", open("ann"), "ann", false, "ann", nil},
		{"to another", open("ann"), "bob", false, "ann", ErrAssigned},
		{"to another with override", open("ann"), "bob", true, "bob", nil},
		{"to nobody", open("ann"), "", true, "ann", ErrAssignee},
		{"completed", Task{State: Completed}, "ann", false, "", ErrNotOpen},
		{"canceled", Task{State: Canceled}, "ann", true, "", ErrNotOpen},
	} {
		got, err := c.task.Assign(c.to, c.override)
		if !errors.Is(err, c.err) || got.Assignee != c.want {
			t.Errorf("%s: assignee %q, error %v; want %q, %v", c.name, got.Assignee, err, c.want, c.err)
		}
	}
}

func TestUnassign(t *testing.T) {
	t.Parallel()
	if got, err := open("ann").Unassign(); err != nil || got.Assignee != "" {
		t.Errorf("assigned: %v, %v", got, err)
	}
	if _, err := open("").Unassign(); err != nil {
		t.Errorf("free: %v", err)
	}
	if _, err := (Task{State: Completed}).Unassign(); !errors.Is(err, ErrNotOpen) {
		t.Errorf("completed: %v", err)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	groups, none, priority, none2 := []string{"clerks"}, []string{}, 80, time.Time{}
	task := Task{State: Created, CandidateUsers: []string{"ann"}, FollowUpDate: due, Priority: 50}

	got, err := task.Update(Change{
		DueDate: &due, FollowUpDate: &none2, CandidateGroups: &groups, CandidateUsers: &none, Priority: &priority,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Task{State: Created, DueDate: due, CandidateGroups: []string{"clerks"}, Priority: 80}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	groups[0] = "drivers"
	if got.CandidateGroups[0] != "clerks" {
		t.Error("the task shares memory with the change")
	}
	same, err := task.Update(Change{})
	if err != nil || cmp.Diff(task, same) != "" {
		t.Errorf("an empty change changed something: %v", err)
	}
}

func TestUpdateRefused(t *testing.T) {
	t.Parallel()
	low, high, nameless := -1, 101, []string{"ann", ""}
	for _, c := range []struct {
		task   Task
		change Change
		err    error
	}{
		{open(""), Change{Priority: &low}, ErrPriority},
		{open(""), Change{Priority: &high}, ErrPriority},
		{open(""), Change{CandidateUsers: &nameless}, ErrCandidate},
		{open(""), Change{CandidateGroups: &nameless}, ErrCandidate},
		{Task{State: Canceled}, Change{}, ErrNotOpen},
	} {
		if _, err := c.task.Update(c.change); !errors.Is(err, c.err) {
			t.Errorf("%v: %v, want %v", c.change, err, c.err)
		}
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	done, err := open("ann").Complete()
	if err != nil || done.State != Completed {
		t.Errorf("open: %v, %v", done, err)
	}
	if _, err := done.Complete(); !errors.Is(err, ErrNotOpen) {
		t.Errorf("twice: %v", err)
	}
}

func TestConcerns(t *testing.T) {
	t.Parallel()
	task := Task{Assignee: "ann", CandidateUsers: []string{"bob"}, CandidateGroups: []string{"clerks"}}
	for _, c := range []struct {
		user   string
		groups []string
		want   bool
	}{
		{"ann", nil, true},
		{"bob", nil, true},
		{"cid", []string{"x", "clerks"}, true},
		{"cid", []string{"drivers"}, false},
		{"cid", nil, false},
	} {
		if got := task.Concerns(c.user, c.groups); got != c.want {
			t.Errorf("%s %v: %t", c.user, c.groups, got)
		}
	}
}
