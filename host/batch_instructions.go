package host

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"tallystick/engine"
	"tallystick/query"
)

// BatchModification is the payload of a batch operation that modifies instances: in each of them, every instance of
// the source of a line ends and its target is activated, in the nearest scope that both have in common.
type BatchModification struct {
	Moves []BatchLine `json:"moveInstructions"`
}

// BatchMigration is the payload of a batch operation that migrates instances, with the meaning of engine.MigrateInstance.
type BatchMigration struct {
	Definition query.Key   `json:"targetProcessDefinitionKey"`
	Mapping    []BatchLine `json:"mappingInstructions"`
	EqualIDs   bool        `json:"equalIds"`
}

// BatchLine names two elements by their ids.
type BatchLine struct {
	Source string `json:"sourceElementId"`
	Target string `json:"targetElementId"`
}

// modifying is the command of an item of a modification.
func modifying(o *BatchOperation, _ BatchItem) (Call, error) {
	var c engine.ModifyInstance
	b, err := instructions[BatchModification](o.Payload)
	for _, l := range b.Moves {
		c.Move = append(c.Move, engine.MoveElement{From: l.Source, To: l.Target, Choice: engine.AncestorInferred})
	}
	return Call{Command: c}, err
}

// migratingTo is the command of an item of a migration.
func migratingTo(o *BatchOperation, _ BatchItem) (Call, error) {
	b, err := instructions[BatchMigration](o.Payload)
	c := engine.MigrateInstance{Definition: int64(b.Definition), EqualIDs: b.EqualIDs}
	for _, l := range b.Mapping {
		c.Mapping = append(c.Mapping, engine.Mapping{Source: l.Source, Target: l.Target})
	}
	return Call{Command: c}, err
}

func instructions[T any](payload json.RawMessage) (of T, err error) {
	if err := json.Unmarshal(payload, &of); err != nil {
		return of, ErrBatch.With("the instructions cannot be read: %s", err)
	}
	return of, nil
}

// instructed refuses instructions that no instance could follow.
func (h *Host) instructed(ctx context.Context, r BatchRequest) error {
	switch r.Type {
	case BatchModify:
		b, err := instructions[BatchModification](r.Payload)
		switch n := len(b.Moves); {
		case err != nil:
			return err
		case n == 0 || n > engine.InstructionsMax:
			return ErrBatch.With("a modification has 1 to %d moveInstructions, not %d", engine.InstructionsMax, n)
		}
		return legible("moveInstructions", b.Moves)
	case BatchMigrate:
		b, err := instructions[BatchMigration](r.Payload)
		if err != nil {
			return err
		}
		if err := legible("mappingInstructions", b.Mapping); err != nil {
			return err
		}
		return h.migratable(ctx, int64(b.Definition))
	case BatchDelete:
		if h.opts.History == nil {
			return ErrNoHistory
		}
	}
	return nil
}

// legible refuses lines that cannot name elements.
func legible(list string, lines []BatchLine) error {
	for i, l := range lines {
		for _, id := range []string{l.Source, l.Target} {
			if id == "" || !utf8.ValidString(id) || strings.ContainsRune(id, 0) {
				return ErrBatch.With("%s[%d]: %q is no id of an element", list, i, id)
			}
		}
	}
	return nil
}

// migratable refuses a definition that is not deployed, after a look at what other nodes deployed.
func (h *Host) migratable(ctx context.Context, definition int64) error {
	if h.deployed(definition) {
		return nil
	}
	loaded, err := h.load(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := h.catchUp(ctx, loaded); err != nil {
		return err
	}
	if !h.deployed(definition) {
		return ErrProcessNotFound.With("there is no process definition %d to migrate to", definition)
	}
	return nil
}

func (h *Host) deployed(definition int64) bool {
	_, ok := h.Catalog().Process(ProcessRef{Key: definition})
	return ok && definition != 0
}
