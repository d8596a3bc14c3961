package rules

import (
	"path"
	"strings"
)

// Import is an import of another model (DMN 1.5, 6.3.3): its elements are visible as Name.element, or,
// when Name is empty, as if they were elements of this model.
type Import struct {
	Name      string
	Namespace string
	Location  string // where the author had the file; a hint
}

// importedModel is an import with the model it leads to, nil when that is missing.
type importedModel struct {
	Import
	model *Model
}

// is reports whether the part of an href before # means this import: its namespace or its file.
func (i *importedModel) is(space string) bool {
	return space == i.Namespace || i.Location != "" && path.Base(space) == path.Base(i.Location)
}

// ReadImports returns the namespace of a DMN file and what it imports, without compiling it.
func ReadImports(src []byte) (namespace string, imports []Import, err error) {
	root, err := read(src)
	if err != nil {
		return "", nil, err
	}
	return root.attr("namespace"), importsOf(root), nil
}

func importsOf(root *node) []Import {
	var found []Import
	for _, n := range root.all("import") {
		if importsModel(n) {
			found = append(found, Import{Name: n.attr("name"), Namespace: n.attr("namespace"), Location: n.attr("locationURI")})
		}
	}
	return found
}

// importsModel tells DMN models from schemas and PMML documents.
func importsModel(n *node) bool {
	kind := n.attr("importType")
	return kind == "" || dmnSpaces[kind] || strings.Contains(strings.ToLower(kind), "/dmn")
}

// imports finds the imported models. A model sees only its own imports, never those of them.
func (c *compiler) imports(m *Model, models []*Model) {
	names := map[string]bool{}
	for _, n := range c.root.all("import") {
		if !importsModel(n) {
			c.fail(n, "element.unsupported", "imports of type %q are not read", n.attr("importType"))
			continue
		}
		i := &importedModel{Import: Import{Name: n.attr("name"), Namespace: n.attr("namespace"), Location: n.attr("locationURI")}}
		for _, candidate := range models {
			if candidate.Namespace == i.Namespace {
				i.model = candidate
			}
		}
		switch {
		case i.model == nil:
			c.fail(n, "import.missing", "the imported model %q is not there: it has to come along with this one", i.Namespace)
		case i.Name != "" && names[i.Name]:
			c.fail(n, "import.duplicate", "two imports have the name %q", i.Name)
		}
		names[i.Name] = true
		c.imported = append(c.imported, i)
		m.Imports = append(m.Imports, i.Import)
	}
	m.imported = c.imported
	for _, i := range c.imported {
		c.importMembers(i.model)
	}
}

// importMembers makes the odd names of entries in imported types known to the parser.
func (c *compiler) importMembers(m *Model) {
	if m == nil {
		return
	}
	for _, t := range m.types {
		c.oddNames(t)
	}
}

func (c *compiler) oddNames(t *itemType) {
	if t == nil {
		return
	}
	for _, part := range t.components {
		if !identifier.MatchString(part.name) {
			c.members = append(c.members, part.name)
		}
		c.oddNames(part.typ)
	}
}

// importedType finds a type of an imported model by its name behind that of the import.
func (c *compiler) importedType(name string) *itemType {
	for _, i := range c.imported {
		local, found := name, true
		if i.Name != "" {
			local, found = strings.CutPrefix(name, i.Name+".")
		}
		if !found || i.model == nil {
			continue
		}
		if t := i.model.types[local]; t != nil {
			return t
		}
	}
	return nil
}

// pathTo is a chain of import names that leads from m to the model of a namespace, nil when there is none.
func (m *Model) pathTo(namespace string, seen map[*Model]bool) []string {
	if seen[m] {
		return nil
	}
	seen[m] = true
	for _, i := range m.imported {
		switch {
		case i.model == nil || i.Name == "":
		case i.Namespace == namespace:
			return []string{i.Name}
		default:
			if rest := i.model.pathTo(namespace, seen); rest != nil {
				return append([]string{i.Name}, rest...)
			}
		}
	}
	return nil
}
