package bpmn

import (
	"strconv"
	"strings"
)

// job makes the activity or event a job when from, the element with the attributes, says how the work
// is done: by an external task, by code or by a connector.
func (x *extras) job(from *extras) {
	jobType, code := from.jobType()
	for _, connector := range from.all("connector") {
		x.connector(connector, &jobType)
	}
	x.priority(from)
	if jobType == "" {
		return
	}
	if code != "" {
		x.converted("%s becomes a job of type %q; a worker has to do its work", code, shorten(jobType))
	}
	x.put("taskDefinition", "type", jobType)
	x.fields(from.all("field"))
	if name := from.attr("resultVariable") + from.attr("resultVariableName"); name != "" {
		x.header("resultVariable", name, x.e)
	}
}

// jobType takes what says how the work is done: the topic of an external task, the name of a class, the
// bean or call of an expression, or a built-in type such as mail. code names the attribute for which no
// worker can exist yet.
func (x *extras) jobType() (jobType, code string) {
	kind, topic := x.attr("type"), x.attr("topic")
	if topic != "" {
		return juel(topic), ""
	}
	for _, name := range []string{"class", "delegateExpression", "expression"} {
		if text := x.attr(name); text != "" && jobType == "" {
			jobType, code = inside(text), name+" "+strconv.Quote(shorten(text))
		}
	}
	if jobType == "" && kind != "" && kind != "external" && kind != "external-worker" {
		return kind, "type " + strconv.Quote(shorten(kind))
	}
	return jobType, code
}

// connector makes a job of the type of a connector, with its inputs and outputs.
func (x *extras) connector(c *element, jobType *string) {
	for _, id := range c.own("connectorId") {
		if *jobType == "" {
			*jobType = id.text
			x.converted("the connector %q becomes a job; a worker has to make the call", shorten(id.text))
		}
	}
	for _, mapping := range c.own("inputOutput") {
		x.inputOutput(mapping)
	}
}

// priority is that of external tasks before that of other jobs.
func (x *extras) priority(from *extras) {
	task, job := from.value("taskPriority"), from.value("jobPriority")
	if task == "" {
		task = job
	}
	if task != "" {
		x.put("jobPriorityDefinition", "priority", task)
	}
}

// fields become headers when they are fixed texts, and input mappings when they are expressions.
func (x *extras) fields(fields []*element) {
	for _, f := range fields {
		if text := fieldText(f); strings.Contains(text, "${") {
			x.put("ioMapping").grow("input", f, "source", text, "target", f.attr("name"))
		} else {
			x.header(f.attr("name"), text, f)
		}
	}
}

func fieldText(f *element) string {
	text := f.attr("stringValue") + f.attr("expression")
	for _, name := range []string{"string", "expression"} {
		for _, c := range f.own(name) {
			text += c.text
		}
	}
	return juel(text)
}

func (x *extras) header(key, value string, from *element) {
	x.put("taskHeaders").grow("header", from, "key", key, "value", value)
}

// retryCycle reads R3/PT10M or a list of intervals: how often, not when; the waiting is up to the worker.
func (x *extras) retryCycle(target *extras) {
	for _, e := range x.all("failedJobRetryTimeCycle") {
		retries := retriesOf(e.text)
		switch made := x.p.adoption.made[target.e]["taskDefinition"]; {
		case retries == "":
			x.ignored(e, "the retries %q have no fixed number; give the job retries of its own", shorten(e.text))
		case made == nil:
			x.ignored(e, "failedJobRetryTimeCycle has no effect here: this is no job")
		default:
			made.set("retries", retries)
			x.ignored(e, "the job has %s retries; the time between them is up to the worker", retries)
		}
	}
}

func retriesOf(text string) string {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "{") || text == "" {
		return ""
	}
	count, _, cycle := strings.Cut(text, "/")
	if cycle && strings.HasPrefix(count, "R") {
		if n, err := strconv.ParseUint(count[1:], 10, 31); err == nil {
			return strconv.FormatUint(n, 10)
		}
		return ""
	}
	return strconv.Itoa(strings.Count(text, ",") + 2)
}

// ruleTask calls a decision, or is a job like a service task.
func (x *extras) ruleTask() {
	decision := x.value("decisionRef")
	binding, version, tag := x.attr("decisionRefBinding"), x.attr("decisionRefVersion"), x.attr("decisionRefVersionTag")
	shape := x.attr("mapDecisionResult")
	if decision == "" {
		x.job(x)
		return
	}
	result := x.attr("resultVariable")
	x.put("calledDecision", "decisionId", decision, "resultVariable", result,
		"bindingType", x.binding(binding, version), "versionTag", tag)
	if result != "" && (shape == "" || shape == "resultList" || shape == "singleResult") {
		x.converted("the result is the value of a decision with one output, an object for several and a list for a "+
			"collecting hit policy; mapDecisionResult %q is not applied", shape)
	}
}

// binding reads which version of a resource is meant. Numbers of another installation mean nothing here.
func (x *extras) binding(binding, version string) string {
	if binding == "version" {
		x.converted("version %q is a number of another installation; the latest version is used, a versionTag would fix one", shorten(version))
		return ""
	}
	return binding
}

// scriptTask names the variable of the result; the script itself is of the standard.
func (x *extras) scriptTask() {
	result, e := x.attr("resultVariable"), x.e
	if result == "" {
		return
	}
	x.p.afterLink(func() {
		n := x.p.nodes[e.id()]
		switch {
		case n == nil:
		case n.Script != nil && n.Script.ResultVariable == "":
			n.Script.ResultVariable = result
		case n.Task != nil:
			if n.Headers == nil {
				n.Headers = map[string]string{}
			}
			n.Headers["resultVariable"] = result
		}
	})
}
