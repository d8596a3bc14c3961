package engine

// The fields of the records, as their tags say: the bytes are those of encoding/json.

func (r InstanceStarted) fields(t *text) {
	t.number("instance", r.Instance)
	t.number("definition", r.Definition)
	t.string("processId", r.ProcessID)
	t.number("version", int64(r.Version))
	t.stringIf("versionTag", r.VersionTag)
	t.stringIf("businessId", r.BusinessID)
	t.stringsIf("tags", r.Tags)
	t.stringIf("start", r.Start)
	if r.Message != (MessageRef{}) {
		t.other("message", r.Message)
	}
	t.numberIf("caller", r.Caller)
	t.numberIf("parent", r.Parent)
	t.numberIf("root", r.Root)
	t.numberIf("depth", int64(r.Depth))
}

func (InstanceCompleted) fields(*text) {}

func (r InstanceTerminated) fields(t *text) {
	t.string("reason", r.Reason)
}

func (r ElementActivated) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.string("elementType", r.ElementType)
	t.stringIf("name", r.Name)
	t.number("scope", r.Scope)
	t.stringsIf("via", r.Via)
	t.numberIf("compensates", r.Compensates)
	t.numberIf("loopCounter", int64(r.LoopCounter))
	t.trueIf("held", r.Held)
}

func (r ElementCompleted) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r ElementTerminated) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r FlowTaken) fields(t *text) {
	t.string("flow", r.Flow)
	t.string("source", r.Source)
	t.string("target", r.Target)
	t.number("scope", r.Scope)
}

func (r VariableSet) fields(t *text) {
	t.number("key", r.Key)
	t.number("scope", r.Scope)
	t.stringIf("element", r.Element)
	t.string("name", r.Name)
	t.value("value", r.Value)
}

func (r DecisionEvaluated) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.open("decision")
	r.Decision.fields(t)
	t.close()
	t.other("trace", r.Trace)
}

func (r ModelScored) fields(t *text) {
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.number("job", r.Job)
	t.open("prediction")
	r.Prediction.fields(t)
	t.close()
}

func (r ErrorThrown) fields(t *text) {
	t.string("element", r.Element)
	t.string("code", r.Code)
	t.stringIf("message", r.Message)
	t.stringIf("caughtBy", r.CaughtBy)
}

func (r EscalationThrown) fields(t *text) {
	t.string("element", r.Element)
	t.string("code", r.Code)
	t.stringIf("caughtBy", r.CaughtBy)
}

func (r ScopeTerminated) fields(t *text) {
	t.number("scope", r.Scope)
	t.string("element", r.Element)
}

func (r CompensationSubscribed) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.number("scope", r.Scope)
	t.stringIf("handler", r.Handler)
	t.numberIf("loopCounter", int64(r.LoopCounter))
}

func (r CompensationThrown) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.numbersIf("entries", r.Entries)
}

func (r CompensationTriggered) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.stringIf("handler", r.Handler)
	t.number("elementInstance", r.ElementInstance)
}

func (d DecisionRef) fields(t *text) {
	t.number("key", d.Key)
	t.string("id", d.ID)
	t.string("name", d.Name)
	t.number("version", int64(d.Version))
	t.string("digest", d.Digest)
	t.number("requirementsKey", d.RequirementsKey)
	t.string("requirementsId", d.RequirementsID)
}

func (p Prediction) fields(t *text) {
	t.string("model", p.Model)
	t.string("version", p.Version)
	t.string("digest", p.Digest)
	t.string("inputDigest", p.InputDigest)
	t.value("inputs", p.Inputs)
	t.value("output", p.Output)
	t.number("latencyMicros", p.LatencyUS)
}
