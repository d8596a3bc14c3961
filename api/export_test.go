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
