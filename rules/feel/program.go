package feel

// Program is a compiled expression. It is immutable and may be used by many callers at once.
type Program struct {
	source  string
	names   []string
	unknown []string
}

// Compile reads an expression; the error is a *SyntaxError.
func Compile(src string, o Options) (*Program, error) {
	return nil, syntaxError(src, 0, "not an expression")
}

// CompileTests reads unary tests, with the input bound to ?; their value is true, false or null.
func CompileTests(src string, o Options) (*Program, error) {
	return nil, syntaxError(src, 0, "not unary tests")
}

// Eval computes the value. The error is ErrLimit and nothing else.
func (p *Program) Eval(env Env) (Result, error) { return Result{}, ErrLimit }

// Names returns the free variables, sorted.
func (p *Program) Names() []string { return p.names }

// Unknown returns the names that are called like functions and are none, sorted.
func (p *Program) Unknown() []string { return p.unknown }

// Source returns the text that was compiled.
func (p *Program) Source() string { return p.source }
