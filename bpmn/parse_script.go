package bpmn

import (
	"slices"
	"strings"
)

// scriptLanguages are the formats of scripts that are evaluated by the engine.
var scriptLanguages = []string{"feel", "expr"}

// finishScript makes the standard's script of a script task (BPMN 2.0.2, 10.3.3) what runs it, unless an
// extension says so already: an expression when the format is FEEL or expr, else a job of the type
// script:FORMAT whose worker finds the text in the header "script".
func (p *parser) finishScript(n *Node, e *element) {
	scripts := e.all("script")
	if n.Kind != KindScriptTask || len(scripts) == 0 || scripts[0].text == "" || n.Script != nil {
		return
	}
	text := scripts[0].text
	format := strings.TrimSpace(e.attr("scriptFormat") + e.attr("scriptLanguage")) // the latter of a global script task
	evaluated := slices.Contains(scriptLanguages, strings.ToLower(format)) || format == "" && !isLiteral(Expression{Text: text})
	switch {
	case n.Task == nil && evaluated:
		n.Script = &Script{Expression: Expression{Text: text, Language: strings.ToLower(format), Position: scripts[0].position}}
		return
	case n.Task == nil && format == "":
		p.fail(e, CodeTaskNoScript, "a script needs a scriptFormat")
		return
	case n.Task == nil && !isLiteral(Expression{Text: format}):
		p.fail(e, CodeAttributeInvalid, "scriptFormat=%q is no format", shorten(format))
		return
	case n.Task == nil:
		n.Task = &TaskDefinition{Type: Expression{Text: "script:" + format, Position: e.position}}
	}
	if n.Headers == nil {
		n.Headers = map[string]string{}
	}
	if _, given := n.Headers["script"]; !given {
		n.Headers["script"] = text
	}
}
