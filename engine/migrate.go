package engine

import (
	"strconv"
	"strings"

	"tallystick/fault"
)

// The refusals of migration.
var (
	// ErrMigration refuses a migration that the definitions, the mapping or the state forbid; the details are all reasons.
	ErrMigration = fault.New(fault.Conflict, "migration.impossible", "the instance cannot be migrated")
	// ErrMapping refuses a mapping that is none, whatever the definitions are.
	ErrMapping = fault.New(fault.Invalid, "migration.mapping_invalid", "the mapping is not complete or too long")
)

// Migrate lets an instance go on by another definition, beside Step, which it otherwise resembles. Everything that
// the instance holds belongs to the elements of the target afterwards, or nothing has changed: the refusal then
// has a detail for each reason. A suspended instance migrates and stays suspended.
func Migrate(from, to *Definition, st State, meta Meta, cmd MigrateInstance) (State, []Record, error) {
	m, err := planMigration(from, to, st, meta, cmd)
	if err == nil {
		err = m.refusal()
	}
	if err != nil {
		return st, nil, err
	}
	m.carryOut()
	m.comeToRest()
	return m.st, m.recs, nil
}

// PlanMigration tells what Migrate would do, and all that forbids it. It is refused only when there is nothing to
// migrate or the mapping is none.
func PlanMigration(from, to *Definition, st State, meta Meta, cmd MigrateInstance) (MigrationReport, error) {
	m, err := planMigration(from, to, st, meta, cmd)
	if err != nil {
		return MigrationReport{}, err
	}
	return m.report(), nil
}

// migration is a migration at work. Everything is planned on the state as it is, before the first record.
type migration struct {
	*machine // of the target
	from     *Definition
	equal    bool             // what the mapping does not name keeps its id
	named    map[string]*node // what the mapping names, nil for what it names wrongly

	closing []Record // what ends because the target has nothing for it
	moving  []Record
	arming  []wait
	reasons []MigrationReason
	told    map[MigrationReason]bool
	gone    map[int64]bool // element instances whose ledger entries are withdrawn with that of their scope
}

func planMigration(from, to *Definition, st State, meta Meta, cmd MigrateInstance) (*migration, error) {
	if st.key != 0 && st.definition != from.identity.Key {
		return nil, ErrMismatch.With("the state runs %d, the definition is %d", st.definition, from.identity.Key)
	}
	x := &machine{def: to, st: st.fork(), meta: meta, at: meta.At.UTC().Round(0)}
	m := &migration{machine: x, from: from, named: map[string]*node{}, gone: map[int64]bool{}, told: map[MigrationReason]bool{}}
	if err := m.mayMigrate(cmd); err != nil {
		return nil, err
	}
	m.read(cmd)
	m.plan()
	if x.st.last+int64(len(m.arming)) >= localEnd {
		return nil, ErrInstanceFull
	}
	return m, nil
}

func (m *migration) mayMigrate(cmd MigrateInstance) error {
	if err := checkTexts(cmd); err != nil {
		return err
	}
	if err := m.mayChange(cmd); err != nil {
		return err
	}
	switch {
	case cmd.Definition != m.def.identity.Key:
		return ErrMismatch.With("the command names %d, the target is %d", cmd.Definition, m.def.identity.Key)
	case len(cmd.Mapping) > MappingMax:
		return ErrMapping.With("the mapping has %d lines, at most %d are allowed", len(cmd.Mapping), MappingMax)
	}
	for i, line := range cmd.Mapping {
		if line.Source == "" || line.Target == "" {
			return ErrMapping.With("line %d of the mapping has no source or no target", i+1)
		}
	}
	return nil
}

// read resolves the lines of the mapping.
func (m *migration) read(cmd MigrateInstance) {
	m.equal = cmd.EqualIDs || len(cmd.Mapping) == 0
	for _, line := range cmd.Mapping {
		target := m.def.nodes[line.Target]
		_, twice := m.named[line.Source]
		switch {
		case m.from.nodes[line.Source] == nil:
			m.refuse(ReasonSourceUnknown, line.Source, 0, "%s is no element of %s", line.Source, m.from.processID)
		case target == nil:
			m.refuse(ReasonTargetUnknown, line.Source, 0, "%s is no element of %s", line.Target, m.def.processID)
		case twice:
			m.refuse(ReasonMappedTwice, line.Source, 0, "the mapping names %s more than once", line.Source)
			continue
		}
		m.named[line.Source] = target
	}
}

// target is what an element becomes, nil when nothing does.
func (m *migration) target(id string) *node {
	if n, named := m.named[id]; named {
		return n
	}
	if m.equal {
		return m.def.nodes[id]
	}
	return nil
}

// plan goes through everything that the state holds.
func (m *migration) plan() {
	m.planScope(m.st.key)
	m.planTop()
	for e := range m.st.elements.all() {
		m.planElement(e)
	}
	m.planLedger()
	m.planCalls()
	m.planIncidents()
}

// carryOut emits what was planned, and looks at everything again.
func (m *migration) carryOut() {
	for _, r := range m.closing {
		m.emit(r)
	}
	m.emit(m.migrated())
	for _, r := range m.moving {
		m.emit(r)
	}
	if m.st.suspended {
		// Conditions that are true already trigger when the instance is resumed.
		for i := range m.arming {
			m.arming[i].holds = false
		}
	}
	m.arm(m.arming)
	if !m.st.suspended && !m.resting() {
		m.lookAround()
	}
}

func (m *migration) migrated() InstanceMigrated {
	r := InstanceMigrated{
		Definition: m.def.identity.Key, From: m.from.identity.Key, ProcessID: m.def.processID,
		Version: m.def.identity.Version, VersionTag: m.def.versionTag,
	}
	for v := range m.st.variables.all() {
		if _, alive := m.st.elements.get(rowID{key: v.Scope}); alive || v.Scope == m.st.key {
			r.Variables = append(r.Variables, v.Key)
		}
	}
	return r
}

// refusal is the error of a migration that is forbidden, nil when it is not.
func (m *migration) refusal() error {
	if len(m.reasons) == 0 {
		return nil
	}
	const most = 100
	var lines []string
	var details []fault.Detail
	for i, r := range m.reasons {
		if i == most {
			lines = append(lines, "and "+strconv.Itoa(len(m.reasons)-most)+" more")
			break
		}
		lines = append(lines, r.String())
		details = append(details, fault.Detail{Element: r.Element, Code: r.Code, Message: r.String()})
	}
	err := ErrMigration.With("the instance cannot be migrated: %s", strings.Join(lines, "; "))
	err.Details = details
	return err
}
