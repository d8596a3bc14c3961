package bpmn

import (
	"slices"
	"strings"
)

// silent are extensions that only describe or serve a drawing tool.
var silent = map[string]bool{
	"modelerTemplate": true, "modelerTemplateVersion": true, "modelerTemplateIcon": true, "diagramRelationId": true,
	"exclusive": true, "extensionId": true,
}

const (
	adviceStep    = "each step is a transaction of its own and survives a crash"
	adviceWorker  = "let the worker throw a BPMN error"
	adviceStarter = "who may start a process is a matter of permissions"
	adviceForm    = "forms are zeebe:formDefinition, or fields in formData"
	adviceTenant  = "an installation serves one tenant"
	adviceCode    = "code does not run inside the server; a job worker can do it"
	adviceCatch   = "the variables of an error or escalation arrive by their own names; an output mapping renames them"
)

// advices say what takes the place of an extension that has no effect.
var advices = map[string]string{
	"asyncBefore": adviceStep, "asyncAfter": adviceStep, "async": adviceStep, "asyncLeave": adviceStep,
	"errorEventDefinition": adviceWorker, "mapException": adviceWorker,
	"candidateStarterUsers": adviceStarter, "candidateStarterGroups": adviceStarter, "potentialStarter": adviceStarter,
	"isStartableInTasklist": adviceStarter,
	"formHandlerClass":      adviceForm, "formFieldValidation": adviceForm, "formKey": adviceForm, "formRef": adviceForm,
	"formData": adviceForm, "formProperty": adviceForm, "formRefBinding": adviceForm, "formRefVersion": adviceForm,
	"calledElementTenantId": adviceTenant, "decisionRefTenantId": adviceTenant, "fallbackToDefaultTenant": adviceTenant,
	"variableMappingClass": adviceCode, "variableMappingDelegateExpression": adviceCode, "eventListener": adviceCode,
	"class": adviceCode, "delegateExpression": adviceCode, "customResource": adviceCode, "executionListener": adviceCode,
	"errorCodeVariable": adviceCatch, "errorMessageVariable": adviceCatch, "escalationCodeVariable": adviceCatch,
	"errorVariableName":              adviceCatch,
	"errorMessage":                   "a thrown error carries its code; pass a text as a variable",
	"initiator":                      "who started an instance is in its audit log; pass the name as a variable",
	"skipExpression":                 "draw a gateway and a flow around the task",
	"businessCalendarName":           "compute the date by an expression",
	"businessCalendar":               "compute the date by an expression",
	"resource":                       "write the text of the script into the model",
	"caseRef":                        "CMMN cases are not run; draw a process",
	"elementIndexVariable":           "loopCounter counts the instances from 1",
	"triggerable":                    "draw a receive task behind the task",
	"endDate":                        "end the cycle by the number of its repetitions",
	"owner":                          "assignee and candidates say whom a task concerns",
	"useLocalScopeForResultVariable": "an output mapping says what leaves the task",
}

// report warns of what was not taken: one warning for each advice, and for each element with content.
func (x *extras) report() {
	named := map[string][]string{}
	var order []string
	note := func(space, name string) {
		advice := advices[name]
		if named[advice] == nil {
			order = append(order, advice)
		}
		named[advice] = append(named[advice], vendors[space]+":"+shorten(name))
	}
	for _, a := range x.attributes {
		if !silent[a.name] && a.value != "false" {
			note(a.space, a.name)
		}
	}
	for _, e := range x.elements {
		if !silent[e.name] {
			note(e.space, e.name)
		}
	}
	for _, advice := range order {
		names := strings.Join(slices.Compact(named[advice]), ", ")
		if advice == "" {
			x.p.warn(x.e, CodeExtensionIgnored, "%s: no effect here", names)
		} else {
			x.p.warn(x.e, CodeExtensionIgnored, "%s: no effect here; %s", names, advice)
		}
	}
}

// ignored warns of a part of an extension.
func (x *extras) ignored(part *element, format string, args ...any) {
	x.p.warn(part, CodeExtensionIgnored, format, args...)
}

// converted warns of something that goes on only when somebody does the rest.
func (x *extras) converted(format string, args ...any) {
	x.p.warn(x.e, CodeExtensionConverted, format, args...)
}
