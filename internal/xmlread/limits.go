package xmlread

// Limits bounds one document; a zero field means its default.
type Limits struct {
	Bytes      int // size of the source, 8 MiB
	Depth      int // nesting of elements, 256
	Elements   int // elements of the document, 50,000
	Attributes int // attributes of one element, namespace declarations included, 256
	ValueBytes int // decoded value of one attribute, 64 KiB
	TextBytes  int // decoded text directly inside one element, 1 MiB
}

func (l Limits) withDefaults() Limits {
	orDefault(&l.Bytes, 8<<20)
	orDefault(&l.Depth, 256)
	orDefault(&l.Elements, 50_000)
	orDefault(&l.Attributes, 256)
	orDefault(&l.ValueBytes, 64<<10)
	orDefault(&l.TextBytes, 1<<20)
	return l
}

func orDefault(field *int, value int) {
	if *field == 0 {
		*field = value
	}
}
