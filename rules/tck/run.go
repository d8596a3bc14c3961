// Package tck runs the DMN Technology Compatibility Kit: folders of models with files of test cases.
//
// It owns the format of the cases and the way results are compared. It must not know where the folders
// come from: they arrive as an fs.FS.
package tck

import (
	"encoding/xml"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"tallystick/rules"
	"tallystick/rules/feel"
)

// Check is one expected result of one test case.
type Check struct {
	Folder, Case, Result string
	Passed               bool
	ExpectsNull          bool
	Got, Want            string // as JSON
	Why                  string // the failure of the evaluation, if there was one
}

// String is the line that tells a miss.
func (c Check) String() string {
	line := fmt.Sprintf("%s %s %s: got %s, want %s", c.Folder, c.Case, c.Result, c.Got, c.Want)
	if c.Why != "" {
		line += " (" + c.Why + ")"
	}
	return line
}

// moment is the time of all evaluations: the kit asks only that there is one.
var moment = time.Date(2026, 1, 15, 10, 30, 0, 0, time.UTC)

// Run runs every folder below the root of fsys that has test cases. The error says that a file of the kit
// cannot be read; models that cannot be evaluated are misses.
func Run(fsys fs.FS) ([]Check, error) {
	folders, err := foldersOf(fsys)
	if err != nil {
		return nil, err
	}
	var all []Check
	for _, folder := range folders {
		checks, err := runFolder(fsys, folder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", folder, err)
		}
		all = append(all, checks...)
	}
	return all, nil
}

// foldersOf lists the folders that hold models, sorted.
func foldersOf(fsys fs.FS) ([]string, error) {
	found := map[string]bool{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ".dmn" {
			found[path.Dir(name)] = true
		}
		return err
	})
	var folders []string
	for folder := range found {
		folders = append(folders, folder)
	}
	slices.Sort(folders)
	return folders, err
}

func runFolder(fsys fs.FS, folder string) ([]Check, error) {
	models, err := modelsOf(fsys, folder)
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(fsys, path.Join(folder, "*.xml"))
	if err != nil {
		return nil, err
	}
	var checks []Check
	for _, file := range files {
		source, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		var cases suite
		if err := xml.Unmarshal(source, &cases); err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(file), err)
		}
		more, err := cases.run(folder, models)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(file), err)
		}
		checks = append(checks, more...)
	}
	return checks, nil
}

// modelsOf parses all models of a folder together, because they may import each other.
func modelsOf(fsys fs.FS, folder string) (map[string]*rules.Model, error) {
	names, err := fs.Glob(fsys, path.Join(folder, "*.dmn"))
	if err != nil {
		return nil, err
	}
	var sources []rules.Source
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		sources = append(sources, rules.Source{Name: path.Base(name), Data: data})
	}
	models := map[string]*rules.Model{}
	for _, p := range rules.ParseAll(sources) {
		models[p.Name] = p.Model
	}
	return models, nil
}

func (s suite) run(folder string, models map[string]*rules.Model) ([]Check, error) {
	name := strings.TrimSpace(s.Model)
	if path.Ext(name) != ".dmn" {
		name += ".dmn"
	}
	model := models[name]
	var checks []Check
	for _, c := range s.Cases {
		env, err := envOf(c.Inputs)
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", c.ID, err)
		}
		for _, r := range c.Results {
			want, err := r.Expected.feel()
			if err != nil {
				return nil, fmt.Errorf("case %s: %w", c.ID, err)
			}
			got, why := answer(model, asked{c.Kind, c.Invocable, r.Name}, env)
			checks = append(checks, Check{
				Folder: folder, Case: c.ID, Result: r.Name, Passed: model != nil && why != notThere && alike(got, want),
				ExpectsNull: want.IsNull(), Got: got.JSON(), Want: want.JSON(), Why: why,
			})
		}
	}
	return checks, nil
}

// envOf offers the inputs of a case; one without a namespace answers for every model.
func envOf(inputs []value) (rules.Env, error) {
	type key struct{ namespace, name string }
	given := map[key]feel.Value{}
	for _, in := range inputs {
		v, err := in.feel()
		if err != nil {
			return rules.Env{}, err
		}
		given[key{in.Namespace, in.Name}] = v
	}
	return rules.Env{Now: moment, Values: func(namespace, name string) (feel.Value, bool) {
		for _, k := range []key{{namespace, name}, {"", name}} {
			if v, ok := given[k]; ok {
				return v, true
			}
		}
		return feel.Null, false
	}}, nil
}

// asked is what a case wants to know: a decision, or a result of something invocable.
type asked struct{ kind, invocable, result string }

const notThere = "the model has no such element"

func answer(m *rules.Model, a asked, env rules.Env) (feel.Value, string) {
	if m == nil {
		return feel.Null, "the model cannot be read"
	}
	if a.kind == "decisionService" || a.kind == "bkm" {
		return invoked(m, a, env)
	}
	for _, d := range m.Decisions {
		if d.Name == a.result {
			v, trace, err := m.EvaluateValue(d.ID, env)
			return v, whyOf(trace, err)
		}
	}
	return feel.Null, notThere
}

func invoked(m *rules.Model, a asked, env rules.Env) (feel.Value, string) {
	id, ok := m.Invocable(a.invocable)
	if !ok {
		return feel.Null, notThere
	}
	v, trace, err := m.Invoke(id, env)
	if entry, several := v.Entry(a.result); several && m.OutputsOf(id) > 1 {
		v = entry
	}
	return v, whyOf(trace, err)
}

func whyOf(trace rules.Trace, err error) string {
	if err != nil {
		return err.Error()
	}
	return trace.Failure
}
