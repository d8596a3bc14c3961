package api_test

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"tallystick/api"
)

// schemas checks answers against openapi.yaml. It knows the keywords that the document uses and fails on
// every other, so that no rule is skipped in silence.
type schemas struct {
	doc     map[string]any
	pattern map[string]*regexp.Regexp // path → its form
}

var inBraces = regexp.MustCompile(`\\\{[^}]*\\\}`)

func readSchemas(t testing.TB) *schemas {
	t.Helper()
	s := &schemas{pattern: map[string]*regexp.Regexp{}}
	must(t, yaml.Unmarshal(api.Description(), &s.doc))
	for path := range s.doc["paths"].(map[string]any) {
		s.pattern[path] = regexp.MustCompile("^" + inBraces.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$")
	}
	return s
}

// check compares one answer with what the document says of the operation.
func (s *schemas) check(t testing.TB, method, path string, a answer) {
	t.Helper()
	operation := s.operation(method, path)
	if operation == nil {
		return // no operation of the document: 404, 405, 501
	}
	responses := operation["responses"].(map[string]any)
	given, ok := responses[fmt.Sprint(a.status)].(map[string]any)
	if !ok {
		t.Errorf("%s %s answers %d, which openapi.yaml does not know: %s", method, path, a.status, a.body)
		return
	}
	given = s.resolve(given)
	content, _ := given["content"].(map[string]any)
	if content == nil {
		if a.body != "" || a.header.Get("Content-Type") != "" {
			t.Errorf("%s %s: %d has a body: %s", method, path, a.status, a.body)
		}
		return
	}
	media, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	body, ok := content[media].(map[string]any)
	if !ok {
		t.Errorf("%s %s: %d has the type %q", method, path, a.status, media)
		return
	}
	if !strings.Contains(media, "json") || strings.Contains(media, "ndjson") {
		return
	}
	var v any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
		return
	}
	for _, problem := range s.value(v, body["schema"].(map[string]any), "$") {
		t.Errorf("%s %s %d: %s in %s", method, path, a.status, problem, a.body)
	}
}

func (s *schemas) operation(method, path string) map[string]any {
	for name, form := range s.pattern {
		item := s.doc["paths"].(map[string]any)[name].(map[string]any)
		if op, ok := item[strings.ToLower(method)].(map[string]any); ok && form.MatchString(path) {
			return op
		}
	}
	return nil
}

// resolve follows a reference inside the document.
func (s *schemas) resolve(m map[string]any) map[string]any {
	ref, ok := m["$ref"].(string)
	if !ok {
		return m
	}
	var v any = s.doc
	for _, step := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		v = v.(map[string]any)[step]
		if v == nil {
			panic("openapi.yaml has no " + ref)
		}
	}
	return s.resolve(v.(map[string]any))
}

// value lists what is wrong with v.
func (s *schemas) value(v any, schema map[string]any, at string) []string {
	schema = s.resolve(schema)
	var found []string
	add := func(format string, args ...any) { found = append(found, at+": "+fmt.Sprintf(format, args...)) }
	for word, rule := range schema {
		switch word {
		case "type":
			if !slices.ContainsFunc(listed(rule), func(x any) bool { return isType(v, x.(string)) }) {
				add("%v is not of type %v", v, rule)
			}
		case "enum":
			if !slices.Contains(rule.([]any), v) {
				add("%v is not one of %v", v, rule)
			}
		case "pattern":
			if text, ok := v.(string); ok && !regexp.MustCompile(rule.(string)).MatchString(text) {
				add("%q does not match %v", text, rule)
			}
		case "format":
			if text, ok := v.(string); ok && rule == "date-time" {
				if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
					add("%q is no date-time", text)
				}
			}
		case "required":
			object, ok := v.(map[string]any)
			for _, name := range rule.([]any) {
				if _, there := object[name.(string)]; ok && !there {
					add("%v is missing", name)
				}
			}
		case "oneOf":
			matches := 0
			for _, one := range rule.([]any) {
				if len(s.value(v, one.(map[string]any), at)) == 0 {
					matches++
				}
			}
			if matches != 1 {
				add("%d of the alternatives match %v", matches, v)
			}
		case "items":
			list, _ := v.([]any)
			for i, item := range list {
				found = append(found, s.value(item, rule.(map[string]any), fmt.Sprintf("%s[%d]", at, i))...)
			}
		case "properties", "additionalProperties", "description", "default", "minimum", "maximum", "maxItems", "minProperties":
		default:
			add("the keyword %q is not known to this test", word)
		}
	}
	return append(found, s.members(v, schema, at)...)
}

// members checks the members of an object. A member that the schema does not name is wrong unless the
// schema says what additional ones are: what is answered is declared.
func (s *schemas) members(v any, schema map[string]any, at string) []string {
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	var found []string
	declared, _ := schema["properties"].(map[string]any)
	additional, _ := schema["additionalProperties"].(map[string]any)
	_, restricted := schema["type"]
	for name, member := range object {
		switch rule, ok := declared[name].(map[string]any); {
		case ok:
			found = append(found, s.value(member, rule, at+"."+name)...)
		case additional != nil:
			found = append(found, s.value(member, additional, at+"."+name)...)
		case restricted:
			found = append(found, at+"."+name+" is not declared")
		}
	}
	return found
}

func listed(rule any) []any {
	if list, ok := rule.([]any); ok {
		return list
	}
	return []any{rule}
}

func isType(v any, name string) bool {
	switch x := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case float64:
		return name == "number" || name == "integer" && x == math.Trunc(x)
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	}
	return false
}
