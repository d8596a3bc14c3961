package enginetest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"tallystick/bpmn"
	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
	"tallystick/rules"
)

// library is what a scenario has deployed. It implements engine.Library.
type library struct {
	processes map[string]*engine.Definition // the latest version of each
	versions  map[int64]*engine.Definition
	first     string   // the process that start means
	order     []string // the processes, in the order of their first deployment
	decisions map[string][]engine.Decision
	forms     map[string]int64
	models    []File
	stores    map[string]canon.JSON
	keys      *int64
}

func newLibrary() library {
	return library{
		processes: map[string]*engine.Definition{}, versions: map[int64]*engine.Definition{}, decisions: map[string][]engine.Decision{},
		forms: map[string]int64{}, stores: map[string]canon.JSON{}, keys: new(int64),
	}
}

// Decision implements engine.Library: the last deployed version, or the last with the tag.
func (l library) Decision(id string, binding bpmn.Binding, versionTag string, _ int64) (engine.Decision, bool) {
	versions := l.decisions[id]
	for i := len(versions) - 1; i >= 0; i-- {
		d, _ := versions[i].Model.Decision(id)
		if binding != bpmn.BindingVersionTag || d.VersionTag == versionTag {
			return versions[i], true
		}
	}
	return engine.Decision{}, false
}

// DataStore implements engine.DataStores.
func (l library) DataStore(store string) (canon.JSON, bool) {
	value, ok := l.stores[store]
	return value, ok
}

// Form implements engine.Library.
func (l library) Form(id string, _ int64) (int64, bool) {
	key, ok := l.forms[id]
	return key, ok
}

// Process implements engine.Library: a scenario deploys one file after the other, so the binding to a deployment
// means what is there.
func (l library) Process(want engine.CalledProcess) (engine.ProcessRef, bool) {
	def, ok := l.processes[want.ID]
	if !ok {
		return engine.ProcessRef{}, false
	}
	return engine.ProcessRef{Key: def.Identity().Key, ProcessID: want.ID, Version: def.Identity().Version}, true
}

// key draws the key of a deployed thing.
func (l library) key() int64 {
	*l.keys++
	return engine.InstanceKey(*l.keys)
}

// errInvalid refuses a file that cannot be deployed, with the code that the server gives.
var errInvalid = fault.New(fault.Invalid, "definition.invalid", "the file cannot be deployed")

// deploy makes files known. Findings are printed, errors refuse the file.
func (r *runner) deploy(words []word) error {
	if len(words) == 0 {
		return fmt.Errorf("deploy takes files")
	}
	for _, w := range words {
		src, err := r.read(w.text)
		if err != nil {
			return err
		}
		if err := r.deployFile(w.text, src); err != nil {
			if err := r.rejected(err); err != nil {
				return fmt.Errorf("%s: %w", w.text, err)
			}
			continue
		}
		if err := r.told(w.text, src); err != nil {
			return err
		}
	}
	return nil
}

// told passes a deployed file on.
func (r *runner) told(name string, src []byte) error {
	if r.Deployed == nil {
		return nil
	}
	if path.Ext(name) == ".flow" {
		drawn, err := FlowXML(string(src))
		if err != nil {
			return err
		}
		name, src = strings.TrimSuffix(name, ".flow")+".bpmn", drawn
	}
	r.Deployed(File{name, src})
	return nil
}

func (r *runner) read(name string) ([]byte, error) {
	if src, ok := r.files[name]; ok {
		return src, nil
	}
	if r.ReadFile == nil {
		return nil, fmt.Errorf("the scenario does not hold the file %s", name)
	}
	return r.ReadFile(name)
}

func (r *runner) deployFile(name string, src []byte) error {
	switch {
	case strings.HasSuffix(name, ".model.json"):
		return r.deployModel(File{name, src})
	case path.Ext(name) == ".flow":
		drawn, err := FlowXML(string(src))
		if err != nil {
			return err
		}
		return r.deployProcess(drawn)
	case path.Ext(name) == ".bpmn":
		return r.deployProcess(src)
	case path.Ext(name) == ".dmn":
		return r.deployDecision(src)
	case path.Ext(name) == ".form":
		return r.deployForm(src)
	}
	return fmt.Errorf("the name must end in .bpmn, .flow, .dmn, .form or .model.json")
}

func (r *runner) deployModel(f File) error {
	if r.Scoring == nil {
		return fmt.Errorf("this runner cannot score")
	}
	models := append(r.library.models[:len(r.library.models):len(r.library.models)], f)
	w, err := r.Scoring(models)
	if err != nil {
		return err
	}
	r.library.models, r.scorer = models, w
	return nil
}

func (r *runner) deployProcess(src []byte) error {
	file, found, err := bpmn.Parse(src)
	if err != nil {
		return err
	}
	compiled := map[string]*engine.Definition{}
	var order []string
	for _, p := range file.Processes {
		if !p.Executable {
			continue
		}
		key := r.library.key()
		version := 1
		if old := r.library.processes[p.ID]; old != nil {
			version = old.Identity().Version + 1
		}
		def, more := engine.Compile(p, engine.Identity{Key: key, Version: version, Deployment: key})
		found = append(found, more...)
		compiled[p.ID], order = def, append(order, p.ID)
	}
	for _, d := range found {
		r.print(fmt.Sprintf("%s %s %s", d.Severity, d.Code, d.Element))
	}
	if found.HasErrors() {
		return errInvalid
	}
	for _, id := range order {
		def := compiled[id]
		if r.Defined != nil {
			r.Defined(def)
		}
		if r.library.processes[id] == nil {
			r.library.order = append(r.library.order, id)
		}
		r.library.processes[id], r.library.versions[def.Identity().Key] = def, def
		if err := r.arm(def); err != nil {
			return err
		}
	}
	if r.library.first == "" && len(order) > 0 {
		r.library.first = order[0]
	}
	return nil
}

func (r *runner) deployDecision(src []byte) error {
	model, found, err := rules.Parse(src)
	if err != nil {
		return err
	}
	for _, d := range found {
		r.print(fmt.Sprintf("%s %s %s", d.Severity, d.Code, d.Element))
	}
	if found.HasErrors() {
		return errInvalid
	}
	sum, requirements := sha256.Sum256(src), r.library.key()
	for _, d := range model.Decisions {
		r.library.decisions[d.ID] = append(r.library.decisions[d.ID], engine.Decision{
			Ref: engine.DecisionRef{
				Key: r.library.key(), ID: d.ID, Name: d.Name, Version: len(r.library.decisions[d.ID]) + 1,
				Digest: hex.EncodeToString(sum[:]), RequirementsKey: requirements, RequirementsID: model.ID,
			},
			Model: model,
		})
	}
	return nil
}

func (r *runner) deployForm(src []byte) error {
	var form struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(src, &form); err != nil || form.ID == "" {
		return fmt.Errorf("a form is a JSON object with an id")
	}
	r.library.forms[form.ID] = r.library.key()
	return nil
}
