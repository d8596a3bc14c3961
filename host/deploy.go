package host

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"log/slog"
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
	read := readResources(h.opts.Models, resources)
	if read.failed() {
		refusal := *ErrDefinition
		refusal.Details = read.details
		return Deployment{}, nil, &refusal
	}
	d := &deployer{
		host: h, by: by, items: read.items, keyed: key != "",
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
	return d.out, read.details, nil
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
	host    *Host
	by      Actor
	items   []item
	id      string
	keyed   bool
	digest  [32]byte
	verdict Verdict

	out     Deployment
	sources map[int64][]byte
	next    int64
}

func (d *deployer) plan(ctx context.Context, now moment) (Batch, []note, bool, error) {
	if d.keyed {
		if done, err := d.recall(ctx); done || err != nil {
			return Batch{}, nil, done, err
		}
	}
	if err := d.permit(); err != nil {
		return Batch{}, nil, false, err
	}
	library := d.host.Catalog()
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
	return b, d.notes(now), false, nil
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

// permit needs the right for everything that is in the deployment.
func (d *deployer) permit() error {
	for _, i := range d.items {
		for _, scope := range i.scopes() {
			v := d.host.authorizer.Allow(d.by, ActionDefinitionDeploy, Target{Scope: scope})
			if !v.Allowed {
				refusal := denied(v, ActionDefinitionDeploy, scope)
				d.host.refuse(d.by, ActionDefinitionDeploy, Target{Scope: scope}, v, refusal.Message)
				return refusal
			}
			d.verdict = v
		}
	}
	return nil
}

// number gives every item its version and key. The numbers come straight from the store, so that of two
// deployments the later has the higher keys.
func (d *deployer) number(ctx context.Context, library *Snapshot) error {
	n := 1
	for _, i := range d.items {
		n += 1 + len(i.decisions) + len(i.starts)
	}
	first, err := d.host.store.Sequences(ctx, n)
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

// placeGraph numbers a decision requirements graph and the decisions in it: all are new, or none. Bytes
// whose decisions another graph took over meanwhile are new again.
func (d *deployer) placeGraph(i item, library *Snapshot) {
	latest, exists := library.graphs.latest(i.id)
	for _, decision := range i.decisions {
		before, _ := library.decisions.latest(decision.ID)
		exists = exists && before.Requirements.Key == latest.Key
	}
	graph := d.place(i, latest, exists)
	for _, decision := range i.decisions {
		before, _ := library.decisions.latest(decision.ID)
		if graph.Duplicate {
			before.Duplicate = true
			d.out.Decisions = append(d.out.Decisions, before)
			continue
		}
		d.out.Decisions = append(d.out.Decisions, DeployedDecision{Requirements: graph, Deployed: Deployed{
			Key: d.draw(), ID: decision.ID, Name: decision.Name, Version: before.Version + 1, VersionTag: decision.VersionTag,
			ResourceName: i.resource.Name, Digest: i.digest, Deployment: d.out.Key,
		}})
	}
}

func (d *deployer) notes(now moment) []note {
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
	for _, x := range d.out.Decisions {
		each("decision", x.Deployed)
	}
	for _, x := range d.out.Forms {
		each("form", x)
	}
	for _, x := range d.out.Models {
		each("model", x)
	}
	root.private = []byte(canon.Object(map[string]canon.JSON{"resources": canon.List(list)}))
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
