package sim

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"tallystick/engine"
	"tallystick/engine/enginetest"
	"tallystick/host"
)

// Script is a scenario as calls of a host: what was deployed, then what was done, and what came of it.
type Script struct {
	Name  string
	Files []host.Resource
	Steps []enginetest.Step
	Turns []Turn                  // of a script of several instances, in order; nil for others
	Later map[int][]host.Resource // what is deployed before a step, by its number from 0
}

// Turn is what happens next in a script of several instances: a command, something from outside for whoever waits for
// it, or a file is deployed, not before the turn in front of it.
type Turn struct {
	At   time.Time
	Step *enginetest.Step
	Sent *enginetest.Sent
	File host.Resource
}

// Record runs a scenario with the engine alone and notes what it does. Files that a host does not take, scoring
// models, are left out: their predictions are part of the commands.
func Record(name string, data []byte, o enginetest.Options) (Script, error) {
	s := Script{Name: name, Later: map[int][]host.Resource{}}
	var last time.Time
	o.Deployed = func(f enginetest.File) {
		r, now := host.Resource{Name: path.Base(f.Name), Data: f.Data}, len(s.Steps)
		switch {
		case strings.HasSuffix(f.Name, ".model.json"):
		case len(s.Turns) > 0:
			s.Turns = append(s.Turns, Turn{At: last, File: r})
			s.Later[now] = append(s.Later[now], r) // of a script of one instance
		default:
			s.Files = append(s.Files, r)
		}
	}
	o.Stepped = func(step enginetest.Step) {
		s.Steps = append(s.Steps, step)
		s.Turns, last = append(s.Turns, Turn{At: step.At, Step: &step}), step.At
	}
	o.Sent = func(sent enginetest.Sent) { s.Turns, last = append(s.Turns, Turn{At: sent.At, Sent: &sent}), sent.At }
	if report := enginetest.Run(name, data, o); !report.OK() {
		return s, fmt.Errorf("%s", report)
	}
	if !s.among() {
		s.Turns = nil
	}
	return s, nil
}

// among reports whether the script is one of several instances, of messages or signals: the host does a part of it by
// itself.
func (s Script) among() bool {
	if slices.ContainsFunc(s.Turns, func(t Turn) bool { return t.Sent != nil }) {
		return true
	}
	for _, step := range s.Steps {
		if step.Errand || step.Instance != s.Steps[0].Instance {
			return true
		}
	}
	return false
}

// processOf is the id of the process that a step starts.
func processOf(step enginetest.Step) string {
	started, _ := step.Records[0].(engine.InstanceStarted)
	return started.ProcessID
}

// story is what the script's instance did, one line for each record.
func (s Script) story() []string {
	var lines []string
	for _, step := range s.Steps {
		lines = append(lines, storyOf(step.Records)...)
	}
	return lines
}

func storyOf(records []engine.Record) []string {
	lines := make([]string, len(records))
	for i, r := range records {
		lines[i] = tellRecord(r)
	}
	return lines
}

// tellRecord is the print of a record without times, which differ when something went wrong on the way, and
// without the people and versions that the host knows and a scenario does not.
func tellRecord(r engine.Record) string {
	switch r := r.(type) {
	case engine.TimerArmed:
		return "TimerArmed " + r.Element
	case engine.JobFailed:
		return fmt.Sprintf("JobFailed %s retries %d", r.Element, r.Retries)
	case engine.TaskCompleted:
		return "TaskCompleted " + r.Element
	}
	return r.Kind() + " " + r.String()
}

// poll is how often the nodes of the script look at the store: a script of many days must not be full of looks.
func (s Script) poll() time.Duration {
	length := s.Steps[len(s.Steps)-1].At.Sub(s.Steps[0].At)
	return max(10*time.Second, length/100)
}

// at returns the command with the keys of another instance.
func at(cmd engine.Command, instance int64) engine.Command {
	move := func(key int64) int64 {
		if key == 0 {
			return 0
		}
		return key - engine.InstanceOf(key) + instance
	}
	switch c := cmd.(type) {
	case engine.CompleteJob:
		c.Job = move(c.Job)
		return c
	case engine.FailJob:
		c.Job = move(c.Job)
		return c
	case engine.ThrowJobError:
		c.Job = move(c.Job)
		return c
	case engine.UpdateJob:
		c.Job = move(c.Job)
		return c
	case engine.AssignTask:
		c.Task = move(c.Task)
		return c
	case engine.UnassignTask:
		c.Task = move(c.Task)
		return c
	case engine.UpdateTask:
		c.Task = move(c.Task)
		return c
	case engine.CompleteTask:
		c.Task = move(c.Task)
		return c
	case engine.ResolveIncident:
		c.Incident = move(c.Incident)
		return c
	case engine.SetVariables:
		c.Scope = move(c.Scope)
		return c
	case engine.ActivateAdHoc:
		c.ElementInstance = move(c.ElementInstance)
		return c
	case engine.CompleteAdHoc:
		c.ElementInstance = move(c.ElementInstance)
		return c
	case engine.FireTimer:
		c.Timer = move(c.Timer)
		return c
	case engine.ModifyInstance:
		return modifyAt(c, move)
	case engine.StartInstance:
		c.Instance = 0
		return c
	}
	return cmd
}

func modifyAt(c engine.ModifyInstance, move func(int64) int64) engine.ModifyInstance {
	c.Activate, c.Move, c.Terminate = slices.Clone(c.Activate), slices.Clone(c.Move), slices.Clone(c.Terminate)
	for i := range c.Activate {
		c.Activate[i].Ancestor = move(c.Activate[i].Ancestor)
	}
	for i := range c.Move {
		c.Move[i].FromInstance, c.Move[i].Ancestor = move(c.Move[i].FromInstance), move(c.Move[i].Ancestor)
	}
	for i := range c.Terminate {
		c.Terminate[i].ElementInstance = move(c.Terminate[i].ElementInstance)
	}
	return c
}

// actor is who gives a step's command: the administrator where the scenario names nobody.
func actor(ref string) host.Actor {
	kind, name, named := strings.Cut(ref, ":")
	if !named || kind == "user" {
		return admin
	}
	return host.Actor{Kind: kind, Name: name, Method: "internal"}
}
