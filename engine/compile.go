package engine

import (
	"errors"
	"slices"
	"strings"

	"tallystick/bpmn"
	"tallystick/fault"
	"tallystick/internal/lang"
)

// The codes of the diagnostics that Compile adds to those of the parser.
const (
	CodeExpressionInvalid = "expression.invalid" // an expression does not compile, or none stands where one is needed
	CodeExpressionNull    = "expression.null"    // a part of an expression is null whatever the variables are; a warning
	CodeTimerInvalid      = "timer.invalid"      // a literal timer is not ISO 8601
	CodeFormMissing       = "form.missing"       // an embedded form is not in the file
	CodeModelIncomplete   = "model.incomplete"   // a reference leads nowhere
	CodeModelTooLarge     = "model.too_large"    // more of something than a definition may hold
)

// Compile makes a parsed process ready to run under an identity. Findings that forbid running are error
// diagnostics, and the definition is nil then.
func Compile(p *bpmn.Process, id Identity) (*Definition, bpmn.Diagnostics) {
	c := compiler{process: p, def: &Definition{
		identity: id, processID: p.ID, name: p.Name, versionTag: p.VersionTag, nodes: map[string]*node{}, flows: map[string]*flow{},
	}, expressions: map[written]compiled{}, messages: map[messageUse]*messageEvent{}}
	c.declare(p.Body, nil)
	c.def.body = c.body(p.Body, nil, p.ID, p.Position)
	c.joins(p.Body)
	c.watch()
	c.choices(p.Body)
	c.def.process = c.processNode(p)
	c.starts()
	if c.found.HasErrors() {
		return nil, c.found
	}
	return c.def, c.found
}

type compiler struct {
	process *bpmn.Process
	def     *Definition
	found   bpmn.Diagnostics

	// What many elements refer to is compiled once: the work is bounded by the size of the file, not by its references.
	expressions map[written]compiled
	messages    map[messageUse]*messageEvent
	paths       int // that the gateways which look upstream know, in this definition
}

// written is an expression as it stands in the file.
type written struct{ text, language string }

// compiled is what became of it.
type compiled struct {
	expression *expression
	remarks    []string
	err        error
}

func (c *compiler) report(code, element string, at bpmn.Position, message string) {
	c.found = append(c.found, bpmn.Diagnostic{
		Severity: bpmn.SeverityError, Code: code, Element: element, Message: message, Position: at,
	})
}

// warn reports what does not forbid running.
func (c *compiler) warn(code, element string, at bpmn.Position, message string) {
	c.found = append(c.found, bpmn.Diagnostic{
		Severity: bpmn.SeverityWarning, Code: code, Element: element, Message: message, Position: at,
	})
}

// declare creates the nodes of a scope and of those inside it, so that references may go anywhere.
func (c *compiler) declare(s *bpmn.Scope, owner *node) {
	if s == nil {
		return
	}
	for _, b := range s.Nodes {
		n := &node{
			id: b.ID, name: b.Name, kind: b.Kind, elementType: elementTypes[b.Kind], owner: owner, headers: b.Headers,
			forCompensation: b.ForCompensation, interrupting: b.Interrupting, instantiate: b.Instantiate, all: b.AllEvents,
		}
		if n.elementType == "" {
			c.report(bpmn.CodeElementUnsupported, b.ID, b.Position, "the element is not executed")
		}
		c.def.nodes[b.ID] = n
		c.def.order = append(c.def.order, n)
		c.declare(b.Body, n)
	}
}

func (c *compiler) flow(f *bpmn.Flow) {
	source, target := c.ref(f.Source), c.ref(f.Target)
	if source == nil || target == nil {
		c.report(bpmn.CodeFlowDangling, f.ID, f.Position, "the flow has no source or no target")
		return
	}
	compiled := &flow{id: f.ID, source: source, target: target, via: []string{f.ID}, takes: max(1, f.Target.StartQuantity), order: len(c.def.flows)}
	c.def.flows[f.ID] = compiled
	if f.Condition != nil {
		compiled.condition, source.conditional = c.boolean(f.ID, *f.Condition), true
	}
	source.outgoing = append(source.outgoing, compiled)
	target.incoming = append(target.incoming, f.ID)
	if f.Source.Default == f {
		source.fallback = compiled
	}
}

// ref returns the compiled node of a reference, nil when it leads nowhere.
func (c *compiler) ref(b *bpmn.Node) *node {
	if b == nil {
		return nil
	}
	return c.def.nodes[b.ID]
}

// boolean compiles a condition, which has to be an expression: a literal has no other value in any state.
func (c *compiler) boolean(element string, e bpmn.Expression) *expression {
	if _, _, literal := lang.Split(e.Text); literal && language(e.Language) == "" {
		c.report(CodeExpressionInvalid, element, e.Position, "the condition is no expression; FEEL starts with =")
		return nil
	}
	return c.expression(element, e)
}

// expression compiles a text by its marks, or by its language when it has no mark. An absent text gives nil.
func (c *compiler) expression(element string, e bpmn.Expression) *expression {
	if e.Text == "" {
		return nil
	}
	as := written{e.Text, e.Language}
	done, ok := c.expressions[as]
	if !ok {
		done = compileExpression(e)
		c.expressions[as] = done
	}
	if done.err != nil {
		c.report(CodeExpressionInvalid, element, e.Position, message(done.err))
		return nil
	}
	for _, remark := range done.remarks {
		c.warn(CodeExpressionNull, element, e.Position, remark)
	}
	return done.expression
}

func compileExpression(e bpmn.Expression) compiled {
	source, _, literal := lang.Split(e.Text)
	var p *lang.Program
	var err error
	if named := language(e.Language); literal && named != "" {
		p, err = lang.Compile(source, named)
	} else {
		p, err = lang.CompileText(e.Text)
	}
	if err != nil {
		return compiled{err: err}
	}
	made, err := newExpression(p)
	return compiled{made, p.Remarks(), err}
}

// language reads the language that a model names for an expression, a word or a URI.
func language(name string) lang.Language {
	name = strings.ToLower(name)
	switch {
	case strings.Contains(name, "feel"):
		return lang.FEEL
	case slices.Contains([]string{"expr", "juel"}, name):
		return lang.Expr
	}
	return ""
}

// message returns the text of an error without its code.
func message(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Message
	}
	return err.Error()
}
