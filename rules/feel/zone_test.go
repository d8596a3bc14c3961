package feel

import "testing"

func TestNamedZones(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{
		"Europe/Berlin": true, "America/Argentina/Buenos_Aires": true, "Etc/UTC": true, "UTC": true,
		"": false, "Local": false, "Europe": false, "Europe/": false, "../etc/passwd": false, "Europe/Atlantis": false,
		"right/UTC": false, "posix/UTC": false,
	} {
		if got := namedZone(name); (got != nil) != known || known && (got.name != name || namedZone(name) != got) {
			t.Errorf("%q: %v", name, got)
		}
	}
}
