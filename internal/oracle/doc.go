// Package oracle is a second reading of BPMN 2.0: a small interpreter that runs one process instance as plainly
// as the standard says it, to be compared with the engine.
//
// It owns nothing of the product. It is written from chapters 10 and 13 of the standard, shares no code with
// package engine and cannot import it; it knows no expressions but a handful of integer formulas of its own, no
// records, no keys, no replay, and it takes the naive way everywhere: it searches paths where the engine has
// tables, and looks at the whole instance after each move. What it knows of the product are the decisions that
// the standard leaves open: tokens move first in, first out, joins that wait for what may still come are looked at
// when nothing else moves, and a step that fails parks as an incident.
//
// A model that it does not understand makes it panic: whoever compares must not take silence for agreement.
package oracle
