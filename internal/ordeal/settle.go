package ordeal

import (
	"context"
	"fmt"
	"sync"
)

// settlers is how many clients ask again at a time.
const settlers = 8

// Settle asks again about every operation whose outcome is unknown, under its key, until the answer is definite. It
// returns what contradicts the promises: a receipt that changes, an operation that stays unknown.
func Settle(ctx context.Context, c *Client, operations []*Operation) []string {
	var mu sync.Mutex
	var violations []string
	report := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		violations = append(violations, fmt.Sprintf(format, args...))
	}
	var all sync.WaitGroup
	slots := make(chan struct{}, settlers)
	for _, o := range operations {
		if o.Outcome != Unknown {
			continue
		}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			o.askAgain(ctx, c, report)
		})
	}
	all.Wait()
	return violations
}

// askAgain sends an operation whose outcome is unknown until the answer is definite, and then once more: the answer
// must be the same.
func (o *Operation) askAgain(ctx context.Context, c *Client, report func(string, ...any)) {
	first := o.Answer
	o.settle(c.Patient(ctx, o.Call))
	if o.Outcome == Unknown {
		report("%s %s stays unknown: first %d %s %v, now %d %s %v", o.Kind, o.ID, first.Status, first.Code, first.Err,
			o.Answer.Status, o.Answer.Code, o.Answer.Err)
		return
	}
	again := *o
	again.settle(c.Patient(ctx, o.Call))
	if o.Outcome == Done && (again.Outcome != Done || again.Receipt != o.Receipt || again.Answer.Status != o.Answer.Status) {
		report("%s %s was acknowledged (%d, receipt %q) and then answered with %d %s, receipt %q", o.Kind, o.ID,
			o.Answer.Status, o.Receipt, again.Answer.Status, again.Answer.Code, again.Receipt)
	}
}

// AskTwice repeats acknowledged operations under their keys: each must be acknowledged with the same receipt.
func AskTwice(ctx context.Context, c *Client, operations []*Operation) []string {
	var violations []string
	for _, o := range operations {
		if o.Outcome != Done {
			continue
		}
		o.askAgain(ctx, c, func(format string, args ...any) { violations = append(violations, fmt.Sprintf(format, args...)) })
	}
	return violations
}
