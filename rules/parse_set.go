package rules

// Source is one DMN file of a set.
type Source struct {
	Name string
	Data []byte
}

// Parsed is what became of a Source; Err says that it is no DMN at all.
type Parsed struct {
	Name        string
	Model       *Model
	Diagnostics Diagnostics
	Err         error
}

// ParseAll parses files that may import each other, each after what it imports. The answers have the
// order of the files. An import of a model that is not among them, or that leads back to its importer, is
// reported as missing.
func ParseAll(files []Source) []Parsed {
	s := set{files: files, done: make([]Parsed, len(files)), state: make([]visit, len(files))}
	for i, f := range files {
		s.done[i].Name = f.Name
		root, err := read(f.Data)
		s.done[i].Err = err
		s.roots = append(s.roots, root)
	}
	for i := range files {
		s.parse(i)
	}
	return s.done
}

// set is a depth-first walk along the imports.
type set struct {
	files []Source
	roots []*node
	done  []Parsed
	state []visit
}

func (s *set) parse(i int) {
	if s.state[i] != unseen || s.done[i].Err != nil {
		return
	}
	s.state[i] = onPath
	var imported []*Model
	for _, wanted := range importsOf(s.roots[i]) {
		for j, root := range s.roots {
			if root == nil || j == i || root.attr("namespace") != wanted.Namespace {
				continue
			}
			s.parse(j)
			if s.done[j].Model != nil {
				imported = append(imported, s.done[j].Model)
			}
		}
	}
	s.done[i].Model, s.done[i].Diagnostics = parse(s.roots[i], imported)
	s.state[i] = done
}
