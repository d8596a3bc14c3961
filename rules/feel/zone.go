package feel

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // where the machine has no zones of its own
)

// zonesMax is more than the time zone database has names, so that there is an end to what is kept.
const zonesMax = 1000

// zones are those that were asked for: package time reads a file for each.
var zones = struct {
	sync.RWMutex
	known map[string]*zone
}{known: map[string]*zone{}}

// namedZone returns an IANA zone, or nil. The names "" and "Local" would ask for the zone of the machine; "right" and
// "posix" are folders of some machines only.
func namedZone(name string) *zone {
	zones.RLock()
	z := zones.known[name]
	zones.RUnlock()
	first, _, _ := strings.Cut(name, "/")
	if z != nil || name == "" || name == "Local" || first == "right" || first == "posix" || len(name) > 64 {
		return z
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return keepZone(&zone{name: name, location: location})
}

// keepZone returns the first zone of a name.
func keepZone(z *zone) *zone {
	zones.Lock()
	defer zones.Unlock()
	if known := zones.known[z.name]; known != nil {
		return known
	}
	if len(zones.known) < zonesMax {
		zones.known[z.name] = z
	}
	return z
}
