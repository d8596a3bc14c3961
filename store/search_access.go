package store

import (
	"github.com/uptrace/bun"

	"tallystick/query"
)

// definitions is the condition that rows of a definition, named by column, may be seen.
func definitions(a query.Access, column string) pred {
	var parts []pred
	if !a.All {
		if len(a.Definitions) == 0 {
			return never
		}
		parts = append(parts, pred{sql: column + " IN (?)", args: []any{bun.List(cleanAll(a.Definitions))}})
	}
	if len(a.Denied) > 0 {
		parts = append(parts, pred{
			sql:  column + " IS NULL OR " + column + " NOT IN (?)",
			args: []any{bun.List(cleanAll(a.Denied))},
		})
	}
	return all(parts...)
}

// visible makes the access rule of a resource whose rows belong to a definition.
func visible(column string) func(query.Access) pred {
	return func(a query.Access) pred { return definitions(a, column) }
}

// onlyAll is the access rule of a resource that has no definition.
func onlyAll(a query.Access) pred {
	if a.All {
		return always
	}
	return never
}

// tasksVisible adds to the rule of definitions, when only one's own tasks may be seen, the rule of
// tasks.Task.Concerns: assigned to the person, or open to them by name or by group.
func tasksVisible(a query.Access) pred {
	seen := definitions(a, "t.process_id")
	if !a.Own {
		return seen
	}
	if a.User == "" {
		return never
	}
	candidate := either(
		pred{sql: "c.kind = 'user' AND c.name = ?", args: []any{text(a.User)}},
		inGroups(a.Groups),
	)
	return all(seen, either(
		pred{sql: "t.assignee = ?", args: []any{text(a.User)}},
		pred{sql: "t.key IN (SELECT c.task FROM task_candidate c WHERE " + candidate.sql + ")", args: candidate.args},
	))
}

func inGroups(groups []string) pred {
	if len(groups) == 0 {
		return never
	}
	return pred{sql: "c.kind = 'group' AND c.name IN (?)", args: []any{bun.List(cleanAll(groups))}}
}

// variableIn makes the condition that a variable of the scope has a value. Variables are found through the
// index on the heads of name and value.
func variableIn(scope func(query.VariableCond) string) func(dialect, query.VariableCond) (pred, error) {
	value := field{name: "value", kind: words, expr: "v.value", heads: valueHead}
	return func(d dialect, c query.VariableCond) (pred, error) {
		named := pred{
			sql:  "substr(v.name, 1, 64) = ? AND v.name = ?",
			args: []any{head(clean(c.Name), valueHead), text(c.Name)},
		}
		in, op, operand := " IN ", c.Op, c.Value
		if op == query.Exists && c.Value == false {
			in, operand = " NOT IN ", true
		}
		compared, err := value.condition(d, op, operand)
		if err != nil {
			return pred{}, err
		}
		inner := all(named, compared)
		return pred{sql: scope(c) + in + "(SELECT v.scope FROM variable v WHERE " + inner.sql + ")", args: inner.args}, nil
	}
}

// valueHead is how many characters of names and values of variables are in their index.
const valueHead = 64
