package feel

import (
	"cmp"
	"maps"
	"strings"
	"sync/atomic"
	"time"
	_ "time/tzdata" // where the machine has no zones of its own
)

// zonesMax is more than the time zone database has names, so that there is an end to what is kept.
const zonesMax = 1000

// zones are those that were asked for: package time reads a file for each.
var zones atomic.Pointer[map[string]*zone]

func init() { zones.Store(&map[string]*zone{}) }

// namedZone returns an IANA zone, or nil. The names "" and "Local" would ask for the zone of the machine; "right" and
// "posix" are folders of some machines only.
func namedZone(name string) *zone {
	z := (*zones.Load())[name]
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
	for {
		all := zones.Load()
		if known := (*all)[z.name]; known != nil || len(*all) >= zonesMax {
			return cmp.Or(known, z)
		}
		more := maps.Clone(*all)
		more[z.name] = z
		if zones.CompareAndSwap(all, &more) {
			return z
		}
	}
}
