package returns

import (
	"errors"
	"slices"
	"testing"

	"tallystick/host"
	"tallystick/internal/canon"
)

func parsed(t *testing.T, text string) canon.JSON {
	t.Helper()
	j, err := canon.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

const goodClaim = `{"id":"C-1","customer":"Ann","tier":"gold","amount":20,"daysSincePurchase":3,"priorReturns":0,"item":{"sku":"BOOT-42","quantity":1}}`

func work(t *testing.T, jobType string, vars map[string]canon.JSON) (map[string]canon.JSON, error) {
	t.Helper()
	r, err := Workers()[jobType].Work(t.Context(), host.Job{Key: 77, Type: jobType, Variables: vars})
	if r.Prediction != nil {
		t.Error("a demo worker made a prediction")
	}
	return r.Variables, err
}

func TestValidate(t *testing.T) {
	for _, c := range []struct{ path, value, want string }{
		{"id", `""`, "the claim has no id"},
		{"id", "7", "the claim has no id"},
		{"customer", "null", "the claim has no customer"},
		{"tier", `"bronze"`, "the tier is none of gold, silver and standard"},
		{"amount", "0", "the amount is not positive"},
		{"amount", `"20"`, "the amount is not positive"},
		{"daysSincePurchase", "null", "daysSincePurchase is missing or negative"},
		{"priorReturns", "-1", "priorReturns is missing or negative"},
		{"item", "null", "the item has no sku"},
		{"item", `{"sku":"A","quantity":0}`, "the quantity of the item is not positive"},
		{"reason", `"any"`, ""},
	} {
		claim := parsed(t, goodClaim).Fields()
		claim[c.path] = canon.JSON(c.value)
		vars, err := work(t, "returns:validate", map[string]canon.JSON{"claim": canon.Object(claim)})
		if c.want == "" {
			if err != nil || vars["validation"] != `{"claim":"C-1","valid":true}` {
				t.Errorf("%v, %v", vars, err)
			}
			continue
		}
		if e, ok := errors.AsType[*host.JobError](err); !ok || e.Code != ErrorClaim || e.Message != c.want {
			t.Errorf("%s=%s: %v, want %q", c.path, c.value, err, c.want)
		}
	}
	if _, err := work(t, "returns:validate", nil); err == nil {
		t.Error("no claim at all was accepted")
	}
}

func TestRefundAndReverse(t *testing.T) {
	vars, err := work(t, "returns:refund", map[string]canon.JSON{"claim": parsed(t, goodClaim)})
	if err != nil || vars["refund"] != `{"amount":20,"customer":"Ann","id":"R-77"}` {
		t.Fatalf("%v, %v", vars, err)
	}
	vars, err = work(t, "returns:reverse-refund", vars)
	if err != nil || vars["reversal"] != `{"amount":20,"id":"V-77","refund":"R-77"}` {
		t.Errorf("%v, %v", vars, err)
	}
	for _, jobType := range []string{"returns:refund", "returns:reverse-refund"} {
		if _, err := work(t, jobType, nil); err == nil {
			t.Errorf("%s worked on nothing", jobType)
		}
	}
}

func TestUpdateInventory(t *testing.T) {
	item := func(sku string) map[string]canon.JSON {
		return map[string]canon.JSON{"item": parsed(t, `{"sku":"`+sku+`","quantity":2}`)}
	}
	vars, err := work(t, "returns:update-inventory", item("BOOT-42"))
	if err != nil || vars["inventory"] != `{"quantity":2,"sku":"BOOT-42","updated":true}` {
		t.Errorf("%v, %v", vars, err)
	}
	_, err = work(t, "returns:update-inventory", item("GONE-1"))
	e, ok := errors.AsType[*host.JobError](err)
	if !ok || e.Code != ErrorMismatch || e.Variables["inventory"] != `{"reason":"sku is discontinued","updated":false}` {
		t.Errorf("%v", err)
	}
}

func TestRecordOutcome(t *testing.T) {
	vars, err := work(t, "returns:record-outcome", map[string]canon.JSON{"status": `"refunded"`, "claimId": `"C-1"`})
	if err != nil || vars["outcome"] != `{"claim":"C-1","status":"refunded"}` {
		t.Errorf("%v, %v", vars, err)
	}
}

func TestResources(t *testing.T) {
	var names []string
	for _, r := range Resources() {
		names = append(names, r.Name)
		if len(r.Data) == 0 {
			t.Errorf("%s is empty", r.Name)
		}
	}
	if want := []string{"returns.bpmn", "route-claim.dmn", "inspect-return.form", "returns-fraud.model.json"}; !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
}
