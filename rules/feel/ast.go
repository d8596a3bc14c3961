package feel

// node is a node of the syntax tree; pos is its byte offset in the source.
type node interface{ offset() int }

type pos int

func (p pos) offset() int { return int(p) }

type (
	// constNode is a literal.
	constNode struct {
		pos
		value Value
	}
	// nameNode is a variable or the name of a built-in function.
	nameNode struct {
		pos
		name string
	}
	// atNode is an @"…" literal.
	atNode struct {
		pos
		text string
	}
	listNode struct {
		pos
		items []node
	}
	contextNode struct {
		pos
		keys   []string
		values []node
	}
	// rangeNode is an interval; an end point that is nil is open.
	rangeNode struct {
		pos
		op                         string // = or != for a test as a value
		start, end                 node
		startIncluded, endIncluded bool
	}
	// binaryNode is arithmetic, comparison, and, or; op is the symbol or word.
	binaryNode struct {
		pos
		op          string
		left, right node
	}
	negateNode struct {
		pos
		operand node
	}
	betweenNode struct {
		pos
		value, low, high node
	}
	// inNode is the value before in and the tests behind it.
	inNode struct {
		pos
		value node
		tests []node
	}
	// testNode is a unary test: op is a comparison, "" for a value, "?" for an expression about the
	// input.
	testNode struct {
		pos
		op    string
		value node
	}
	// testsNode are the unary tests of a decision table cell; any is the test "-".
	testsNode struct {
		pos
		any, not bool
		tests    []node
	}
	ifNode struct {
		pos
		condition, yes, no node
	}
	iterator struct {
		name     string
		from, to node // to is nil unless the domain is from..to
	}
	forNode struct {
		pos
		iterators []iterator
		body      node
	}
	// someNode is some and every.
	someNode struct {
		pos
		every     bool
		iterators []iterator
		body      node
	}
	filterNode struct {
		pos
		list, condition node
	}
	pathNode struct {
		pos
		value node
		name  string
	}
	callNode struct {
		pos
		function  node
		names     []string // nil for positional arguments
		arguments []node
	}
	parameter struct {
		name  string
		typed *Type // nil for any type
	}
	functionNode struct {
		pos
		parameters []parameter
		body       node // nil for an external function
		external   node // the description of an external function
	}
	instanceNode struct {
		pos
		value node
		typed *Type // nil when there is no such type
		text  string
	}
)
