package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tallystick/internal/canon"
	"tallystick/rules"
)

// evalFlags say what to evaluate.
type evalFlags struct {
	decision, input string
	now             string
	strict, trace   bool
}

func newDMNEval(io stdio) *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use:   "eval FILE",
		Short: "Evaluate a decision, decision service or business knowledge model of a file",
		Long: `Evaluate a decision, decision service or business knowledge model and print its value as JSON.
Models that the file imports are looked for in its folder. Warnings (null because …) go to standard error.`,
		Example: `  tallystick dmn eval route-claim.dmn --decision route --input '{"amount": 40}'
  tallystick dmn eval route-claim.dmn --decision route --input @claim.json --trace`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return evalDecision(args[0], f, io) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.decision, "decision", "", "id or name; not needed where there is only one decision")
	flags.StringVar(&f.input, "input", "{}", "the variables: a JSON object, @FILE, or - for standard input")
	flags.StringVar(&f.now, "now", "", "the time that now() tells (RFC 3339); the present one by default")
	flags.BoolVar(&f.strict, "strict", false, "fail at the first warning")
	flags.BoolVar(&f.trace, "trace", false, "print the whole trace: inputs, matched rules, warnings of every decision")
	return cmd
}

func evalDecision(file string, f evalFlags, io stdio) error {
	model, err := goodModel(file, io)
	if err != nil {
		return err
	}
	env, err := f.env(io)
	if err != nil {
		return err
	}
	trace, err := evaluateNamed(model, f.decision, env)
	if err != nil {
		return err
	}
	return showTrace(trace, f.trace, io)
}

func (f evalFlags) env(io stdio) (rules.Env, error) {
	variables, err := readInput(f.input, io)
	if err != nil {
		return rules.Env{}, err
	}
	env := rules.Env{
		Strict: f.strict, Now: time.Now(),
		Lookup: func(name string) (canon.JSON, bool) { v, ok := variables[name]; return v, ok },
	}
	if f.now != "" {
		if env.Now, err = time.Parse(time.RFC3339, f.now); err != nil {
			return env, &usageError{fmt.Errorf("--now %q is no time like 2026-01-01T12:00:00Z", f.now)}
		}
	}
	return env, nil
}

// readInput reads a JSON object given as text, @FILE or -.
func readInput(text string, io stdio) (map[string]canon.JSON, error) {
	data := []byte(text)
	var err error
	if name, ok := strings.CutPrefix(text, "@"); ok {
		data, err = os.ReadFile(name)
	} else if text == "-" {
		data, err = readAll(io)
	}
	if err != nil {
		return nil, err
	}
	variables, err := canon.ParseObject(data)
	if err != nil {
		return nil, &usageError{fmt.Errorf("--input is no JSON object: %w", err)}
	}
	return variables, nil
}

func readAll(s stdio) ([]byte, error) { return io.ReadAll(s.in) }

// evaluateNamed finds the element by id or name; without a name the only decision is meant.
func evaluateNamed(m *rules.Model, name string, env rules.Env) (rules.Trace, error) {
	if name == "" && len(m.Decisions) == 1 {
		return m.Evaluate(m.Decisions[0].ID, env)
	}
	for _, d := range m.Decisions {
		if d.ID == name || d.Name == name {
			return m.Evaluate(d.ID, env)
		}
	}
	id, ok := m.Invocable(name)
	if !ok {
		id = name
	}
	_, trace, err := m.Invoke(id, env)
	if err != nil {
		return trace, rules.ErrDecision.With("the model has no decision %q; it has %s", name, strings.Join(elementNames(m), ", "))
	}
	return trace, nil
}

func elementNames(m *rules.Model) []string {
	var names []string
	for _, d := range m.Decisions {
		names = append(names, d.Name)
	}
	for _, s := range m.Services {
		names = append(names, s.Name)
	}
	return names
}

func showTrace(trace rules.Trace, whole bool, io stdio) error {
	for _, d := range trace.Decisions {
		for _, w := range d.Warnings {
			fmt.Fprintf(io.err, "warning: %s\n", w)
		}
	}
	if whole {
		enc := json.NewEncoder(io.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(trace); err != nil {
			return err
		}
	}
	if trace.Failure != "" {
		return fmt.Errorf("%s: %s", trace.Failed, trace.Failure)
	}
	if !whole {
		fmt.Fprintln(io.out, trace.Output)
	}
	return nil
}
