package lang

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"tallystick/fault"
)

// safeBuiltins are the functions of the library whose work and result are bounded by their
// argument, or, for those with a predicate, by the ticks inside.
var safeBuiltins = []string{
	"all", "none", "any", "one", "filter", "map", "find", "findIndex", "findLast", "findLastIndex",
	"count", "sum", "groupBy", "sortBy", "reduce", "len", "type", "abs", "ceil", "floor", "round",
	"trim", "trimPrefix", "trimSuffix", "upper", "lower", "indexOf", "lastIndexOf", "hasPrefix",
	"hasSuffix", "max", "min", "mean", "median", "first", "last", "get", "take", "reverse", "sort",
}

func compileExpr(source string) (*Program, error) {
	if err := scan(source); err != nil {
		return nil, err
	}
	if name := foreignFunction(source); name != "" {
		return nil, ErrInvalid.With("the function %s() is not available; a job worker can do it and pass the result as a variable", name)
	}
	rewritten, empties := rewriteJUEL(source)
	program, names, err := guardedProgram(rewritten, empties)
	if err != nil {
		return nil, invalid(err)
	}
	eval := func(env Env) (Result, error) { return evalExpr(program, env) }
	return &Program{source: source, language: Expr, names: names, eval: eval}, nil
}

func invalid(err error) error {
	var coded *fault.Error
	if errors.As(err, &coded) {
		return ErrInvalid.With("%s", coded.Message)
	}
	var at *file.Error
	if errors.As(err, &at) {
		return ErrInvalid.With("%d:%d: %s%s", at.Line, at.Column+1, at.Message, at.Snippet)
	}
	return ErrInvalid.With("%v", err)
}

func guardedProgram(source string, empties map[int]bool) (program *vm.Program, names []string, err error) {
	defer func() {
		if r := recover(); r != nil {
			program, err = nil, fmt.Errorf("the library gave up: %v", r)
		}
	}()
	config := newConfig()
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, nil, err
	}
	g := &guard{names: map[string]bool{}, empties: empties}
	tree.Node = g.node(tree.Node)
	if g.err != nil {
		return nil, nil, g.err
	}
	if _, err := checker.Check(tree, config); err != nil {
		return nil, nil, err
	}
	program, err = compiler.Compile(tree, config)
	return program, slices.Sorted(maps.Keys(g.names)), err
}

func newConfig() *conf.Config {
	config := conf.CreateNew()
	config.WithEnv(map[string]any{meterName: (*meter)(nil)})
	config.Strict = false
	config.Optimize = false
	config.MaxNodes = nodesMax
	for name := range config.Builtins {
		if !slices.Contains(safeBuiltins, name) {
			config.Disabled[name] = true
			delete(config.Builtins, name)
		}
	}
	maps.Copy(config.Functions, guardFunctions)
	return config
}

// guardFunctions are all functions of this package in the form of the library.
var guardFunctions = func() map[string]*builtin.Function {
	table := map[string]*builtin.Function{}
	add := func(name string, run guardFunction) {
		table["\x00"+name] = &builtin.Function{Name: "\x00" + name, Func: func(a ...any) (any, error) {
			return run(a[0].(*meter), a[1:])
		}}
	}
	for name, run := range innerFunctions {
		add(name, run)
	}
	for name, run := range publicFunctions {
		add(name, run)
	}
	return table
}()

func evalExpr(program *vm.Program, env Env) (Result, error) {
	m := &meter{env: env, steps: stepsMax}
	v, err := vm.Run(program, map[string]any{meterName: m})
	if err != nil {
		return Result{}, failed(err)
	}
	j, err := encode(v, ResultMax)
	if err != nil {
		return Result{}, failed(err)
	}
	return Result{Value: j}, nil
}

// failed sorts the errors of an evaluation into those of a limit and all others.
func failed(err error) error {
	var coded *fault.Error
	switch {
	case errors.As(err, &coded):
		return coded
	case strings.Contains(err.Error(), "memory budget exceeded"):
		return ErrLimit.With("the expression makes lists that are too long")
	}
	var at *file.Error
	if errors.As(err, &at) {
		return ErrFailed.With("%d:%d: %s", at.Line, at.Column+1, at.Message)
	}
	return ErrFailed.With("%v", err)
}
