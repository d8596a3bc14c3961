package enginetest

import (
	"errors"
	"fmt"

	"tallystick/engine"
	"tallystick/fault"
)

// migrate lets an instance go on by the latest version of its process, or by another process. Each reason of a
// refusal is printed.
func (r *runner) migrate(words []word) error {
	plan := len(words) > 0 && words[0].name == "" && words[0].text == "plan"
	if plan {
		words = words[1:]
	}
	name := ""
	if len(words) > 0 && words[0].name == "" {
		name, words = words[0].text, words[1:]
	}
	i, err := r.named(name)
	if err != nil {
		return err
	}
	words, options := take(words, "to", "ids")
	if err := assigned(words); err != nil {
		return err
	}
	if options["to"] == "" {
		options["to"] = i.def.ProcessID()
	}
	to := r.library.processes[options["to"]]
	if to == nil {
		return fmt.Errorf("no process %q is deployed", options["to"])
	}
	cmd := engine.MigrateInstance{Definition: to.Identity().Key, EqualIDs: options["ids"] == "equal"}
	for _, w := range words {
		cmd.Mapping = append(cmd.Mapping, engine.Mapping{Source: w.name, Target: w.text})
	}
	if plan {
		return r.planMigration(i, to, cmd)
	}
	return r.migrateTo(i, to, cmd)
}

func (r *runner) migrateTo(i *instance, to *engine.Definition, cmd engine.MigrateInstance) error {
	refusal, err := r.carryOut(i, to, "", cmd, func(m engine.Meta) (engine.State, []engine.Record, error) {
		return engine.Migrate(i.def, to, i.st, m, cmd)
	})
	if err != nil {
		return err
	}
	if refusal == nil {
		return r.errands()
	}
	if err := r.rejected(refusal); err != nil {
		return err
	}
	if f, ok := errors.AsType[*fault.Error](refusal); ok {
		for _, d := range f.Details {
			r.print("because " + d.Code + " " + d.Element)
		}
	}
	return nil
}

func (r *runner) planMigration(i *instance, to *engine.Definition, cmd engine.MigrateInstance) error {
	report, err := engine.PlanMigration(i.def, to, i.st, engine.Meta{At: r.now, Library: r.library}, cmd)
	if err != nil {
		return r.rejected(err)
	}
	for _, list := range []struct {
		word  string
		lines []engine.MigrationLine
	}{{"moves", report.Moves}, {"stays", report.Stays}, {"armed", report.Armed}, {"withdrawn", report.Withdrawn}} {
		for _, l := range list.lines {
			r.print(joined(list.word, l.Kind, l.Source, l.Target))
		}
	}
	for _, reason := range report.Reasons {
		r.print("because " + reason.Code + " " + reason.Element)
	}
	return nil
}

// joined writes a line of a plan: an id that stays is named once.
func joined(word, kind, source, target string) string {
	switch {
	case source == target || target == "":
		return word + " " + kind + " " + source
	case source == "":
		return word + " " + kind + " " + target
	}
	return word + " " + kind + " " + source + " to " + target
}

// relabel notes to which event a subscription belongs now.
func (r *runner) relabel(s engine.SubscriptionMigrated) {
	for n := range r.listening {
		if r.listening[n].Key == s.Key {
			r.listening[n].Element, r.listening[n].Interrupting = s.Element, s.Interrupting
		}
	}
}
