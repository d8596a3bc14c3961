package bpmn

import "encoding/json"

// userTask reads who is to do the task, when, and with which form.
func (x *extras) userTask() {
	x.put("userTask")
	x.putSome("assignmentDefinition", "assignee", x.value("assignee"),
		"candidateUsers", x.value("candidateUsers"), "candidateGroups", x.value("candidateGroups"))
	x.putSome("taskSchedule", "dueDate", x.value("dueDate"), "followUpDate", x.value("followUpDate"))
	x.putSome("priorityDefinition", "priority", x.value("priority"))
	x.form()
}

// putSome puts an extension unless all its values are empty.
func (x *extras) putSome(name string, pairs ...string) {
	for i := 1; i < len(pairs); i += 2 {
		if pairs[i] != "" {
			x.put(name, pairs...)
			return
		}
	}
}

// form reads a linked form, the key of one that a client knows, or a list of fields.
func (x *extras) form() {
	ref, key := x.attr("formRef"), x.attr("formKey")
	binding, version := x.attr("formRefBinding"), x.attr("formRefVersion")
	switch {
	case ref != "":
		x.put("formDefinition", "formId", ref, "bindingType", x.binding(binding, version))
	case key != "":
		x.put("formDefinition", "formKey", key)
	}
	fields := x.formFields()
	if len(fields) > 0 && ref+key == "" {
		x.embedForm(fields)
	}
}

// formFields takes the fields of formData, or the form properties of older models.
func (x *extras) formFields() []*element {
	fields := x.all("formProperty")
	for _, data := range x.all("formData") {
		fields = append(fields, data.own("formField")...)
	}
	return fields
}

// formField is a component of a form in the form of form-js.
type formField struct {
	Type     string       `json:"type"`
	Key      string       `json:"key"`
	ID       string       `json:"id"`
	Label    string       `json:"label"`
	Default  string       `json:"defaultValue,omitempty"`
	Subtype  string       `json:"subtype,omitempty"`
	Disabled bool         `json:"disabled,omitempty"`
	Validate *fieldRule   `json:"validate,omitempty"`
	Values   []fieldValue `json:"values,omitempty"`
}

type fieldRule struct {
	Required  bool   `json:"required,omitempty"`
	Min       string `json:"min,omitempty"`
	Max       string `json:"max,omitempty"`
	MinLength string `json:"minLength,omitempty"`
	MaxLength string `json:"maxLength,omitempty"`
}

type fieldValue struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// fieldTypes are the components for the types of fields; what is not listed is a text.
var fieldTypes = map[string]string{
	"long": "number", "integer": "number", "double": "number", "boolean": "checkbox", "date": "datetime", "enum": "select",
}

// embedForm gives the process a form that is made of the fields.
func (x *extras) embedForm(fields []*element) {
	id := x.e.id() + "-form"
	form := struct {
		Type       string      `json:"type"`
		ID         string      `json:"id"`
		Components []formField `json:"components"`
	}{Type: "default", ID: id}
	for _, f := range fields {
		form.Components = append(form.Components, x.readField(f))
	}
	text, err := json.Marshal(form)
	if err != nil {
		x.ignored(x.e, "the fields make no form: %v", err)
		return
	}
	x.put("formDefinition", "formKey", embeddedForm+id)
	process := x.e
	for !process.is("process") && process.parent != nil {
		process = process.parent
	}
	// Not by put, which knows one extension of a name: a process may have many forms.
	embedded := &element{space: spaceZeebe, name: "userTaskForm", position: x.e.position, text: string(text)}
	embedded.set("id", id)
	x.p.extrasOf(process).append(embedded)
}

func (x *extras) readField(f *element) formField {
	field := formField{
		Type: "textfield", Key: f.attr("id"), ID: f.attr("id"), Label: f.attr("label") + f.attr("name"),
		Default: f.attr("defaultValue") + f.attr("default"),
	}
	if known := fieldTypes[f.attr("type")]; known != "" {
		field.Type = known
	}
	if field.Type == "datetime" {
		field.Subtype = "date"
	}
	for _, v := range f.own("value") {
		field.Values = append(field.Values, fieldValue{v.attr("name"), v.attr("id")})
	}
	rule := fieldRule{Required: f.attr("required") == "true"}
	for _, validation := range f.own("validation") {
		for _, c := range validation.own("constraint") {
			x.constrain(&field, &rule, c)
		}
	}
	if rule != (fieldRule{}) {
		field.Validate = &rule
	}
	return field
}

func (x *extras) constrain(field *formField, rule *fieldRule, c *element) {
	switch value := c.attr("config"); c.attr("name") {
	case "required":
		rule.Required = true
	case "readonly":
		field.Disabled = true
	case "min":
		rule.Min = value
	case "max":
		rule.Max = value
	case "minlength":
		rule.MinLength = value
	case "maxlength":
		rule.MaxLength = value
	default:
		x.ignored(c, "the constraint %q of the field %q is not checked; check it behind the task", shorten(c.attr("name")), shorten(field.Key))
	}
}
