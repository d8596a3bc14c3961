package engine

import (
	"strconv"
	"strings"
)

// listen offers the job of the next listener of an element instance and reports false, or true when the element
// may go on. Listeners are jobs one after the other; from is the place of the next one.
func (x *machine) listen(n *node, e ElementInstance, event string, from int) bool {
	list := n.listeners[event]
	if from >= len(list) {
		return true
	}
	v := x.values(e.Key)
	j := JobCreated{
		Key: x.key(), Element: n.id, ElementInstance: e.Key, Headers: list[from].headers,
		Type: v.name(list[from].typ, "the job type of the listener"), Retries: v.number(list[from].retries, "the retries", retriesDefault),
		JobKind: JobExecutionListener, ListenerEvent: event, Listener: from,
	}
	if j.Retries < 1 {
		v.fail("the retries", "are %d; a job needs at least one", j.Retries)
	}
	if *v.problem != "" {
		x.park(e, retryOfListener(event, from), errorValue, *v.problem)
		return false
	}
	if taskStates[event] != "" {
		t, _ := x.taskOf(e.Key)
		j.JobKind, j.UserTask = JobTaskListener, t.jobTask()
	}
	x.emit(j)
	return false
}

// listened goes on behind a listener of an element: what it set is local before the work of the element, and goes
// to the scopes around it afterwards.
func (x *machine) listened(n *node, e ElementInstance, j Job, vars Variables) {
	x.setAll(vars, func(name string) int64 {
		if j.ListenerEvent == listensEnd && e.Key != x.st.key {
			return x.st.home(e.Scope, name)
		}
		return e.Key
	})
	x.listenOn(n, e, j.ListenerEvent, j.Listener+1)
}

// listenOn goes on with the listeners of an event, and behind the last of them with the element.
func (x *machine) listenOn(n *node, e ElementInstance, event string, from int) {
	if !x.listen(n, e, event, from) {
		return
	}
	if e.Key == x.st.key {
		x.listenedTo(event)
		return
	}
	switch event {
	case listensStart:
		x.proceed(n, e, retryEvents)
	case listensEnd:
		if !x.st.busy(e.Key) {
			x.proceed(n, e, retryLeave)
		}
	default:
		x.heard(n, e)
	}
}

// retryOfListener is the step that offers the job of a listener.
func retryOfListener(event string, place int) string {
	return retryListener + " " + event + " " + strconv.Itoa(place)
}

// retryListening tries again what failed before a listener had its job, and reports whether that was it.
func (x *machine) retryListening(n *node, e ElementInstance, step string) bool {
	words := strings.Fields(step)
	if len(words) != 3 || words[0] != retryListener {
		return false
	}
	from, _ := strconv.Atoi(words[2])
	x.listenOn(n, e, words[1], from)
	return true
}
