package enginetest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
)

// Options are what a scenario may use besides its own files. The zero value knows no worker, no scoring
// and no file outside the archive.
type Options struct {
	// Workers do the jobs of a type.
	Workers map[string]Worker
	// Scoring makes the worker for ScoreType out of the scoring models that the scenario deploys; it is
	// called again after each deployment of one.
	Scoring func(models []File) (Worker, error)
	// ReadFile reads a file beside the scenario.
	ReadFile func(name string) ([]byte, error)
	// Deployed is told of every file that was made known, processes as BPMN; Stepped of every command that was
	// carried out. Whoever wants to do the same elsewhere listens to both.
	Deployed func(File)
	Defined  func(*engine.Definition) // a process of a deployed file
	Stepped  func(Step)
	Sent     func(Sent) // is told what comes from outside for whoever waits for it, before what that leads to
}

// Sent is a message or a signal from outside, or variables for the conditions of start events.
type Sent struct {
	What          string // "message", "signal" or "condition"
	At            time.Time
	Name, Key, ID string
	TTL           time.Duration
	Variables     engine.Variables
}

// Step is a command that the engine has carried out.
type Step struct {
	Definition *engine.Definition
	Instance   int64
	Errand     bool // what another command left to be done, or a message or signal from outside
	At         time.Time
	Actor      string // "user:ann", "system:timer", "" for nobody in particular
	Command    engine.Command
	Records    []engine.Record
}

// File is a file of a scenario.
type File struct {
	Name string
	Data []byte
}

// ScoreType is the job type of scoring tasks.
const ScoreType = "tallystick:score"

// Worker does one job: an Outcome, or an error for a failed attempt. An error of kind fault.Invalid,
// fault.NotFound or fault.Denied takes all retries, any other one of them.
type Worker func(Job) (Outcome, error)

// Job is an open job as a worker gets it.
type Job struct {
	Key             int64
	Type            string
	Element         string
	ElementInstance int64
	Instance        int64
	ProcessID       string
	Headers         map[string]string
	Retries         int
	Variables       engine.Variables
}

// Outcome is what came of a job: variables, and for scoring workers the prediction; or a BPMN error when
// ErrorCode is not empty.
type Outcome struct {
	Variables               engine.Variables
	Prediction              *engine.Prediction
	ErrorCode, ErrorMessage string
}

// Run carries out a scenario file. The name is for the report.
func Run(name string, data []byte, o Options) Report {
	s := parse(data)
	r := newRunner(o, s.files)
	report := Report{Name: name}
	printed := make([][]string, len(s.blocks))
	for i, b := range s.blocks {
		for _, c := range b.commands {
			if err := r.command(c.text); err != nil {
				report.Failures = append(report.Failures, Failure{Line: c.number, Problem: err.Error()})
				return report
			}
		}
		printed[i] = r.take()
		if !slices.Equal(b.expected, printed[i]) {
			report.Failures = append(report.Failures, Failure{Line: b.first + 1, Want: b.expected, Got: printed[i]})
		}
	}
	if len(s.blocks) == 0 {
		report.Failures = append(report.Failures, Failure{Line: 1, Problem: "the scenario has no command"})
		return report
	}
	report.Updated = s.updated(printed)
	return report
}

// runner is a scenario at work.
type runner struct {
	Options
	files   map[string][]byte
	library library
	scorer  Worker
	persons map[string][]string // groups by name

	origin, now time.Time
	instances   []*instance // in the order of their start
	listening   []subscription
	messages    []*message // kept for those who wait later
	locks       []lock
	alarms      []alarm
	pending     []errand
	outward     bool // errands are carried out
	level       string
	out         []string
}

func newRunner(o Options, files map[string][]byte) *runner {
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	return &runner{
		Options: o, files: files, library: newLibrary(), persons: map[string][]string{},
		origin: start, now: start, level: "steps",
	}
}

func (r *runner) print(line string) { r.out = append(r.out, strings.ReplaceAll(line, "\n", " ")) }

func (r *runner) take() []string {
	out := r.out
	r.out = nil
	return out
}

// rejected prints a refusal; any other error ends the scenario.
func (r *runner) rejected(err error) error {
	if refusal, ok := errors.AsType[*fault.Error](err); ok && refusal.Kind != fault.Internal {
		r.print("rejected " + refusal.Code)
		return nil
	}
	return err
}

// step gives an instance one command on behalf of an actor, checks the laws and prints what happened, or the
// refusal.
func (r *runner) step(i *instance, actor string, cmd engine.Command) error {
	refusal, err := r.attempt(i, actor, cmd)
	if err != nil || refusal == nil {
		return err
	}
	return r.rejected(refusal)
}

// attempt is a step whose refusal is not printed.
func (r *runner) attempt(i *instance, actor string, cmd engine.Command) (refusal, err error) {
	return r.carryOut(i, i.def, actor, cmd, func(m engine.Meta) (engine.State, []engine.Record, error) {
		return engine.Step(i.def, i.st, m, cmd)
	})
}

// carryOut does what a command asks for; the instance runs the definition afterwards.
func (r *runner) carryOut(i *instance, def *engine.Definition, actor string, cmd engine.Command,
	do func(engine.Meta) (engine.State, []engine.Record, error),
) (refusal, err error) {
	before, err := i.st.Encode()
	if err != nil {
		return nil, err
	}
	st, recs, refusal := do(engine.Meta{At: r.now, Actor: actor, Library: r.library})
	if err := i.laws(before, st, recs, refusal); err != nil || refusal != nil {
		return refusal, err
	}
	i.def, i.st, i.recs = def, st, append(i.recs, recs...)
	if r.Stepped != nil {
		r.Stepped(Step{Definition: i.def, Instance: i.st.Key(), Errand: r.outward, At: r.now, Actor: actor, Command: cmd, Records: recs})
	}
	for _, rec := range recs {
		if j, ok := rec.(engine.JobCreated); ok {
			i.headers[j.Key], i.tasks[j.Key] = j.Headers, j.UserTask
		}
		if line := r.line(rec); line != "" {
			r.print(i.prefix + line)
		}
		r.hear(i, rec)
	}
	return nil, nil
}

// variables reads NAME=VALUE words; names may be paths.
func variables(words []word) engine.Variables {
	vars := engine.Variables{}
	for _, w := range words {
		canon.SetPath(vars, w.name, w.json())
	}
	return vars
}
