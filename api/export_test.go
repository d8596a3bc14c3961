package api

// Row is a row of the route table as tests see it.
type Row struct {
	Method, Path, Action, Summary string
	Public                        bool
}

// Rows is the route table.
func Rows() []Row {
	var rows []Row
	for _, r := range routes() {
		rows = append(rows, Row{r.method, r.path, r.action, r.summary, r.public()})
	}
	return rows
}

// Check is the check of the route table, for a policy that knows the given actions.
func Check(known ...string) error {
	return check(routes(), func(action string) bool {
		for _, k := range known {
			if k == action {
				return true
			}
		}
		return false
	})
}

// CheckTwice is the check of a table in which a row stands twice.
func CheckTwice() error {
	return check(append(routes(), routes()[0]), func(string) bool { return true })
}

// Unserved lists known operations that are not served, as "METHOD path".
func Unserved() []string {
	var out []string
	for _, o := range unservedOperations() {
		out = append(out, o.method+" "+o.path)
	}
	return out
}

// Description is openapi.yaml.
func Description() []byte { return description }

// Table is what one search can be filtered and sorted by.
type Table struct {
	Path, Who string
	Filter    map[string][]string // field → operators
	Kind      map[string]string   // field → a value of its type, as JSON
	Sort      []string
}

// Tables lists the tables of searches.
func Tables() []Table {
	sample := map[kind]string{
		words: `"x"`, labels: `"created"`, keys: `"7"`, numbers: "7", flags: "true", moments: `"2026-01-31T08:00:00Z"`,
		lists: `["x","y"]`, values: `"\"x\""`,
	}
	var out []Table
	for _, t := range []struct {
		path  string
		table *table
	}{
		{"process-definitions", processDefinitionTable},
		{"process-instances", processInstanceTable},
		{"element-instances", elementInstanceTable},
		{"variables", variableTable},
		{"jobs", jobTable},
		{"user-tasks", userTaskTable},
		{"incidents", incidentTable},
		{"decision-definitions", decisionDefinitionTable},
		{"decision-instances", decisionInstanceTable},
		{"batch-operations", batchOperationTable},
		{"batch-operation-items", batchItemTable},
		{"audit-entries", auditEntryTable},
		{"users", userTable},
	} {
		o := Table{Path: "/v2/" + t.path + "/search", Filter: map[string][]string{}, Kind: map[string]string{}, Sort: t.table.sort}
		for name, k := range t.table.filter {
			o.Kind[name] = sample[k]
			o.Filter[name] = []string{}
			for _, op := range operators[k] {
				o.Filter[name] = append(o.Filter[name], string(op))
			}
		}
		out = append(out, o)
	}
	return out
}

// Profiling takes the turn of a profile that watches, and returns what gives it back.
func Profiling(s *Server) (done func()) {
	s.profiling.Lock()
	return s.profiling.Unlock
}

// PatternMax is the longest pattern of $like.
const PatternMax = patternMax
