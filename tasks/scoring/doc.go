// Package scoring reads scoring model files and scores with them inside the server: the job type
// tallystick:score.
//
// It owns the model file format tallystick-model/1 (scorecards and boosted trees, described in
// docs/modeling.md), the check of a file at deployment, the schema check of the inputs, the arithmetic
// and the text form of a score. It must not know processes, storage or transports: model bytes come in
// through Models, job variables through host.Job, and a prediction goes out as a host.Result.
//
// Arithmetic is float64. Points and leaf values are added one after the other in file order, never
// multiplied, so no compiler fuses two roundings into one; the logistic scale is 1/(1+exp(-z)). The
// score is rounded half away from zero to the digits of the model's output and written as the
// shortest decimal that stands for it. The golden rows of a file are replayed when it is read, so a
// machine whose exp differs in the digits that count refuses the model instead of scoring otherwise.
//
// An input that breaks the schema is the model's or the data's doing and never gets better by trying
// again: ErrContract, kind fault.Invalid. A score that is no number or outside the declared range
// throws the BPMN error SCORE_OUTPUT, which the process may catch.
package scoring
