package lang

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// meterName is the variable that carries the meter. No source can contain it, for scan refuses NUL.
const meterName = "\x00meter"

// guard rewrites a syntax tree so that everything that can grow, run long, overflow or look around
// goes through functions that count (the reasons are in the tests, one by one).
type guard struct {
	names   map[string]bool
	lets    []string
	empties map[int]bool
	err     error
}

func (g *guard) fail(n ast.Node, format string, args ...any) {
	if g.err == nil {
		g.err = ErrInvalid.With("%s at character %d", fmt.Sprintf(format, args...), n.Location().From)
	}
}

// guarded is a call of one of the functions in guardFunctions.
func guarded(at ast.Node, name string, args ...ast.Node) ast.Node {
	meter := &ast.IdentifierNode{Value: meterName}
	call := &ast.CallNode{
		Callee:    &ast.IdentifierNode{Value: "\x00" + name},
		Arguments: append([]ast.Node{meter}, args...),
	}
	call.SetLocation(at.Location())
	call.Callee.SetLocation(at.Location())
	return call
}

func text(s string) ast.Node { return &ast.StringNode{Value: s} }

func (g *guard) all(nodes []ast.Node) {
	for i := range nodes {
		nodes[i] = g.node(nodes[i])
	}
}

func (g *guard) node(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return g.identifier(n)
	case *ast.UnaryNode:
		return g.unary(n)
	case *ast.BinaryNode:
		return g.binary(n)
	case *ast.ChainNode:
		n.Node = g.node(n.Node)
	case *ast.MemberNode:
		if object, ok := n.Node.(*ast.IdentifierNode); ok && object.Value == "execution" {
			g.fail(n, "properties of the execution are not available; pass what is needed as a variable,")
		}
		n.Node = g.node(n.Node)
		n.Property = g.node(n.Property)
	case *ast.SliceNode:
		g.slice(n)
	case *ast.CallNode:
		return g.call(n)
	case *ast.BuiltinNode:
		return g.builtin(n)
	case *ast.PredicateNode:
		return g.predicate(n)
	case *ast.ConditionalNode:
		n.Cond, n.Exp1, n.Exp2 = g.condition(g.node(n.Cond)), g.node(n.Exp1), g.node(n.Exp2)
	case *ast.VariableDeclaratorNode:
		g.declare(n)
	case *ast.SequenceNode:
		g.all(n.Nodes)
	case *ast.ArrayNode:
		g.all(n.Nodes)
	case *ast.MapNode:
		g.all(n.Pairs)
	case *ast.PairNode:
		n.Key, n.Value = g.node(n.Key), g.node(n.Value)
	case *ast.BytesNode:
		g.fail(n, "byte strings are not available")
	}
	return n
}

func (g *guard) identifier(n *ast.IdentifierNode) ast.Node {
	if n.Value == "$env" {
		g.fail(n, "$env is not available")
		return n
	}
	if slices.Contains(g.lets, n.Value) {
		return n
	}
	g.names[n.Value] = true
	return guarded(n, "variable", text(n.Value))
}

func (g *guard) declare(n *ast.VariableDeclaratorNode) {
	n.Value = g.node(n.Value)
	g.lets = append(g.lets, n.Name)
	n.Expr = g.node(n.Expr)
	g.lets = g.lets[:len(g.lets)-1]
}

func (g *guard) slice(n *ast.SliceNode) {
	n.Node = g.node(n.Node)
	if n.From != nil {
		n.From = g.node(n.From)
	}
	if n.To != nil {
		n.To = g.node(n.To)
	}
}

// unary turns a minus into a subtraction, which notices an overflow, and the rewritten word empty
// into its function.
func (g *guard) unary(n *ast.UnaryNode) ast.Node {
	n.Node = g.node(n.Node)
	switch {
	case n.Operator == "+" && g.empties[n.Location().From]:
		return guarded(n, "empty", n.Node)
	case n.Operator == "-" && !isLiteral(n.Node):
		return guarded(n, "arithmetic", text("-"), &ast.IntegerNode{Value: 0}, n.Node)
	case n.Operator == "not" || n.Operator == "!":
		n.Node = g.condition(n.Node)
	}
	return n
}

func isLiteral(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode:
		return true
	case *ast.UnaryNode:
		return n.Operator == "-" && isLiteral(n.Node)
	}
	return false
}

func isLiteralList(n ast.Node) bool {
	list, ok := n.(*ast.ArrayNode)
	return ok && !slices.ContainsFunc(list.Nodes, func(item ast.Node) bool { return !isLiteral(item) })
}

