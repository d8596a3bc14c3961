package engine

// GatewayStarted says that a complex gateway fired in its start phase and now waits for the rest of its tokens, to
// be reset (13.4.5). ElementInstance is the activation that did; Flows are those that it took a token of.
type GatewayStarted struct {
	Scope           int64    `json:"scope"`
	Element         string   `json:"element"`
	ElementInstance int64    `json:"elementInstance"`
	Flows           []string `json:"flows,omitempty"`
}

// GatewayReset says that a complex gateway waits for its start again.
type GatewayReset struct {
	Scope   int64  `json:"scope"`
	Element string `json:"element"`
}

// gatewayState is a complex gateway of a scope that waits to be reset; the fields are those of GatewayStarted.
type gatewayState struct {
	Scope           int64    `json:"scope"`
	Element         string   `json:"element"`
	ElementInstance int64    `json:"elementInstance"`
	Flows           []string `json:"flows,omitempty"`
}

func (g gatewayState) id() rowID                  { return named(g.Scope, g.Element) }
func (g gatewayState) owners() ([3]int64, string) { return [3]int64{}, "" }

// Kind implements Record.
func (GatewayStarted) Kind() string { return "GatewayStarted" }

// Kind implements Record.
func (GatewayReset) Kind() string { return "GatewayReset" }

// String implements Record.
func (r GatewayStarted) String() string { return "start phase over " + r.Element }

// String implements Record.
func (r GatewayReset) String() string { return "reset " + r.Element }

func (r GatewayStarted) fields(t *text) {
	t.number("scope", r.Scope)
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.stringsIf("flows", r.Flows)
}

func (r GatewayReset) fields(t *text) {
	t.number("scope", r.Scope)
	t.string("element", r.Element)
}

func (g gatewayState) fields(t *text) { GatewayStarted(g).fields(t) }

func (r GatewayStarted) apply(s *State) { s.gateways.put(gatewayState(r)) }

func (r GatewayReset) apply(s *State) { s.gateways.remove(named(r.Scope, r.Element)) }
