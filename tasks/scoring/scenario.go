package scoring

import (
	"tallystick/engine/enginetest"
	"tallystick/fault"
	"tallystick/host"
)

// Scenario returns a worker for the scoring models of a scenario; later files are newer versions. The
// error names the first finding about a file that cannot be used.
func Scenario(models []enginetest.File) (*Worker, error) {
	files := &Files{}
	for _, m := range models {
		if found := files.Add(host.Resource{Name: m.Name, Data: m.Data}); len(found) > 0 {
			refusal := fault.New(fault.Invalid, "definition.invalid", "%s: %s %s", m.Name, found[0].Field, found[0].Message)
			refusal.Details = found
			return nil, refusal
		}
	}
	return New(files, nil), nil
}
