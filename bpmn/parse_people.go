package bpmn

import (
	"cmp"
	"strings"
)

// people are the elements that say who does an activity (BPMN 2.0.2, 10.3.1). They count for user tasks:
// the human performer is the assignee, the potential owners are the candidates.
var people = map[string]bool{"performer": true, "humanPerformer": true, "potentialOwner": true, "resourceRole": true}

// readPeople reads the resource roles of a user task. zeebe:assignmentDefinition, which is read later, wins.
func (p *parser) readPeople(n *Node, e *element) {
	var owners candidates
	for _, c := range e.standard() {
		if !people[c.name] || c.name == "resourceRole" {
			continue
		}
		for _, b := range c.all("resourceParameterBinding") {
			p.fail(b, CodeElementUnsupported, "resources are not searched by parameters; name the group or user")
		}
		who := p.readAssignmentExpression(c)
		switch {
		case who.Text == "":
		case c.name == "potentialOwner":
			owners.add(who)
		default:
			n.UserTask.Assignee = who
		}
	}
	if owners.expressions > 0 && owners.total > 1 {
		p.failAt(n, e, CodeElementUnsupported, "several potential owners are joined only when all are literals; use one expression for a list")
	}
	n.UserTask.CandidateUsers = owners.list(owners.users)
	n.UserTask.CandidateGroups = owners.list(owners.groups)
}

// readAssignmentExpression reads the expression or the name of the resource.
func (p *parser) readAssignmentExpression(e *element) Expression {
	if assigned := e.all("resourceAssignmentExpression"); len(assigned) > 0 {
		for _, f := range assigned[0].standard() {
			if f.name == "formalExpression" || f.name == "expression" {
				return p.expression(f)
			}
		}
		return p.expression(assigned[0])
	}
	if refs := e.all("resourceRef"); len(refs) > 0 {
		return p.readResource(refs[0])
	}
	return Expression{}
}

// readResource returns the name of a resource, which is that of a group or user.
func (p *parser) readResource(e *element) Expression {
	ref := localPart(e.text)
	resource := p.ids[ref]
	if resource == nil || !resource.is("resource") {
		p.fail(e, CodeReferenceUnresolved, "there is no resource %q", shorten(ref))
		return Expression{}
	}
	return Expression{Text: cmp.Or(strings.TrimSpace(resource.attr("name")), ref), Position: e.position}
}

// candidates collects potential owners.
type candidates struct {
	users, groups      []string
	total, expressions int
	language           string
	position           Position
}

// add adds a potential owner. user(a) and group(b) in a literal list say which they are; other names, and what
// an expression gives, are groups.
func (c *candidates) add(who Expression) {
	c.total++
	c.language, c.position = who.Language, who.Position
	if !isLiteral(who) {
		c.expressions++
		c.groups = append(c.groups, who.Text)
		return
	}
	for word := range strings.SplitSeq(who.Text, ",") {
		word = strings.TrimSpace(word)
		if user, ok := enclosed(word, "user("); ok {
			c.users = append(c.users, user)
		} else if group, ok := enclosed(word, "group("); ok {
			c.groups = append(c.groups, group)
		} else if word != "" {
			c.groups = append(c.groups, word)
		}
	}
}

func (c *candidates) list(names []string) Expression {
	if len(names) == 0 {
		return Expression{}
	}
	return Expression{Text: strings.Join(names, ","), Language: c.language, Position: c.position}
}

func enclosed(word, prefix string) (string, bool) {
	inner, found := strings.CutPrefix(word, prefix)
	if !found || !strings.HasSuffix(inner, ")") {
		return "", false
	}
	return strings.TrimSpace(strings.TrimSuffix(inner, ")")), true
}
