package ordeal

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// Kind is what an operation does.
type Kind string

// The kinds of operations that change something.
const (
	Start        Kind = "start"
	FailJob      Kind = "fail job"
	CompleteJob  Kind = "complete job"
	Claim        Kind = "claim"
	CompleteTask Kind = "complete task"
)

// Operation is one call of a client that changes something, with what the client was told.
type Operation struct {
	ID      string // idempotency key, and the mark that the change leaves in the instance
	Kind    Kind
	Target  string // key of the task or job
	Person  string // who a task is claimed for
	Call    Call
	Called  time.Time
	Answer  Answer
	Outcome Outcome
	Receipt string // key of the started instance
	Doubted bool   // the first answer left the outcome unknown
}

// Ledger is what the clients of an ordeal know. Its methods may be called concurrently.
type Ledger struct {
	mu         sync.Mutex
	operations []*Operation
	fresh      int // operations before this one were looked at by an earlier round
	failures   []string
}

// Enter adds an operation that got its answer.
func (l *Ledger) Enter(o *Operation) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.operations = append(l.operations, o)
	l.judge(o)
}

// judge notes answers that no client may ever get.
func (l *Ledger) judge(o *Operation) {
	if o.Answer.Status == 500 {
		l.failures = append(l.failures, fmt.Sprintf("%s %s was answered with 500: %s", o.Kind, o.Call.Path, o.Answer.Body))
	}
}

// Fresh returns the operations since the last call of Fresh.
func (l *Ledger) Fresh() []*Operation {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.operations[l.fresh:len(l.operations):len(l.operations)]
	l.fresh = len(l.operations)
	return out
}

// All returns every operation.
func (l *Ledger) All() []*Operation {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.operations[:len(l.operations):len(l.operations)]
}

// Failures are the answers that no client may get.
func (l *Ledger) Failures() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failures
}

// String counts the operations by outcome.
func (l *Ledger) String() string {
	out, doubted := map[Outcome]int{}, map[Outcome]int{}
	for _, o := range l.All() {
		out[o.Outcome]++
		if o.Doubted {
			doubted[o.Outcome]++
		}
	}
	return fmt.Sprintf("%d operations done, %d refused, %d unknown; of those unknown at first %d turned out done and %d refused",
		out[Done], out[Refused], out[Unknown], doubted[Done], doubted[Refused])
}

// settle takes over an answer: the first one, or that of a repetition.
func (o *Operation) settle(a Answer) {
	o.Answer, o.Outcome = a, a.Outcome()
	o.Doubted = o.Doubted || o.Outcome == Unknown
	if o.Kind == Start && o.Outcome == Done {
		o.Receipt = instanceKey(a)
	}
}

func instanceKey(a Answer) string {
	var body struct{ ProcessInstanceKey string }
	if json.Unmarshal(a.Body, &body) != nil {
		return ""
	}
	return body.ProcessInstanceKey
}
