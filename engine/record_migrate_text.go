package engine

// The fields of the records of a migration, as their tags say.

func (r InstanceMigrated) fields(t *text) {
	t.number("definition", r.Definition)
	t.number("from", r.From)
	t.string("processId", r.ProcessID)
	t.number("version", int64(r.Version))
	t.stringIf("versionTag", r.VersionTag)
	t.numbersIf("variables", r.Variables)
}

func (r ElementMigrated) fields(t *text) {
	t.moved(r.Key, r.Element, r.From)
	t.string("elementType", r.ElementType)
	t.stringIf("name", r.Name)
}

func (r TokensMigrated) fields(t *text) {
	t.number("scope", r.Scope)
	if len(r.Flows) > 0 {
		t.other("flows", r.Flows)
	}
	if len(r.Gateways) > 0 {
		t.other("gateways", r.Gateways)
	}
}

func (r JobMigrated) fields(t *text) { t.moved(r.Key, r.Element, r.From) }

func (r TaskMigrated) fields(t *text) { t.moved(r.Key, r.Element, r.From) }

func (r TimerMigrated) fields(t *text) { t.moved(r.Key, r.Element, r.From) }

func (r SubscriptionMigrated) fields(t *text) {
	t.moved(r.Key, r.Element, r.From)
	t.trueIf("interrupting", r.Interrupting)
}

func (r IncidentMigrated) fields(t *text) { t.moved(r.Key, r.Element, r.From) }

func (r CallMigrated) fields(t *text) {
	t.number("elementInstance", r.ElementInstance)
	t.string("element", r.Element)
	t.string("from", r.From)
}

func (r CompensationMigrated) fields(t *text) {
	t.moved(r.Key, r.Element, r.From)
	t.stringIf("handler", r.Handler)
}

func (r CompensationWithdrawn) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r ActivationMigrated) fields(t *text) {
	t.number("key", r.Key)
	t.number("index", int64(r.Index))
	t.string("element", r.Element)
	t.string("from", r.From)
}

func (t *text) moved(key int64, element, from string) {
	t.number("key", key)
	t.string("element", element)
	t.string("from", from)
}
