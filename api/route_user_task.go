package api

import (
	"context"
	"net/http"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
	"tallystick/tasks"
)

func userTaskRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/user-tasks/search", host.ActionTaskRead, "Find user tasks: the task list", searchUserTasks},
		{http.MethodGet, "/v2/user-tasks/{userTaskKey}", host.ActionTaskRead, "Read a user task", getUserTask},
		{http.MethodPatch, "/v2/user-tasks/{userTaskKey}", host.ActionTaskUpdate, "Change dates, candidates or priority of a user task", patchUserTask},
		{http.MethodPost, "/v2/user-tasks/{userTaskKey}/assignment", host.ActionTaskClaim, "Take a user task, or give it to somebody (task.assign)", assignUserTask},
		{http.MethodDelete, "/v2/user-tasks/{userTaskKey}/assignee", host.ActionTaskUnclaim, "Give a user task back", unassignUserTask},
		{http.MethodPost, "/v2/user-tasks/{userTaskKey}/completion", host.ActionTaskComplete, "Complete a user task with variables", completeUserTask},
		{http.MethodGet, "/v2/user-tasks/{userTaskKey}/form", host.ActionTaskRead, "Read the form of a user task; 204 when it has none", getUserTaskForm},
		{http.MethodPost, "/v2/user-tasks/{userTaskKey}/variables/search", host.ActionTaskRead, "Find the variables that a user task sees, scope by scope", searchUserTaskVariables},
	}
}

func searchUserTasks(s *Server, r *request) (*response, error) {
	return search(r, userTaskTable, s.access(r, host.ActionTaskRead), s.opts.Reads.SearchUserTasks, same)
}

func getUserTask(s *Server, r *request) (*response, error) {
	t, err := s.task(r)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, t)
}

type taskChange struct {
	DueDate         change    `json:"dueDate"`
	FollowUpDate    change    `json:"followUpDate"`
	CandidateUsers  *[]string `json:"candidateUsers"`
	CandidateGroups *[]string `json:"candidateGroups"`
	Priority        *int64    `json:"priority"`
}

func (c taskChange) change() (tasks.Change, error) {
	out := tasks.Change{
		DueDate: c.DueDate.at, FollowUpDate: c.FollowUpDate.at,
		CandidateUsers: c.CandidateUsers, CandidateGroups: c.CandidateGroups,
	}
	if c.Priority != nil {
		if *c.Priority < tasks.PriorityMin || *c.Priority > tasks.PriorityMax {
			return out, tasks.ErrPriority
		}
		p := int(*c.Priority)
		out.Priority = &p
	}
	return out, nil
}

type patchTaskBody struct {
	command
	Changeset taskChange `json:"changeset"`
	Action    string     `json:"action"`
}

func patchUserTask(s *Server, r *request) (*response, error) {
	key, err := r.key("userTaskKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[patchTaskBody](r, optional)
	if err != nil {
		return nil, err
	}
	c, err := b.Changeset.change()
	if err != nil {
		return nil, err
	}
	return s.taskCommand(r, key, host.Call{
		Command: engine.UpdateTask{Task: key, Change: c, Action: named(b.Action, "update")}, Reason: b.why(),
	})
}

func named(action, usual string) string {
	if action == "" {
		return usual
	}
	return action
}

type assignBody struct {
	command
	Assignee      string `json:"assignee" api:"required"`
	AllowOverride *bool  `json:"allowOverride"`
	Action        string `json:"action"`
}

// assignUserTask gives a task to a person. Unless the request forbids it a task is taken away from whoever
// has it: clients leave the field out and mean that.
func assignUserTask(s *Server, r *request) (*response, error) {
	key, err := r.key("userTaskKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[assignBody](r, required)
	if err != nil {
		return nil, err
	}
	return s.taskCommand(r, key, host.Call{
		Command: engine.AssignTask{
			Task: key, Assignee: b.Assignee, AllowOverride: b.AllowOverride == nil || *b.AllowOverride,
			Action: named(b.Action, "assign"),
		},
		Reason: b.why(),
	})
}

func unassignUserTask(s *Server, r *request) (*response, error) {
	key, err := r.key("userTaskKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[struct{ command }](r, optional)
	if err != nil {
		return nil, err
	}
	return s.taskCommand(r, key, host.Call{Command: engine.UnassignTask{Task: key}, Reason: b.why()})
}

type completeTaskBody struct {
	command
	Variables variables `json:"variables"`
	Action    string    `json:"action"`
}

func completeUserTask(s *Server, r *request) (*response, error) {
	key, err := r.key("userTaskKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[completeTaskBody](r, optional)
	if err != nil {
		return nil, err
	}
	return s.taskCommand(r, key, host.Call{
		Command: engine.CompleteTask{Task: key, Variables: engine.Variables(b.Variables), Action: named(b.Action, "complete")},
		Reason:  b.why(),
	})
}

func getUserTaskForm(s *Server, r *request) (*response, error) {
	t, err := s.task(r)
	if err != nil {
		return nil, err
	}
	if t.FormKey == nil {
		return done()
	}
	f, ok, err := s.opts.Reads.Form(r.ctx(), int64(*t.FormKey))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, ErrNotFound
	}
	return respond(http.StatusOK, f)
}

func searchUserTaskVariables(s *Server, r *request) (*response, error) {
	t, err := s.task(r)
	if err != nil {
		return nil, err
	}
	show, err := shownVariable(r)
	if err != nil {
		return nil, err
	}
	return search(r, taskVariableTable, query.Access{All: true}, s.visibleTo(t), show)
}

// visibleTo finds the variables that a task sees; who sees the task sees them.
func (s *Server) visibleTo(t query.UserTask) finder[query.Variable] {
	return func(ctx context.Context, q query.Request) (query.Result[query.Variable], error) {
		return s.opts.Reads.TaskVariables(ctx, int64(t.UserTaskKey), q)
	}
}
