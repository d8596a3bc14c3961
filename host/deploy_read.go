package host

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"tallystick/bpmn"
	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
	"tallystick/rules"
)

// The limits of a deployment; the readers of the formats have limits of their own.
const (
	resourcesMax     = 64
	resourceBytesMax = 8 << 20
	resourceNameMax  = 255
	severityError    = "error"
)

// kind is what a resource holds.
type kind uint8

const (
	kindProcess kind = iota + 1
	kindGraph
	kindForm
	kindModel
)

// item is one definition found in a resource: a process, a decision requirements graph with its
// decisions, a form or a scoring model.
type item struct {
	kind      kind
	id        string
	name      string
	tag       string
	namespace string   // of a graph
	imports   []string // the namespaces that it imports
	decisions []*rules.Decision
	starts    []engine.StartInfo // of a process
	resource  Resource
	digest    string
}

// scopes are what the deployer needs the right for.
func (i item) scopes() []string {
	switch i.kind {
	case kindProcess:
		return []string{"def:" + i.id}
	case kindForm:
		return []string{"form:" + i.id}
	case kindModel:
		return []string{"model:" + i.id}
	}
	if len(i.decisions) == 0 {
		return []string{"dec:" + i.id}
	}
	scopes := make([]string, len(i.decisions))
	for n, d := range i.decisions {
		scopes[n] = "dec:" + d.ID
	}
	return scopes
}

// reading collects the items and findings of a deployment.
type reading struct {
	models    ModelReader
	resources []Resource
	items     []item
	details   []fault.Detail
	graphs    graphs
	linked    []DeployedGraph
	err       error // of the library
}

func (r *reading) report(resource, code, message string) {
	r.details = append(r.details, fault.Detail{Resource: resource, Severity: severityError, Code: code, Message: message})
}

// failed reports whether a finding forbids the deployment.
func (r *reading) failed() bool {
	for _, d := range r.details {
		if d.Severity == severityError {
			return true
		}
	}
	return false
}

// readResources reads all files of a deployment and everything that is wrong with them.
func readResources(models ModelReader, resources []Resource, link linker) *reading {
	r := &reading{models: models, graphs: graphs{files: map[string]*graphFile{}, link: link}}
	if len(resources) == 0 || len(resources) > resourcesMax {
		r.report("", "deployment.size", "a deployment has 1 to 64 resources")
		return r
	}
	names := map[string]bool{}
	for _, f := range resources {
		switch {
		case f.Name == "" || len(f.Name) > resourceNameMax:
			r.report(f.Name, "resource.name", "a resource needs a name of at most 255 bytes")
		case names[f.Name]:
			r.report(f.Name, "resource.duplicate", "two resources have this name")
		case len(f.Data) > resourceBytesMax:
			r.report(f.Name, "resource.size", "the resource is larger than 8 MiB")
		default:
			r.resources = append(r.resources, f)
		}
		names[f.Name] = true
	}
	r.collectGraphs()
	for _, f := range r.resources {
		r.read(f)
	}
	r.refuseTwins()
	return r
}

func itemOf(f Resource) item {
	sum := sha256.Sum256(f.Data)
	return item{resource: f, digest: hex.EncodeToString(sum[:])}
}

func (r *reading) read(f Resource) {
	base := itemOf(f)
	switch name := strings.ToLower(f.Name); {
	case strings.HasSuffix(name, ".bpmn"):
		r.readProcesses(base)
	case isGraph(f):
		r.readGraph(r.graphs.files[f.Name])
	case strings.HasSuffix(name, ".model.json"):
		r.readModel(base)
	case strings.HasSuffix(name, ".form"):
		r.readForm(base)
	default:
		r.report(f.Name, "resource.unknown", "the name must end in .bpmn, .dmn, .form or .model.json")
	}
}

func (r *reading) readProcesses(base item) {
	file, found, err := bpmn.Parse(base.resource.Data)
	if err != nil {
		r.reportError(base.resource.Name, err)
		return
	}
	r.reportBPMN(base.resource.Name, found)
	if found.HasErrors() {
		return
	}
	for _, p := range file.Processes {
		if !p.Executable {
			continue
		}
		// The identity comes later; what compiles under one compiles under all.
		def, found := engine.Compile(p, engine.Identity{})
		r.reportBPMN(base.resource.Name, found)
		i := base
		if def != nil {
			i.starts = def.Starts()
			r.checkStarts(base.resource.Name, i.starts)
		}
		i.kind, i.id, i.name, i.tag = kindProcess, p.ID, p.Name, p.VersionTag
		r.items = append(r.items, i)
	}
}

func (r *reading) reportBPMN(resource string, found bpmn.Diagnostics) {
	for _, d := range found {
		r.details = append(r.details, fault.Detail{
			Resource: resource, Element: d.Element, Severity: d.Severity.String(), Code: d.Code,
			Message: d.Message, Line: d.Position.Line, Column: d.Position.Column,
		})
	}
}

func (r *reading) readForm(base item) {
	text, err := canon.Parse(base.resource.Data)
	if err != nil {
		r.reportError(base.resource.Name, err)
		return
	}
	var form struct {
		ID         string `json:"id"`
		VersionTag string `json:"versionTag"`
	}
	if err := json.Unmarshal([]byte(text), &form); err != nil || form.ID == "" {
		r.report(base.resource.Name, "form.invalid", `a form is a JSON object with an "id"`)
		return
	}
	base.kind, base.id, base.tag = kindForm, form.ID, form.VersionTag
	r.items = append(r.items, base)
}

func (r *reading) readModel(base item) {
	if r.models == nil {
		r.report(base.resource.Name, "resource.unknown", "this server has no scoring models")
		return
	}
	id, name, tag, details := r.models.Read(base.resource.Data)
	for _, d := range details {
		d.Resource = base.resource.Name
		r.details = append(r.details, d)
	}
	base.kind, base.id, base.name, base.tag = kindModel, id, name, tag
	r.items = append(r.items, base)
}

// reportError turns the error of a parser into findings: its details, or itself.
func (r *reading) reportError(resource string, err error) {
	f := asFault(err)
	if len(f.Details) == 0 {
		r.report(resource, f.Code, f.Message)
		return
	}
	for _, d := range f.Details {
		d.Resource, d.Severity = resource, severityError
		if d.Code == "" {
			d.Code = f.Code
		}
		r.details = append(r.details, d)
	}
}

// refuseTwins finds ids that two resources bring: which of them would be the newer version is not said.
func (r *reading) refuseTwins() {
	type name struct {
		kind kind
		id   string
	}
	seen := map[name]string{}
	note := func(k kind, id, resource string) {
		if first, ok := seen[name{k, id}]; ok {
			r.report(resource, "definition.duplicate", "the id "+id+" is also in "+first)
			return
		}
		seen[name{k, id}] = resource
	}
	const kindDecision = kindModel + 1
	for _, i := range r.items {
		note(i.kind, i.id, i.resource.Name)
		for _, d := range i.decisions {
			note(kindDecision, d.ID, i.resource.Name)
		}
	}
}
