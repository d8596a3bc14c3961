package api

import (
	"encoding/json"

	"tallystick/host"
	"tallystick/query"
)

type modifyBatchBody struct {
	batchBody
	Move []mappingInstruction `json:"moveInstructions" api:"required"`
}

type migrateBatchBody struct {
	batchBody
	Plan migrationPlan `json:"migrationPlan" api:"required"`
}

type migrationPlan struct {
	Target   query.Key            `json:"targetProcessDefinitionKey" api:"required"`
	Mapping  []mappingInstruction `json:"mappingInstructions"`
	EqualIDs bool                 `json:"equalIds"`
}

func modifyProcessInstances(s *Server, r *request) (*response, error) {
	b, err := decode[modifyBatchBody](r, required)
	if err != nil {
		return nil, err
	}
	return s.instructedBatch(r, b.batchBody, host.BatchModify, host.BatchModification{Moves: batchLines(b.Move)})
}

func migrateProcessInstances(s *Server, r *request) (*response, error) {
	b, err := decode[migrateBatchBody](r, required)
	if err != nil {
		return nil, err
	}
	return s.instructedBatch(r, b.batchBody, host.BatchMigrate, host.BatchMigration{
		Definition: b.Plan.Target, Mapping: batchLines(b.Plan.Mapping), EqualIDs: b.Plan.EqualIDs,
	})
}

// instructedBatch creates a batch operation that keeps instructions for its items.
func (s *Server) instructedBatch(r *request, b batchBody, kind string, instructions any) (*response, error) {
	payload, err := json.Marshal(instructions)
	if err != nil {
		return nil, err
	}
	return s.batch(r, b, kind, payload)
}

func batchLines(list []mappingInstruction) []host.BatchLine {
	lines := make([]host.BatchLine, len(list))
	for i, m := range list {
		lines[i] = host.BatchLine{Source: m.Source, Target: m.Target}
	}
	return lines
}
