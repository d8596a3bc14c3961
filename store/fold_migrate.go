package store

import (
	"slices"

	"tallystick/engine"
	"tallystick/host"
)

// relocation says where a row belongs since its instance was migrated. Only some rows have the last three.
type relocation struct {
	place
	Element      text
	Name, Type   text // of element instances
	Interrupting bool // of subscriptions
}

// resettlement is the definition that an instance was migrated to.
type resettlement struct {
	place
	Version    int
	VersionTag *text
}

// addMigration folds the records of migrations and tells whether e was one.
func (f *folded) addMigration(e *host.Event, at int64) bool {
	switch r := e.Record.(type) {
	case engine.InstanceMigrated:
		f.migrateInstance(e, r)
	case engine.ElementMigrated:
		f.elements.change(r.Key).moved = &relocation{place: placeOf(e), Element: text(r.Element), Name: text(r.Name), Type: text(r.ElementType)}
	case engine.JobMigrated:
		c := f.jobs.change(r.Key)
		c.moved, c.Updated = relocate(e, r.Element), at
	case engine.TaskMigrated:
		f.tasks.change(r.Key).moved = relocate(e, r.Element)
	case engine.IncidentMigrated:
		f.incidents.change(r.Key).moved = relocate(e, r.Element)
	case engine.SubscriptionMigrated:
		c := f.subscriptions.change(r.Key)
		c.moved, c.Updated = relocate(e, r.Element), at
		c.moved.Interrupting = r.Interrupting
	default:
		return false
	}
	return true
}

func relocate(e *host.Event, element string) *relocation {
	return &relocation{place: placeOf(e), Element: text(element)}
}

func (f *folded) migrateInstance(e *host.Event, r engine.InstanceMigrated) {
	to := placeOf(e)
	f.instances.change(e.Instance).moved = &resettlement{place: to, Version: r.Version, VersionTag: textOrNull(r.VersionTag)}
	for _, key := range r.Variables {
		if i, here := f.variables.at[key]; here {
			f.variables.rows[i].place = to
			continue
		}
		f.moved.put(key, variableRow{Key: key, place: to})
	}
}

// settleVariables leaves out moved variables that the batch writes as a whole.
func (f *folded) settleVariables() {
	f.moved.rows = slices.DeleteFunc(f.moved.rows, func(v variableRow) bool {
		_, here := f.variables.at[v.Key]
		return here
	})
}

// The following carry a change out on a row that is not written yet.

func changeInstance(r *processInstanceRow, c instanceEnd) {
	if c.State != "" {
		r.life, r.Suspended = c.life, c.Suspended
	}
	r.headColumns = c.headColumns
	if m := c.moved; m != nil {
		r.Definition, r.ProcessID, r.Version, r.VersionTag = m.Definition, m.ProcessID, m.Version, m.VersionTag
	}
}

func changeElement(r *elementRow, c lifeChange) {
	if c.State != "" {
		r.life = c.life
	}
	if m := c.moved; m != nil {
		r.place, r.Element, r.Name, r.Type = m.place, m.Element, m.Name, m.Type
	}
}

func changeIncident(r *incidentRow, c incidentChange) {
	if c.State != "" {
		r.incidentLife = c.incidentLife
	}
	if m := c.moved; m != nil {
		r.place, r.Element = m.place, m.Element
	}
}

func changeSubscription(r *subscriptionRow, c subscriptionChange) {
	if c.State != "" {
		r.State = c.State
	}
	r.Updated = c.Updated
	if m := c.moved; m != nil {
		r.place, r.Element, r.Interrupting = m.place, m.Element, m.Interrupting
	}
}
