package api_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"tallystick/api"
)

// repeated joins n texts made of their numbers to the items of a list or an object.
func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.Contains(format, "%") {
			fmt.Fprintf(&b, format, i)
		} else {
			b.WriteString(format)
		}
	}
	return b.String()
}

// TestFilterLimits fills searches up to their limits, which both databases carry out, and one beyond.
func TestFilterLimits(t *testing.T) {
	const instances, tasks = "/v2/process-instances/search", "/v2/user-tasks/search"
	limits := map[string]struct {
		path, body, item, beyond string
		most                     int
	}{
		"tags": {instances, `{"filter":{"tags":[%s]}}`, `"x"`, "filter.tags[20]: the filter has more than 20 tags and variables", 20},
		"alternatives": {
			instances, `{"filter":{"$or":[%s]}}`, `{"state":"ACTIVE"}`,
			"filter.$or[100]: the filter has more than 200 conditions", 100,
		},
		"empty alternatives": {instances, `{"filter":{"$or":[%s]}}`, `{}`, "filter.$or[200]: the filter has more", 200},
		"variables": {
			instances, `{"filter":{"variables":[%s]}}`, `{"name":"v%d","value":"1"}`,
			"filter.variables[20]: the filter has more than 20 tags and variables", 20,
		},
		"listed keys": {
			instances, `{"filter":{"processInstanceKey":{"$in":[%s]}}}`, `"7"`,
			"filter.processInstanceKey.$in: the lists of the filter have more than 10000 values", 10_000,
		},
		"listed texts": {tasks, `{"filter":{"assignee":{"$notIn":[%s]}}}`, `"u%d"`, "more than 10000 values", 10_000},
		"two lists": {
			tasks, `{"filter":{"assignee":{"$notIn":[%[1]s]},"elementId":{"$in":[%[1]s]}}}`, `"u%d"`,
			"filter.elementId.$in: the lists of the filter have more than 10000 values", 5000,
		},
	}
	onBoth(t, func(_ *testing.T, k *kit) {
		for _, l := range limits {
			k.ask("op", "POST", l.path, fmt.Sprintf(l.body, repeated(l.most, l.item))).is(200)
			k.ask("op", "POST", l.path, fmt.Sprintf(l.body, repeated(l.most+1, l.item))).is(400, l.beyond)
		}
		for _, wildcards := range []string{"*", "?", "[", `\\%`, "_", "a"} {
			n := api.PatternMax / len(strings.TrimPrefix(wildcards, `\`))
			pattern := strings.Repeat(wildcards, n)
			k.ask("op", "POST", tasks, `{"filter":{"name":{"$like":"`+pattern+`"}}}`).is(200)
			k.ask("op", "POST", tasks, `{"filter":{"name":{"$like":"`+pattern+`x"}}}`).is(400, "filter.name.$like: the pattern has more than 4096 bytes")
		}
	})
}

// TestSortLimits refuses orders that no table has.
func TestSortLimits(t *testing.T) {
	onBoth(t, func(_ *testing.T, k *kit) {
		for _, table := range api.Tables() {
			var all []string
			for _, field := range table.Sort {
				all = append(all, fmt.Sprintf(`{"field":%q}`, field))
			}
			k.ask("root", "POST", table.Path, `{"sort":[`+strings.Join(all, ",")+`]}`).is(200)
			k.ask("root", "POST", table.Path, `{"sort":[`+strings.Join(append(all, all[0]), ",")+`]}`).
				is(400, fmt.Sprintf("sort: there are %d entries, more than the %d fields", len(all)+1, len(all)))
			if len(all) > 1 {
				k.ask("root", "POST", table.Path, `{"sort":[`+all[0]+","+all[0]+`]}`).is(400, "sort[1].field: the field", "is named twice")
			}
		}
		other := base64.StdEncoding.EncodeToString([]byte(`{"o":["+username"],"v":["x","y"]}`))
		long := base64.StdEncoding.EncodeToString([]byte(`{"o":[` + repeated(30_000, `"+username"`) + `],"v":[` + repeated(30_000, `"x"`) + `]}`))
		for _, cursor := range []string{other, long, k.ask("root", "POST", "/v2/users/search", `{"sort":[{"field":"name"}]}`).text("page.endCursor")} {
			k.ask("root", "POST", "/v2/users/search", `{"page":{"after":"`+cursor+`"}}`).is(400, "the cursor does not belong to this search")
		}
	})
}

// TestHostileBodies finds fault with a body of the largest size in a short answer.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	const more = "there are more findings; these are the first 100"
	for name, body := range map[string]string{
		"values of a list":  `{"filter":{"assignee":{"$in":[` + repeated(10_000, "0") + `]}}}`,
		"fields":            `{"filter":{` + repeated(50_000, `"f%d":0`) + `}}`,
		"operators":         `{"filter":{"assignee":{` + repeated(50_000, `"f%d":0`) + `}}}`,
		"variables":         `{"filter":{"localVariables":[` + repeated(300_000, `{}`) + `]}}`,
		"fields of a body":  `{` + repeated(50_000, `"f%d":0`) + `}`,
		"entries of a sort": `{"sort":[` + repeated(300_000, `{}`) + `]}`,
	} {
		a := k.ask("ida", "POST", "/v2/user-tasks/search", body).is(400, more)
		if len(a.body) > 40_000 {
			t.Errorf("%s: the answer has %d bytes", name, len(a.body))
		}
	}
	for name, body := range map[string]string{
		"list":         `{"filter":{"assignee":{"$in":[` + repeated(2_000_000, "0") + `]}}}`,
		"tags":         `{"filter":{"tags":[` + repeated(300_000, `""`) + `]}}`,
		"alternatives": `{"filter":{"$or":[` + repeated(300_000, `{}`) + `]}}`,
		"cursor":       `{"page":{"after":"` + strings.Repeat("A", 1_000_000) + `"}}`,
	} {
		a := k.ask("op", "POST", "/v2/process-instances/search", body).is(400)
		if len(a.body) > 1_000 {
			t.Errorf("%s: the answer has %d bytes", name, len(a.body))
		}
	}
}
