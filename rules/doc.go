// Package rules reads and evaluates decision models in DMN 1.1 to 1.5.
//
// It owns the decision requirements graph (input data, decisions, business knowledge models), the
// boxed expressions, decision tables with all hit policies, and the Trace of an evaluation. A model
// is compiled once by Parse and is immutable afterwards; Evaluate is a pure function of the model
// and its Env.
//
// It must not know processes, storage, time of day or users: variables and the moment come in
// through Env, and what happened goes out as a Trace.
//
// Names in expressions are resolved in this order: entries and parameters of the boxed expression
// around them, the requirements of the decision (by variable name, name or id), built-in functions,
// and last the variables of the caller. An element of the model that is not required stays invisible
// (DMN 1.5, 7.3.1), even when a variable of that name exists.
//
// Knowledge sources, authority requirements, annotations, groups, organization units, performance
// indicators and diagrams are read over: they carry no meaning for execution. Functions of kind
// PMML, and of kind Java without an equivalent in feel.ExternalJava, are refused by the diagnostic
// element.unsupported.
//
// A model may import others: ParseAll reads files that belong together, Parse takes the imported models.
// Inside of a decision service only its parameters are seen, neither variables nor results of the caller.
package rules
