package host

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
)

// Deploy deploys all resources or none. Findings that forbid it are the details of ErrDefinition; other
// findings come back as warnings. A file whose bytes are those of the latest version keeps version and
// key. The same key (of the same actor) with the same resources gets the first answer again.
func (h *Host) Deploy(ctx context.Context, by Actor, key string, resources []Resource) (Deployment, []fault.Detail, error) {
	d := &deployer{
		host: h, by: by, resources: resources, keyed: key != "",
		id: commandID(by, key, audit.EventID{}), digest: digestOfAll(resources),
	}
	if err := h.write(ctx, d.plan); err != nil {
		return Deployment{}, nil, err
	}
	// The reading node uses what it deployed at once; the others follow within PollMax, or when they meet it.
	if err := h.open(context.WithoutCancel(ctx)); err != nil {
		h.opts.Log.WarnContext(ctx, "the library could not be read", slog.Any("err", err))
	}
	h.alarm.ring() // for start events that are due
	return d.out, d.details, nil
}

// digestOfAll is the digest of names and bytes; the lengths keep them apart.
func digestOfAll(resources []Resource) [32]byte {
	h := sha256.New()
	for _, r := range resources {
		for _, part := range [][]byte{[]byte(r.Name), r.Data} {
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
			h.Write(part)
		}
	}
	return [32]byte(h.Sum(nil))
}

// deployer plans one deployment, again whenever the library moved.
type deployer struct {
	host      *Host
	by        Actor
	resources []Resource
	items     []item
	details   []fault.Detail
	linked    []DeployedGraph // of the library, that the deployment imports
	library   int64           // the version that they were looked up in
	id        string
	keyed     bool
	digest    [32]byte
	verdict   Verdict

	out     Deployment
	sources map[int64][]byte
	next    int64
}

func (d *deployer) plan(ctx context.Context, now moment) (Batch, []note, bool, error) {
	library := d.host.Catalog()
	if d.items == nil || len(d.linked) > 0 && library.version != d.library {
		if err := d.read(ctx, library); err != nil {
			return Batch{}, nil, false, err
		}
	}
	if d.keyed {
		if done, err := d.recall(ctx); done || err != nil {
			return Batch{}, nil, done, err
		}
	}
	if err := d.permit(library); err != nil {
		return Batch{}, nil, false, err
	}
	if err := d.number(ctx, library); err != nil {
		return Batch{}, nil, false, err
	}
	starts, err := d.starts(now)
	if err != nil {
		return Batch{}, nil, false, err
	}
	receipt, err := json.Marshal(d.out)
	if err != nil {
		return Batch{}, nil, false, err
	}
	b := Batch{
		Policy:     d.verdict.Policy,
		Deployment: &DeploymentChange{Library: library.version, Deployment: d.out, Sources: d.sources, Starts: starts},
	}
	if d.keyed {
		b.Commands = []CommandRow{{ID: d.id, Actor: d.by.Ref(), Digest: d.digest, Receipt: receipt, At: now.At}}
	}
	return b, d.notes(now, library), false, nil
}

// read reads the resources, and links them with what is deployed.
func (d *deployer) read(ctx context.Context, library *Snapshot) error {
	r := readResources(d.host.opts.Models, d.resources, d.host.linker(ctx, library))
	if r.err != nil {
		return r.err
	}
	d.items, d.details, d.linked, d.library = r.items, r.details, r.linked, library.version
	if r.failed() {
		refusal := *ErrDefinition
		refusal.Details = r.details
		return &refusal
	}
	return nil
}

func (d *deployer) recall(ctx context.Context) (bool, error) {
	outcomes, err := d.host.outcomes(ctx, []string{d.id})
	kept, ok := outcomes[d.id]
	if err != nil || !ok {
		return false, err
	}
	if kept.Digest != d.digest {
		return false, ErrReused
	}
	return true, json.Unmarshal(kept.Receipt, &d.out)
}

// permit needs the right for everything that is in the deployment, and to see what it imports.
func (d *deployer) permit(library *Snapshot) error {
	for _, g := range d.linked {
		for _, scope := range library.scopesOf(g) {
			if _, err := d.allowed(ActionDecisionRead, scope); err != nil {
				return err
			}
		}
	}
	for _, i := range d.items {
		for _, scope := range i.scopes() {
			v, err := d.allowed(ActionDefinitionDeploy, scope)
			if err != nil {
				return err
			}
			d.verdict = v
		}
	}
	return nil
}

