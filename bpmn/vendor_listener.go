package bpmn

import "strings"

// taskEvents are the events of task listeners by their names here.
var taskEvents = map[string][]string{
	"create": {"creating"}, "assignment": {"assigning"}, "complete": {"completing"}, "update": {"updating"},
	"delete": {"canceling"}, "all": {"creating", "assigning", "completing", "canceling"},
}

// listeners makes jobs of execution and task listeners.
func (x *extras) listeners() {
	if x.e.name != "sequenceFlow" {
		for _, e := range x.all("executionListener") {
			x.executionListener(e)
		}
	}
	for _, e := range x.all("taskListener") {
		events := taskEvents[e.attr("event")]
		if events == nil || x.e.name != "userTask" {
			x.ignored(e, "a task listener of the event %q has no effect here; draw a boundary event", shorten(e.attr("event")))
		}
		for _, event := range events {
			x.listener("taskListeners", "taskListener", event, e)
		}
	}
}

func (x *extras) executionListener(e *element) {
	event := e.attr("event")
	if event == "" {
		event = "start" // Flowable and Activiti leave it out
	}
	if event != "start" && event != "end" {
		x.ignored(e, "an execution listener of the event %q has no effect here; draw a task on the flow", shorten(event))
		return
	}
	x.listener("executionListeners", "executionListener", event, e)
}

func (x *extras) listener(list, name, event string, e *element) {
	jobType := ""
	for _, attribute := range []string{"class", "delegateExpression", "expression"} {
		if text := e.attr(attribute); text != "" && jobType == "" {
			jobType = inside(text)
		}
	}
	headers := e.own("field")
	var script *element
	for _, script = range e.own("script") {
		jobType = "script:" + strings.ToLower(script.attr("scriptFormat"))
	}
	if jobType == "" {
		x.ignored(e, "the listener says nothing that a worker could do")
		return
	}
	made := x.put(list).grow(name, e, "eventType", event, "type", jobType)
	x.converted("the listener for %s becomes a job of type %q; a worker has to do its work", event, shorten(jobType))
	if script == nil && len(headers) == 0 {
		return
	}
	texts := made.grow("taskHeaders", e)
	if script != nil {
		texts.grow("header", script, "key", "script", "value", script.text)
	}
	for _, f := range headers {
		texts.grow("header", f, "key", f.attr("name"), "value", fieldText(f))
	}
}
