package tidy

import "testing"

func TestLinks(t *testing.T) {
	t.Parallel()
	base := map[string]string{"docs/there.md": "# There\n"}
	check(t, Links, base, []violation{
		{"good", "a.md", "[x](docs/there.md) [y](docs/) [z](docs/there.md#part \"title\")\n", ""},
		{"from a folder", "docs/b.md", "[x](there.md) [y](../go.mod)\n", ""},
		{"broken", "a.md", "\n[x](docs/gone.md)\n", "a.md:2: link leads nowhere: docs/gone.md"},
		{"broken picture", "a.md", "![x](x.svg)\n", "link leads nowhere: x.svg"},
		{"out of the house", "a.md", "[x](../a.md)\n", "link leads nowhere"},
		{"web and anchor", "a.md", "[x](https://example.com/x) [y](#part) [z](mailto:a@example.com)\n", ""},
		{"code", "a.md", "`[x](gone)`\n\n```\n[x](gone)\n```\n", ""},
	})
}
