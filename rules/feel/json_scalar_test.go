package feel

import "testing"

// TestDecodeScalarAgrees: the short way reads nothing that the long way reads differently.
func TestDecodeScalarAgrees(t *testing.T) {
	t.Parallel()
	texts := []string{
		`1`, `-1.50`, `.5`, `-`, ``, `1.`, `"`, `""`, `"a"`, `"a"b"`, `"a\"b"`, `"a\\"`, `"\u00e9"`, `"ü"`, `"a" `, ` 1`, `true`,
		`123456789012345678901234567890`, `1e3`, `[1]`, `"a\`, `"a","b"`,
	}
	for _, text := range texts {
		var short Value
		if !short.decodeScalar(text) {
			continue
		}
		d := &jsonReader{text: text}
		long := d.value(0)
		if d.bad || d.pos != len(text) || !same(short, long) {
			t.Errorf("%s: the short way reads %s, the long way %s (bad %v)", text, short.JSON(), long.JSON(), d.bad)
		}
	}
}

func same(a, b Value) bool { return a.Kind() == b.Kind() && a.JSON() == b.JSON() }
