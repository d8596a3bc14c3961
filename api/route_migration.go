package api

import (
	"net/http"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

// migrationRoutes let running instances go on by another definition.
func migrationRoutes() []route {
	return []route{
		{
			http.MethodPost, "/v2/process-instances/{processInstanceKey}/migration", host.ActionInstanceMigrate,
			"Let an instance go on by another definition, or tell what that would do", migrateProcessInstance,
		},
	}
}

type migrateBody struct {
	command
	Target   query.Key            `json:"targetProcessDefinitionKey" api:"required"`
	Mapping  []mappingInstruction `json:"mappingInstructions"`
	EqualIDs bool                 `json:"equalIds"`
	DryRun   bool                 `json:"dryRun"`
}

type mappingInstruction struct {
	Source string `json:"sourceElementId" api:"required"`
	Target string `json:"targetElementId" api:"required"`
}

// migrationReport is what a dry run answers.
type migrationReport struct {
	Possible  bool              `json:"possible"`
	Moves     []migrationLine   `json:"moves"`
	Stays     []migrationLine   `json:"stays"`
	Armed     []migrationLine   `json:"armed"`
	Withdrawn []migrationLine   `json:"withdrawn"`
	Reasons   []migrationReason `json:"reasons"`
}

type migrationLine struct {
	Kind   string    `json:"kind"`
	Key    query.Key `json:"key"`
	Source string    `json:"sourceElementId"`
	Target string    `json:"targetElementId"`
}

type migrationReason struct {
	Code    string    `json:"code"`
	Element string    `json:"elementId"`
	Key     query.Key `json:"key"`
	Message string    `json:"message"`
}

func migrateProcessInstance(s *Server, r *request) (*response, error) {
	key, err := instanceKey(r)
	if err != nil {
		return nil, err
	}
	b, err := decode[migrateBody](r, required)
	if err != nil {
		return nil, err
	}
	c := engine.MigrateInstance{Definition: int64(b.Target), EqualIDs: b.EqualIDs}
	for _, m := range b.Mapping {
		c.Mapping = append(c.Mapping, engine.Mapping{Source: m.Source, Target: m.Target})
	}
	if !b.DryRun {
		return s.command(r, host.Call{Instance: key, Command: c, Reason: b.why()})
	}
	plan, err := s.opts.Host.PlanMigration(r.ctx(), r.by, key, c)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, reportOf(plan))
}

func reportOf(plan engine.MigrationReport) migrationReport {
	report := migrationReport{
		Possible: len(plan.Reasons) == 0, Moves: linesOf(plan.Moves), Stays: linesOf(plan.Stays),
		Armed: linesOf(plan.Armed), Withdrawn: linesOf(plan.Withdrawn), Reasons: []migrationReason{},
	}
	for _, x := range plan.Reasons {
		report.Reasons = append(report.Reasons, migrationReason{x.Code, x.Element, query.Key(x.Key), x.Message})
	}
	return report
}

func linesOf(list []engine.MigrationLine) []migrationLine {
	lines := make([]migrationLine, len(list))
	for i, l := range list {
		lines[i] = migrationLine{l.Kind, query.Key(l.Key), l.Source, l.Target}
	}
	return lines
}