func (d *deployer) allowed(action, scope string) (Verdict, error) {
	v := d.host.authorizer.Allow(d.by, action, Target{Scope: scope})
	if v.Allowed {
		return v, nil
	}
	refusal := denied(v, action, scope)
	d.host.refuse(d.by, action, Target{Scope: scope}, v, refusal.Message)
	return v, refusal
}

// number gives every item its version and key. The numbers come straight from the store, so that of two
// deployments the later has the higher keys.
func (d *deployer) number(ctx context.Context, library *Snapshot) error {
	n := 1
	for _, i := range d.items {
		n += 1 + len(i.decisions) + len(i.starts)
	}
	first, err := ask1(ctx, d.host, func(ctx context.Context) (int64, error) { return d.host.store.Sequences(ctx, n) })
	if err != nil {
		return err
	}
	d.next, d.sources = first, map[int64][]byte{}
	d.out = Deployment{Key: d.draw()}
	for _, i := range d.items {
		switch i.kind {
		case kindProcess:
			latest, ok := library.processes.latest(i.id)
			d.out.Processes = append(d.out.Processes, d.place(i, latest, ok))
		case kindForm:
			latest, ok := library.forms.latest(i.id)
			d.out.Forms = append(d.out.Forms, d.place(i, latest, ok))
		case kindModel:
			latest, ok := library.models.latest(i.id)
			d.out.Models = append(d.out.Models, d.place(i, latest, ok))
		case kindGraph:
			d.placeGraph(i, library)
		}
	}
	return nil
}

func (d *deployer) draw() int64 {
	d.next++
	return engine.InstanceKey(d.next - 1)
}

// place makes an item the next version of its id, or finds that it is the latest already.
func (d *deployer) place(i item, latest Deployed, exists bool) Deployed {
	if exists && latest.Digest == i.digest {
		latest.Duplicate = true
		return latest
	}
	out := Deployed{
		Key: d.draw(), ID: i.id, Name: i.name, Version: latest.Version + 1, VersionTag: i.tag,
		ResourceName: i.resource.Name, Digest: i.digest, Deployment: d.out.Key,
	}
	d.sources[out.Key] = i.resource.Data
	return out
}

func (d *deployer) notes(now moment, library *Snapshot) []note {
	root := d.draft(now, "deployment:"+strconv.FormatInt(d.out.Key, 10))
	var list []canon.JSON
	var notes []note
	each := func(kind string, x Deployed) {
		list = append(list, texts("kind", kind, "id", x.ID, "version", strconv.Itoa(x.Version), "digest", x.Digest,
			"key", strconv.FormatInt(x.Key, 10), "duplicate", strconv.FormatBool(x.Duplicate)))
		if x.Duplicate {
			return
		}
		n := d.draft(now, kind+":"+strconv.FormatInt(x.Key, 10))
		n.entry.Cause = &root.entry.EventID
		n.entry.Definition, n.entry.DefinitionVersion = audit.Given(x.ID), audit.Given(int64(x.Version))
		n.entry.ArtefactDigest = digestOf(x.Digest)
		notes = append(notes, n)
	}
	for _, x := range d.out.Processes {
		each("process", x)
	}
	for _, x := range d.out.Graphs {
		if !slices.ContainsFunc(d.out.Decisions, func(y DeployedDecision) bool { return y.Requirements.Key == x.Key }) {
			each("requirements", x.Deployed)
		}
	}
	for _, x := range d.out.Decisions {
		each("decision", x.Deployed)
	}
	for _, x := range d.out.Forms {
		each("form", x)
	}
	for _, x := range d.out.Models {
		each("model", x)
	}
	parts := map[string]canon.JSON{"resources": canon.List(list)}
	if imports := d.imports(library); len(imports) > 0 {
		parts["imports"] = canon.List(imports)
	}
	root.private = []byte(canon.Object(parts))
	return append([]note{root}, notes...)
}

func (d *deployer) draft(now moment, resource string) note {
	e := d.host.entry(now, d.by, "definition", ActionDefinitionDeploy)
	judged(&e, d.verdict)
	e.Resource = &resource
	return note{stream: streamDeployed, draft: draft{entry: e}}
}

func asFault(err error) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	return ErrDefinition.With("%s", err.Error())
}
