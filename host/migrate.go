package host

import (
	"context"

	"tallystick/engine"
	"tallystick/rules"
)

// stepped is what the machine made of a call, with the definition that the instance runs now.
type stepped struct {
	accepted
	def *engine.Definition
}

// advance lets the machine carry out the command of a call. A migration needs the definition that it leads to, and
// the right there too.
func (b *batch) advance(ctx context.Context, p *pending, st engine.State, process Deployed, v Verdict, meta engine.Meta) (stepped, error) {
	s := stepped{accepted: accepted{before: st, process: process, verdict: v}}
	def, err := b.host.shelf.definition(ctx, process)
	if err != nil {
		return s, err
	}
	cmd, migrates := p.call.Command.(engine.MigrateInstance)
	if !migrates {
		s.def = def
		s.after, s.records, err = engine.Step(def, st, meta, p.call.Command)
		return s, err
	}
	target, ok := b.library.Process(ProcessRef{Key: cmd.Definition})
	if !ok || cmd.Definition == 0 {
		return s, ErrProcessNotFound.With("there is no process definition %d to migrate to", cmd.Definition)
	}
	there := b.host.permit(p, st, target.ID)
	if !there.Allowed {
		return s, b.deny(p, there, target)
	}
	if s.def, err = b.host.shelf.definition(ctx, target); err != nil {
		return s, err
	}
	s.process, s.verdict.Rules = target, append(v.Rules[:len(v.Rules):len(v.Rules)], there.Rules...)
	s.after, s.records, err = engine.Migrate(def, s.def, st, meta, cmd)
	return s, err
}

// vacates reports whether an instance that is migrated leaves the correlation keys that started it free: it is none
// of the process any more that they are locked for, or the process no longer starts by messages.
func (b *batch) vacates(ctx context.Context, from, to Deployed) (bool, error) {
	if from.Key == to.Key {
		return false, nil
	}
	before, err := b.host.shelf.definition(ctx, from)
	if err != nil || !startsByMessage(before) {
		return false, err
	}
	after, err := b.host.shelf.definition(ctx, to)
	return err == nil && (from.ID != to.ID || !startsByMessage(after)), err
}

// PlanMigration tells what a migration would do to an instance, and all that forbids it. It asks for the same rights as
// the migration, and changes nothing.
func (h *Host) PlanMigration(ctx context.Context, by Actor, instance int64, cmd engine.MigrateInstance) (engine.MigrationReport, error) {
	var none engine.MigrationReport
	loaded, err := h.load(ctx, []int64{instance})
	if err != nil {
		return none, err
	}
	now, err := h.catchUp(ctx, loaded)
	if err != nil {
		return none, err
	}
	st, err := h.planned(ctx, instance, loaded)
	if err != nil {
		return none, err
	}
	from, err := h.migrating(ctx, by, st.Definition())
	if err != nil {
		return none, err
	}
	to, err := h.migrating(ctx, by, cmd.Definition)
	if err != nil {
		return none, err
	}
	lib := &library{
		deployed: h.Catalog(),
		graph:    func(key int64) (*rules.Model, error) { return h.shelf.graph(ctx, key) },
		stored:   h.dataStore(ctx),
	}
	report, err := engine.PlanMigration(from, to, st, engine.Meta{At: now.At, Actor: by.Ref(), Library: lib}, cmd)
	if lib.err != nil {
		return none, lib.err
	}
	return report, err
}

// planned is the state of an active instance.
func (h *Host) planned(ctx context.Context, instance int64, loaded Loaded) (engine.State, error) {
	if stored, active := loaded.Instances[instance]; active {
		return engine.DecodeState(stored.State)
	}
	st, err := h.look(ctx, instance)
	if err != nil {
		return engine.State{}, err
	}
	return engine.State{}, engine.ErrInstanceEnded.With("the instance is %s", st.Status)
}

// migrating finds a definition that an actor may migrate instances from and to.
func (h *Host) migrating(ctx context.Context, by Actor, key int64) (*engine.Definition, error) {
	d, ok := h.Catalog().Process(ProcessRef{Key: key})
	if !ok || key == 0 {
		return nil, ErrProcessNotFound.With("there is no process definition %d to migrate to", key)
	}
	on := Target{Scope: "def:" + d.ID}
	if v := h.authorizer.Allow(by, ActionInstanceMigrate, on); !v.Allowed {
		refusal := denied(v, ActionInstanceMigrate, on.Scope)
		h.refuse(by, ActionInstanceMigrate, on, v, refusal.Message)
		return nil, refusal
	}
	return h.shelf.definition(ctx, d)
}
