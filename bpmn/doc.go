// Package bpmn reads BPMN 2.0 XML into a typed model and says what is wrong with it.
//
// It owns the model (Definitions, Process, Scope, Node, Flow), the reading of the zeebe:
// extensions that belong to executed elements, and the diagnostics, whose codes are the constants
// Code…. It must not know how a process runs, what an expression means or how a timer text is
// read: expressions and timers are kept as written.
//
// Flow nodes and event definitions of the standard are those of Kind and EventKind. Data objects and
// stores, properties, inputs and outputs, data associations, correlation keys and subscriptions,
// message flows between the pools of the file and the resource roles of user tasks are read too. A
// global task is a process of one task. What would change the behaviour and is not read is refused
// with CodeElementUnsupported, never dropped: choreographies, implicit throw events that are
// drawn, resource parameters, abstract elements. Elements that only draw or describe are accepted
// without a word: lanes, text annotations, groups, categories, associations, participants,
// conversations, imports, interfaces, item definitions, resources, the performers of other
// activities than user tasks, auditing, monitoring, renderings and documentation.
// Diagram interchange is skipped. Processes that are not executable are listed without their
// content. Extensions of unknown namespaces are ignored. Those of Camunda 7,
// Flowable and Activiti are turned into the zeebe: extensions that say the same before the model is read
// (vendor*.go); what has no effect here is a warning that names it and the way to migrate.
package bpmn
