package feel

import (
	"fmt"
	"slices"
	"strings"
)

// plainTypes are the types of kinds whose values have no parts.
var plainTypes = func() (types [KindFunction + 2]*Type) {
	for kind := KindBoolean; kind <= KindYearsDuration; kind++ {
		types[kind] = KindType(kind)
	}
	return types
}()

// remark notes what is null whatever the variables are.
func (l *lowerer) remark(at pos, format string, args ...any) {
	if len(l.prog.remarks) < diagnosticsMax {
		l.prog.remarks = append(l.prog.remarks, Diagnostic{Offset: int(at), Message: fmt.Sprintf(format, args...)})
	}
}

// Plain is the kind of a type whose values have no parts.
func (t *Type) Plain() (kind Kind, ok bool) {
	if t == nil || t.any || t.kind < KindBoolean || t.kind > KindYearsDuration {
		return KindNull, false
	}
	return t.kind, true
}

// judge looks at an operator between operands of known types; it returns the type of the result.
func (l *lowerer) judge(n *binaryNode, left, right lowered) *Type {
	a, okA := left.typ.Plain()
	b, okB := right.typ.Plain()
	both := okA && okB && !(left.constant && right.constant) // constants are evaluated, which tells as much
	switch n.op {
	case "and", "or":
		return plainTypes[KindBoolean]
	case "=", "!=", "<", "<=", ">", ">=":
		ordered := n.op == "=" || n.op == "!=" || a != KindBoolean
		if both && (a != b || !ordered) {
			l.remark(n.pos, "%s %s %s is always null", a, n.op, b)
		}
		return plainTypes[KindBoolean]
	}
	if both && !arithmeticFits(n.op, a, b) {
		l.remark(n.pos, "%s %s %s is always null", a, n.op, b)
		return nil
	}
	if okA && okB && a == b && (a == KindNumber || a == KindString) {
		return plainTypes[a]
	}
	return nil
}

// arithmeticFits lists what the operators are defined for.
func arithmeticFits(op string, a, b Kind) bool {
	timely := func(k Kind) bool { return k == KindDate || k == KindTime || k == KindDateTime }
	lasting := func(k Kind) bool { return k == KindDaysDuration || k == KindYearsDuration }
	switch {
	case a == KindNumber && b == KindNumber:
		return true
	case op == "+":
		return a == KindString && b == KindString || timely(a) && lasting(b) || lasting(a) && timely(b) || lasting(a) && a == b
	case op == "-":
		return timely(a) && (lasting(b) || timely(b)) || lasting(a) && a == b
	case op == "*":
		return lasting(a) && b == KindNumber || a == KindNumber && lasting(b)
	case op == "/":
		return lasting(a) && (b == KindNumber || a == b)
	}
	return false
}

// entryType is the type of an entry of a context type; one that is not stated is a remark, because other entries
// are allowed, but rarely meant.
func (l *lowerer) entryType(n *pathNode, t *Type) *Type {
	if t == nil || t.any || t.kind != KindContext || !t.detailed {
		return nil
	}
	at := slices.IndexFunc(t.fields, func(f Field) bool { return f.Name == n.name })
	if at < 0 {
		l.remark(n.pos, "the type has no entry %q", n.name)
		return nil
	}
	return t.fields[at].Type
}

// misfit says why no form of a built-in takes a call: the number of arguments, or a parameter that is not there.
func (b *builtin) misfit(names []string, arguments []lowered) string {
	if names == nil {
		if b.takes(len(arguments)) {
			return ""
		}
		return fmt.Sprintf("%s does not take %d arguments; it is %s", b.name, len(arguments), b.signatures())
	}
	for _, name := range names {
		known := slices.ContainsFunc(b.forms, func(f form) bool {
			return slices.ContainsFunc(f.params, func(p param) bool { return p.name == name })
		})
		if !known {
			return fmt.Sprintf("%s has no parameter %q; it is %s", b.name, name, b.signatures())
		}
	}
	return ""
}

// signatures writes the forms: substring(string, start position, [length]).
func (b *builtin) signatures() string {
	forms := make([]string, len(b.forms))
	for i, f := range b.forms {
		params := make([]string, len(f.params))
		for j, p := range f.params {
			params[j] = p.name
			if p.optional {
				params[j] = "[" + p.name + "]"
			}
		}
		if f.variadic {
			params[len(params)-1] += ", …"
		}
		forms[i] = b.name + "(" + strings.Join(params, ", ") + ")"
	}
	return strings.Join(forms, " or ")
}