func (g *guard) binary(n *ast.BinaryNode) ast.Node {
	n.Left, n.Right = g.node(n.Left), g.node(n.Right)
	switch n.Operator {
	case "+", "-", "*", "/", "%", "**", "^":
		return guarded(n, "arithmetic", text(n.Operator), n.Left, n.Right)
	case "..":
		return guarded(n, "range", n.Left, n.Right)
	case "matches":
		return g.matches(n)
	case "contains", "startsWith", "endsWith":
		return guarded(n, "text", text(n.Operator), n.Left, n.Right)
	case "==", "!=", "<", "<=", ">", ">=":
		return guarded(n, "compare", text(n.Operator), n.Left, n.Right)
	case "in":
		if !isLiteralList(n.Right) {
			return guarded(n, "in", n.Left, n.Right)
		}
	case "and", "or", "&&", "||":
		n.Left, n.Right = g.condition(n.Left), g.condition(n.Right)
	case "??":
	default:
		g.fail(n, "the operator %s is not available", n.Operator)
	}
	return n
}

// matches compiles a literal pattern once.
func (g *guard) matches(n *ast.BinaryNode) ast.Node {
	literal, ok := n.Right.(*ast.StringNode)
	if !ok {
		return guarded(n, "matches", n.Left, n.Right)
	}
	compiled, err := compilePattern(literal.Value)
	if err != nil {
		g.fail(n, "%v", err)
		return n
	}
	return guarded(n, "matches", n.Left, &ast.ConstantNode{Value: compiled})
}

// The limits of a pattern and of what it is matched against.
const (
	patternMax = 512
	subjectMax = 64 << 10
)

// pattern is a compiled regular expression. A step over one byte of a subject takes price steps, because the automaton
// may be in all its states at once.
type pattern struct {
	*regexp.Regexp
	code  int // instructions
	price int
}

// codeMax bounds the instructions of a pattern.
const codeMax = 10_000

func compilePattern(source string) (*pattern, error) {
	if len(source) > patternMax {
		return nil, ErrLimit.With("the pattern has more than %d bytes", patternMax)
	}
	parsed, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil, ErrFailed.With("%v", err)
	}
	if copies(parsed) > codeMax {
		return nil, ErrLimit.With("the pattern stands for more than %d instructions", codeMax)
	}
	code, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, ErrFailed.With("%v", err)
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return nil, ErrFailed.With("%v", err)
	}
	return &pattern{Regexp: re, code: len(code.Inst), price: 1 + len(code.Inst)/4}, nil
}

// copies is about how many instructions a pattern becomes.
func copies(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)/8
	if re.Op == syntax.OpLiteral {
		n = len(re.Rune)
	}
	for _, part := range re.Sub {
		n = min(n+copies(part), codeMax+1)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(1, re.Min, re.Max)
	}
	return min(n, codeMax+1)
}

// builtin lets the safe functions of the library pass, at the price of walking over the argument.
func (g *guard) builtin(n *ast.BuiltinNode) ast.Node {
	g.all(n.Arguments)
	weight := 1
	if n.Name == "sort" || n.Name == "sortBy" {
		weight = 16
	}
	for i, argument := range n.Arguments {
		if _, isPredicate := argument.(*ast.PredicateNode); !isPredicate && !isLiteral(argument) {
			n.Arguments[i] = guarded(argument, "charge", argument, &ast.IntegerNode{Value: weight})
		}
	}
	return n
}

// predicate counts every turn, and the more the longer the body is.
func (g *guard) predicate(n *ast.PredicateNode) ast.Node {
	body := g.node(n.Node)
	counter := &nodeCounter{}
	ast.Walk(&body, counter)
	n.Node = guarded(n, "tick", body, &ast.IntegerNode{Value: 1 + counter.count/4})
	return n
}

type nodeCounter struct{ count int }

// Visit counts a node.
func (c *nodeCounter) Visit(*ast.Node) { c.count++ }

// call admits the functions of this package and some methods that JUEL conditions use on values.
func (g *guard) call(n *ast.CallNode) ast.Node {
	switch callee := n.Callee.(type) {
	case *ast.IdentifierNode:
		g.all(n.Arguments)
		if _, ok := publicFunctions[callee.Value]; !ok {
			g.fail(n, "there is no function %q", callee.Value)
			return n
		}
		limits := arity[callee.Value]
		if count := len(n.Arguments); count < limits[0] || count > limits[1] {
			g.fail(n, "%s can not take %d arguments", callee.Value, count)
			return n
		}
		return guarded(n, callee.Value, n.Arguments...)
	case *ast.MemberNode:
		return g.method(n, callee)
	}
	g.fail(n, "only named functions can be called")
	return n
}

func (g *guard) method(n *ast.CallNode, callee *ast.MemberNode) ast.Node {
	name, ok := callee.Property.(*ast.StringNode)
	if !ok {
		g.fail(n, "only named functions can be called")
		return n
	}
	g.all(n.Arguments)
	object, _ := callee.Node.(*ast.IdentifierNode)
	if object != nil {
		if v := g.execution(n, object.Value, name.Value); v != nil {
			return v
		}
	}
	want, ok := methods[name.Value]
	if !ok || want != len(n.Arguments) {
		called := "the method " + name.Value + "() on an object"
		if object != nil {
			called = "the method " + object.Value + "." + name.Value + "()"
		}
		g.fail(n, "%s is not available; a job worker can do it and pass the result as a variable,", called)
		return n
	}
	return guarded(n, "method", append([]ast.Node{text(name.Value), g.node(callee.Node)}, n.Arguments...)...)
}
