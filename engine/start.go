package engine

// StartInfo is a way to start a process: a start event, a start event of one of several triggers, or an
// instantiating receive task or event-based gateway. Type is NONE, MESSAGE, SIGNAL, TIMER or CONDITIONAL.
// Name is that of the message or signal. Parts that stand under one Element start it together when All is set.
type StartInfo struct {
	Element string
	Part    int
	Type    string
	Name    string
	All     bool
}
