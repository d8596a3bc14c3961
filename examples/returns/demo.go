package returns

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tallystick/host"
	"tallystick/internal/canon"
)

// The BPMN errors that the demo workers throw.
const (
	ErrorClaim    = "INVALID_CLAIM"      // ValidateClaim: the claim cannot be worked on
	ErrorMismatch = "INVENTORY_MISMATCH" // UpdateInventory: the stock cannot be corrected
)

// discontinued is how the article numbers begin that the shop has taken out of its stock; returning one
// cannot be booked.
const discontinued = "GONE-"

// Workers returns the demo workers by job type. They keep nothing and call nobody: what they answer
// follows from the job alone, so an attempt that is repeated answers the same.
func Workers() map[string]host.Worker {
	return map[string]host.Worker{
		"returns:validate":         demoWorker(validate),
		"returns:refund":           demoWorker(refund),
		"returns:reverse-refund":   demoWorker(reverseRefund),
		"returns:update-inventory": demoWorker(updateInventory),
		"returns:record-outcome":   demoWorker(recordOutcome),
	}
}

type demoWorker func(job host.Job) (map[string]canon.JSON, error)

// Work implements host.Worker.
func (w demoWorker) Work(_ context.Context, job host.Job) (host.Result, error) {
	vars, err := w(job)
	return host.Result{Variables: vars}, err
}

// object builds the only variable of a result.
func object(name string, fields map[string]canon.JSON) map[string]canon.JSON {
	return map[string]canon.JSON{name: canon.Object(fields)}
}

// validate checks the claim before anybody spends time on it.
func validate(job host.Job) (map[string]canon.JSON, error) {
	claim := job.Variables["claim"].Fields()
	if problem := problemOf(claim); problem != "" {
		return nil, &host.JobError{Code: ErrorClaim, Message: problem}
	}
	return object("validation", map[string]canon.JSON{"valid": canon.Bool(true), "claim": claim["id"]}), nil
}

// problemOf says what is wrong with a claim, "" when nothing is.
func problemOf(claim map[string]canon.JSON) string {
	tier, _ := claim["tier"].Text()
	item := claim["item"].Fields()
	switch {
	case claim == nil:
		return "there is no claim"
	case text(claim["id"]) == "":
		return "the claim has no id"
	case text(claim["customer"]) == "":
		return "the claim has no customer"
	case !slices.Contains([]string{"gold", "silver", "standard"}, tier):
		return "the tier is none of gold, silver and standard"
	case number(claim["amount"]) <= 0:
		return "the amount is not positive"
	case number(claim["daysSincePurchase"]) < 0:
		return "daysSincePurchase is missing or negative"
	case number(claim["priorReturns"]) < 0:
		return "priorReturns is missing or negative"
	case text(item["sku"]) == "":
		return "the item has no sku"
	case number(item["quantity"]) < 1:
		return "the quantity of the item is not positive"
	}
	return ""
}

func text(j canon.JSON) string {
	s, _ := j.Text()
	return strings.TrimSpace(s)
}

// number reads a number; what is none counts as -1, which no check accepts.
func number(j canon.JSON) float64 {
	n, err := strconv.ParseFloat(string(j), 64)
	if err != nil {
		return -1
	}
	return n
}

// refund pays the customer. The number of the refund follows from the job, so a repeated attempt pays
// once.
func refund(job host.Job) (map[string]canon.JSON, error) {
	claim := job.Variables["claim"].Fields()
	if number(claim["amount"]) <= 0 {
		return nil, &host.JobError{Code: ErrorClaim, Message: "there is no amount to refund"}
	}
	return object("refund", map[string]canon.JSON{
		"id": numbered("R-", job.Key), "amount": claim["amount"], "customer": claim["customer"],
	}), nil
}

func numbered(prefix string, key int64) canon.JSON {
	return canon.String(prefix + strconv.FormatInt(key, 10))
}

// reverseRefund takes a refund back.
func reverseRefund(job host.Job) (map[string]canon.JSON, error) {
	paid := job.Variables["refund"].Fields()
	if text(paid["id"]) == "" {
		return nil, &host.JobError{Code: ErrorClaim, Message: "there is no refund to reverse"}
	}
	return object("reversal", map[string]canon.JSON{
		"id": numbered("V-", job.Key), "refund": paid["id"], "amount": paid["amount"],
	}), nil
}

// updateInventory puts the item back into the stock, unless the article is discontinued.
func updateInventory(job host.Job) (map[string]canon.JSON, error) {
	item := job.Variables["item"].Fields()
	if strings.HasPrefix(text(item["sku"]), discontinued) {
		return nil, &host.JobError{
			Code: ErrorMismatch, Message: "the article is discontinued",
			Variables: object("inventory", map[string]canon.JSON{
				"updated": canon.Bool(false), "reason": canon.String("sku is discontinued"),
			}),
		}
	}
	return object("inventory", map[string]canon.JSON{
		"updated": canon.Bool(true), "sku": item["sku"], "quantity": item["quantity"],
	}), nil
}

// recordOutcome writes down how the claim ended.
func recordOutcome(job host.Job) (map[string]canon.JSON, error) {
	return object("outcome", map[string]canon.JSON{
		"claim": job.Variables["claimId"], "status": job.Variables["status"],
	}), nil
}
