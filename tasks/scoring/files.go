package scoring

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"tallystick/fault"
	"tallystick/host"
)

// Files is a set of model files that are not deployed; it implements Models. Scenarios score with it.
type Files struct{ all []entry }

type entry struct {
	model *Model
	src   []byte
	about host.Deployed
}

// Add reads one more file; a model that was added later counts as the newer version. It returns what
// is wrong with the file, in which case it is not added.
func (f *Files) Add(resource host.Resource) []fault.Detail {
	m, found := Parse(resource.Data)
	if m == nil {
		return found
	}
	version := 1
	for _, e := range f.all {
		if e.model.ID == m.ID {
			version++
		}
	}
	sum := sha256.Sum256(resource.Data)
	f.all = append(f.all, entry{m, resource.Data, host.Deployed{
		ID: m.ID, Name: m.Name, Version: version, VersionTag: m.Version,
		ResourceName: resource.Name, Digest: hex.EncodeToString(sum[:]),
	}})
	return nil
}

// ModelSource implements Models.
func (f *Files) ModelSource(_ context.Context, id, versionTag string) (host.Deployed, []byte, error) {
	for i := len(f.all) - 1; i >= 0; i-- {
		if e := f.all[i]; e.model.ID == id && (versionTag == "" || e.model.Version == versionTag) {
			return e.about, e.src, nil
		}
	}
	return host.Deployed{}, nil, host.ErrModelNotFound.With("no scoring model %q with version tag %q", id, versionTag)
}
