package lang

import (
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// The coercions of the Jakarta Expression Language (1.23): between a string and a number the string is
// a number, between a string and a boolean a boolean; null is 0 in arithmetic and false as a condition,
// and no order holds with it. One is left out, because expr and people read it otherwise: + joins two
// strings. What cannot be coerced stays what it is, so == is false and everything else fails.

// alike returns two values in one type when a coercion makes them so.
func alike(a, b any) (x, y any) {
	switch a := a.(type) {
	case string:
		return coerce(a, b), b
	case int, float64, bool:
		if s, ok := b.(string); ok {
			return a, coerce(s, a)
		}
	}
	return a, b
}

// coerce returns the string as a value of the type of the other one when it is one.
func coerce(s string, other any) any {
	switch other.(type) {
	case bool:
		if strings.EqualFold(s, "true") || strings.EqualFold(s, "false") {
			return strings.EqualFold(s, "true")
		}
	case int, float64:
		return numeral(s)
	}
	return s
}

// numeral reads a decimal number of bounded length; other strings stay strings.
func numeral(s string) any {
	const longest = 400
	if s == "" || len(s) > longest || strings.Trim(s, "+-.0123456789eE") != "" {
		return s
	}
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return f
	}
	return s
}

// operand is a value as arithmetic takes it.
func operand(v any) any {
	switch v := v.(type) {
	case nil:
		return 0
	case string:
		return numeral(v)
	}
	return v
}

// condition is a value as a condition takes it.
func condition(m *meter, v any) (any, error) {
	if err := m.spend(1); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case bool:
		return v, nil
	case nil:
		return false, nil
	case string:
		if b, ok := coerce(v, true).(bool); ok {
			return b, nil
		}
		if v == "" {
			return false, nil
		}
	}
	return nil, expected("a boolean", v)
}

// condition makes sure that a node gives a boolean.
func (g *guard) condition(n ast.Node) ast.Node {
	if isBoolean(n) {
		return n
	}
	return guarded(n, "truth", n)
}

// isBoolean reports whether a guarded node gives a boolean or fails.
func isBoolean(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BoolNode:
		return true
	case *ast.UnaryNode:
		return n.Operator == "not" || n.Operator == "!"
	case *ast.BinaryNode:
		return slices.Contains([]string{"and", "or", "&&", "||", "in"}, n.Operator)
	case *ast.BuiltinNode:
		return slices.Contains([]string{"all", "none", "any", "one"}, n.Name)
	case *ast.CallNode:
		callee, ok := n.Callee.(*ast.IdentifierNode)
		return ok && slices.Contains([]string{"\x00compare", "\x00empty", "\x00matches", "\x00text", "\x00in", "\x00truth", "\x00known"}, callee.Value)
	}
	return false
}

// execution translates the methods that JUEL calls on the execution or task to reach variables. A
// variable that is missing is null there.
func (g *guard) execution(n *ast.CallNode, object, method string) ast.Node {
	reads := slices.Contains([]string{"getVariable", "getVariableLocal"}, method)
	asks := slices.Contains([]string{"hasVariable", "hasVariableLocal"}, method)
	if object != "execution" && object != "task" || !reads && !asks || len(n.Arguments) != 1 {
		return nil
	}
	name, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		g.fail(n, "%s.%s() takes the name of a variable in quotes", object, method)
		return n
	}
	g.names[name.Value] = true
	if asks {
		return guarded(n, "known", text(name.Value))
	}
	return guarded(n, "variableOrNull", text(name.Value))
}

// foreignFunction finds prefix:function(…) of JUEL, which is neither part of a choice nor of an object.
func foreignFunction(source string) string {
	tokens := juelTokens(source)
	choices, brackets := 0, 0
	for i, t := range tokens {
		switch t.text {
		case "?":
			choices++
		case "[":
			brackets++
		case "]":
			brackets--
		case "{":
			return ""
		case ":":
			if choices > 0 {
				choices--
			} else if brackets == 0 && i > 0 && i+2 < len(tokens) && endsOperand(tokens[i-1]) && tokens[i+2].text == "(" {
				return tokens[i-1].text + ":" + tokens[i+1].text
			}
		}
	}
	return ""
}
