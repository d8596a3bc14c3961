package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
)

// Conditions asks for the processes to be started whose conditional start events hold for the variables: all, or the
// one with the key Definition.
type Conditions struct {
	// Key and Digest are those of a Call.
	Key    string
	Digest [32]byte

	Definition int64
	Variables  engine.Variables
	Reason     string // goes, as RequestID does, to the audit entries
	RequestID  string
}

// conditionalStart is a start event whose condition held.
type conditionalStart struct {
	Definition int64  `json:"definition"`
	Element    string `json:"element"`
	Part       int    `json:"part,omitempty"`
}

// call starts the process. Its key follows from that of the request, with a byte that no header can have between them.
func (c Conditions) call(s conditionalStart) Call {
	call := Call{
		Digest: c.Digest, Process: ProcessRef{Key: s.Definition}, Reason: c.Reason, RequestID: c.RequestID,
		Command: engine.StartInstance{Start: s.Element, Part: s.Part, Variables: c.Variables},
	}
	if c.Key != "" {
		call.Key = fmt.Sprintf("%s\x00%d %d %s", c.Key, s.Definition, s.Part, s.Element)
	}
	return call
}

// EvaluateConditions starts the processes whose conditions hold and returns the instances. Those that the actor may
// not start, and those that are suspended, are passed over. What holds is found once for a key: a request that is
// repeated with it starts what the first one could not start any more, and returns the same instances. An error after
// some instances began names them.
func (h *Host) EvaluateConditions(ctx context.Context, by Actor, c Conditions) ([]Receipt, error) {
	if err := checkVariables(c.Variables, ErrCondition); err != nil {
		return nil, err
	}
	if err := h.require(ctx, by, ActionInstanceStart, Target{Scope: h.scopeOf(c.Definition)}); err != nil {
		return nil, err
	}
	var held []conditionalStart
	err := h.again(func() (err error) {
		held, err = h.evaluateConditions(ctx, by, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return h.startAll(ctx, by, c, held)
}

// evaluateConditions is one attempt; errRepeated when another request with the same key was faster.
func (h *Host) evaluateConditions(ctx context.Context, by Actor, c Conditions) ([]conditionalStart, error) {
	a := &conditions{host: h, by: by, of: c, repeats: repeatsOf(by, c.Key, c.Digest)}
	var first evaluatedConditions
	done, err := a.repeats.recall(ctx, h, &first)
	if done || err != nil {
		return first.Held, err
	}
	if a.held, err = h.holding(ctx, by, c); err != nil {
		return nil, err
	}
	return a.held, h.perform(ctx, by, c.Key, a)
}

// startAll starts one process after the other. What is refused for good keeps no other from starting; what passes by
// itself is left to a repetition.
func (h *Host) startAll(ctx context.Context, by Actor, c Conditions, held []conditionalStart) ([]Receipt, error) {
	begun := []Receipt{}
	var failed error
	for _, s := range held {
		r, err := h.doWith(ctx, by, c.call(s), nil)
		kind := fault.KindOf(err)
		switch {
		case err == nil:
			begun = append(begun, r)
		case errors.Is(err, ErrDenied), errors.Is(err, ErrDefinitionSuspended): // meanwhile
		case kind == fault.Overloaded, kind == fault.Timeout:
			return begun, afterBeginning(begun, err)
		case failed == nil:
			failed = err
		}
	}
	return begun, afterBeginning(begun, failed)
}

// afterBeginning names the instances that began before something went wrong. To try again later would start them
// twice, so the error does not say that.
func afterBeginning(begun []Receipt, err error) error {
	if err == nil || len(begun) == 0 {
		return err
	}
	keys := make([]string, len(begun))
	for i, r := range begun {
		keys[i] = strconv.FormatInt(r.Instance, 10)
	}
	f, ok := errors.AsType[*fault.Error](maybeDone(err, true))
	if !ok {
		return err
	}
	return f.With("%s; these instances began before: %s", f.Message, strings.Join(keys, ", "))
}

// conditions is the act of evaluating conditions: what held is kept for repetitions before anything starts.
type conditions struct {
	host    *Host
	by      Actor
	of      Conditions
	held    []conditionalStart
	repeats repeats

	beaten  error
	command []CommandRow
}

// evaluatedConditions is what a repetition goes on from.
type evaluatedConditions struct {
	Held []conditionalStart `json:"held"`
}

func (a *conditions) decide(b *batch, p *pending) error {
	if a.beaten != nil {
		return a.beaten
	}
	on := Target{Scope: a.host.scopeOf(a.of.Definition)}
	v := a.host.authorizer.Allow(a.by, ActionInstanceStart, on)
	if !v.Allowed {
		return denied(v, ActionInstanceStart, on.Scope)
	}
	e := a.host.entry(b.now, a.by, "process", ActionInstanceStart)
	e.EventID = p.event
	judged(&e, v)
	e.Resource, e.RequestID = audit.Given("conditions:"+on.Scope), audit.Given(a.of.RequestID)
	definitions := make([]canon.JSON, len(a.held))
	for i, s := range a.held {
		definitions[i] = canon.String(strconv.FormatInt(s.Definition, 10))
	}
	private := withReason(map[string]canon.JSON{"variables": objectOf(a.of.Variables), "definitions": canon.List(definitions)}, a.of.Reason)
	p.note = &note{stream: "msg/default/" + a.host.opts.Node, draft: draft{entry: e, private: private}}
	var err error
	a.command, err = a.repeats.keep(b, a.by, evaluatedConditions{a.held})
	return err
}

func (a *conditions) collect(out *Batch) { out.Commands = append(out.Commands, a.command...) }

func (a *conditions) beat(m *Moved) {
	if a.repeats.beaten(m) {
		a.beaten = errRepeated
	}
}

// holding lists the start events that the actor may start by, and whose conditions hold.
func (h *Host) holding(ctx context.Context, by Actor, c Conditions) ([]conditionalStart, error) {
	starts, err := ask1(ctx, h, func(ctx context.Context) ([]StartEvent, error) {
		return h.store.StartEvents(ctx, engine.SubscribesConditional, "")
	})
	if err != nil {
		return nil, err
	}
	held := []conditionalStart{}
	for _, s := range starts {
		if c.Definition != 0 && s.Definition != c.Definition {
			continue
		}
		if !h.authorizer.Allow(by, ActionInstanceStart, Target{Scope: "def:" + s.ProcessID}).Allowed {
			continue
		}
		switch holds, err := h.holds(ctx, s, c.Variables); {
		case err != nil:
			return nil, err
		case holds:
			held = append(held, conditionalStart{s.Definition, s.Element, s.Part})
		}
	}
	return held, nil
}

func (h *Host) scopeOf(definition int64) string {
	if d, ok := h.Catalog().Process(ProcessRef{Key: definition}); ok {
		return "def:" + d.ID
	}
	return "def:*"
}

// holds evaluates the condition of a start event. One of a suspended process is not asked, and one that has no value
// does not hold.
func (h *Host) holds(ctx context.Context, s StartEvent, vars engine.Variables) (bool, error) {
	d, err := h.deployedAnywhere(ctx, s.Definition)
	if err != nil {
		return false, err
	}
	if _, rests := h.Catalog().DefinitionSuspended(d); rests {
		return false, nil
	}
	def, err := h.shelf.definition(ctx, d)
	if err != nil {
		return false, err
	}
	starts := def.Starts()
	i := slices.IndexFunc(starts, func(x engine.StartInfo) bool { return x.Element == s.Element && x.Part == s.Part })
	if i < 0 {
		return false, nil
	}
	holds, err := starts[i].Holds(vars, h.clock.read())
	return holds && err == nil, nil //nolint:nilerr // see above
}

// deployedAnywhere finds a definition, also one that another node has deployed just now.
func (h *Host) deployedAnywhere(ctx context.Context, definition int64) (Deployed, error) {
	ref := ProcessRef{Key: definition}
	if d, ok := h.Catalog().Process(ref); ok {
		return d, nil
	}
	if err := h.open(ctx); err != nil {
		return Deployed{}, err
	}
	d, ok := h.Catalog().Process(ref)
	if !ok {
		return d, ErrProcessNotFound
	}
	return d, nil
}
