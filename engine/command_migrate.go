package engine

// MappingMax is the number of lines of a mapping.
const MappingMax = 10_000

// Mapping says which element of the target an element of the running definition becomes.
type Mapping struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

// MigrateInstance lets a running instance go on by another definition: a version of its process, or another
// process. What the mapping does not name keeps its id when EqualIDs is set or the mapping is empty; else it has no
// target. It is carried out by Migrate, never by Step, and is the only command that needs two definitions.
type MigrateInstance struct {
	Definition int64
	Mapping    []Mapping
	EqualIDs   bool
}

// Name implements Command.
func (MigrateInstance) Name() string { return "MigrateInstance" }

func (c MigrateInstance) misfits() bool {
	for _, m := range c.Mapping {
		if unfitAny(m.Source, m.Target) {
			return true
		}
	}
	return false
}
