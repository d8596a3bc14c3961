package api_test

import (
	"fmt"
	"strings"
	"testing"

	"tallystick/api"
)

// TestFilters asks the store with every field and operator that the tables offer.
func TestFilters(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for _, table := range api.Tables() {
		for field, ops := range table.Filter {
			value := table.Kind[field]
			k.ask("root", "POST", table.Path, fmt.Sprintf(`{"filter":{%q:%s}}`, field, value)).is(200)
			for _, op := range ops {
				operand := value
				switch op {
				case "$exists":
					operand = "false"
				case "$in", "$notIn":
					operand = "[" + value + "]"
				case "$like":
					operand = `"a*b?c\\*"`
				}
				k.ask("root", "POST", table.Path, fmt.Sprintf(`{"filter":{%q:{%q:%s}}}`, field, op, operand)).is(200)
			}
		}
		for _, field := range table.Sort {
			k.ask("root", "POST", table.Path, fmt.Sprintf(`{"sort":[{"field":%q,"order":"desc"}]}`, field)).is(200)
		}
	}
}

// TestSearchRefusals has one case for each way to ask wrongly.
func TestSearchRefusals(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for body, want := range map[string]string{
		`{"filter":{"assignee":null}}`:                                   `{\"$exists\": false}`,
		`{"filter":{"asignee":"x"}}`:                                     `did you mean \"assignee\"?`,
		`{"filter":{"Assignee":"x"}}`:                                    "filter.Assignee: there is no such field",
		`{"filter":{"assignee":7}}`:                                      "filter.assignee: a text is expected",
		`{"filter":{"assignee":{}}}`:                                     "no operator",
		`{"filter":{"assignee":{"$gt":"x"}}}`:                            "filter.assignee.$gt: the field does not take this operator",
		`{"filter":{"assignee":{"$in":"x"}}}`:                            "a list is expected",
		`{"filter":{"assignee":{"$exists":"yes"}}}`:                      "true or false is expected",
		`{"filter":{"userTaskKey":7}}`:                                   "a key is expected",
		`{"filter":{"userTaskKey":{"$like":"7"}}}`:                       "does not take",
		`{"filter":{"priority":"7"}}`:                                    "a whole number is expected",
		`{"filter":{"priority":1.0}}`:                                    "a whole number is expected",
		`{"filter":{"creationDate":"yesterday"}}`:                        "a date-time with offset is expected",
		`{"filter":{"creationDate":"2026-01-31T08:00:00"}}`:              "a date-time with offset is expected",
		`{"filter":{"tags":"vip"}}`:                                      "a list of texts is expected",
		`{"filter":{"$or":[{"assignee":"x"}]}}`:                          "there is no such field",
		`{"filter":{"processInstanceVariables":[{"name":"a"}]}}`:         "value: the field is required",
		`{"filter":{"localVariables":[{"name":"a","value":"x"}]}}`:       "the text is not JSON",
		`{"filter":{"localVariables":[{"name":"a","value":"1","x":1}]}}`: "there is no such field",
		`{"filter":[]}`:                                                  "filter: an object is expected",
		`{"filters":{}}`:                                                 `did you mean \"filter\"?`,
		`{"sort":[{"field":"assignee"}]}`:                                "there is no field \\\"assignee\\\" to sort by",
		`{"sort":[{"order":"ASC"}]}`:                                     "sort[0].field: the field is required",
		`{"sort":[{"field":"priority","order":"up"}]}`:                   "the order is ASC or DESC",
		`{"page":{"limit":0}}`:                                           "the limit is from 1 to 10000",
		`{"page":{"limit":10001}}`:                                       "the limit is from 1 to 10000",
		`{"page":{"from":-1}}`:                                           "the position is not negative",
		`{"page":{"after":"@"}}`:                                         "page.after: the cursor",
		`{"page":{"after":"eHg="}}`:                                      "cursor",
		`{"page":{"after":"eHg=","from":1}}`:                             "only one of",
	} {
		k.ask("ida", "POST", "/v2/user-tasks/search", body).is(400, want)
	}
	for body, want := range map[string]string{
		`{"filter":{"$or":{}}}`:                                      "a list of filters is expected",
		`{"filter":{"$or":[{"$or":[]}]}}`:                            "filter.$or[0].$or: there is no such field",
		`{"filter":{"$or":[{"variables":[]}]}}`:                      "filter.$or[0].variables: there is no such field",
		`{"filter":{"variables":[{"name":"a","value":"x"}]}}`:        `written \"\\\"a\\\"\"`,
		`{"filter":{"batchOperationId":"x"},"sort":[{"field":"y"}]}`: "batchOperationId: there is no such field",
	} {
		k.ask("op", "POST", "/v2/process-instances/search", body).is(400, want)
	}
}

// TestPages walks a result forth and back.
func TestPages(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.deploy("quick.bpmn", read(t, "quick.bpmn")).is(200)
	var keys []string
	for i := range 5 {
		keys = append(keys, k.start(fmt.Sprintf(`{"processDefinitionId":"quick","variables":{"n":%d}}`, i)))
	}
	const path = "/v2/process-instances/search"
	first := k.ask("op", "POST", path, `{"page":{"limit":2}}`).is(200, `"totalItems":5`, `"hasMoreTotalItems":false`, keys[0], keys[1])
	second := k.ask("op", "POST", path, `{"page":{"limit":2,"after":"`+first.text("page.endCursor")+`"}}`).is(200, keys[2], keys[3])
	k.ask("op", "POST", path, `{"page":{"limit":2,"before":"`+second.text("page.startCursor")+`"}}`).is(200, keys[0], keys[1])
	k.ask("op", "POST", path, `{"page":{"from":4}}`).is(200, keys[4])
	k.ask("op", "POST", path, `{"filter":{"processInstanceKey":{"$in":["`+keys[3]+`"]},"variables":[{"name":"n","value":3}]}}`).is(200, `"totalItems":1`)
	none := k.ask("op", "POST", path, `{"filter":{"variables":[{"name":"n","value":{"$in":["7","8"]}}]}}`).is(200, `"items":[]`)
	if strings.Contains(none.body, `"endCursor":""`) {
		t.Error("an empty page has an empty cursor, not null")
	}
}

// TestTruncation cuts long values in lists only.
func TestTruncation(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.deploy("order.bpmn", read(t, "order.bpmn"), "review.form", read(t, "review.form")).is(200)
	long := strings.Repeat("ä", 9000)
	k.start(`{"processDefinitionId":"order","variables":{"long":"` + long + `"}}`)
	cut := k.ask("op", "POST", "/v2/variables/search", `{"filter":{"name":"long"}}`).is(200, `"isTruncated":true`)
	if n := len([]rune(cut.text("items.0.value"))); n != 8191 {
		t.Errorf("the cut value has %d characters", n)
	}
	k.ask("op", "POST", "/v2/variables/search?truncateValues=false", "").is(200, `"isTruncated":false`, long)
	k.ask("op", "POST", "/v2/variables/search?truncateValues=maybe", "").is(400)
	k.ask("op", "GET", "/v2/variables/"+cut.text("items.0.variableKey"), "").is(200, long)
	k.ask("ida", "GET", "/v2/variables/"+cut.text("items.0.variableKey"), "").is(404)
}
