package engine

import (
	"fmt"
	"time"
)

// JobPriorityChanged moves a job in the queue of its type; higher goes first.
type JobPriorityChanged struct {
	Key      int64  `json:"key"`
	Element  string `json:"element"`
	Priority int    `json:"priority"`
}

// JobLockMoved moves the end of the lock of a job; nothing when the job is not locked.
type JobLockMoved struct {
	Key      int64     `json:"key"`
	Element  string    `json:"element"`
	Deadline time.Time `json:"deadline"`
}

// Kind implements Record.
func (JobPriorityChanged) Kind() string { return "JobPriorityChanged" }

// Kind implements Record.
func (JobLockMoved) Kind() string { return "JobLockMoved" }

// String implements Record.
func (r JobPriorityChanged) String() string {
	return fmt.Sprintf("job priority %s %d", r.Element, r.Priority)
}

// String implements Record.
func (r JobLockMoved) String() string { return "job lock moved " + r.Element }

func (r JobPriorityChanged) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("priority", int64(r.Priority))
}

func (r JobLockMoved) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.time("deadline", r.Deadline)
}

// Queue and locks are kept outside; the machine asks for neither.

func (JobPriorityChanged) apply(*State) {}

func (JobLockMoved) apply(*State) {}
