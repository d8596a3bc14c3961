package host

// Actor is who acts: always a visible argument, never hidden in a context.
type Actor struct {
	Kind   string // "user", "client" or "system"
	Name   string // login or, for the system, the part of it ("timer", "worker:scoring")
	Roles  []string
	Groups []string
	Method string // how it was authenticated: "basic", "token", "none", "internal"
}

// Ref is the typed reference of records and audit entries, for instance "user:ann".
func (a Actor) Ref() string { return a.Kind + ":" + a.Name }

// System is the engine acting by itself: it fires timers. It holds no role; the authorizer knows the kind.
func System(part string) Actor { return Actor{Kind: "system", Name: part, Method: "internal"} }
