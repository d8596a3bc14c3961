// Package returns is the shipped example: a process that handles returned goods, with its decision table,
// its form, its scoring model, and workers that do its jobs inside the server.
//
// It owns the files and the demo workers. It must not know where they are deployed: a server takes
// Resources and Workers, the scenarios beside this file run the same ones without a server. The README
// explains the process to those who change it.
package returns

import (
	"embed"

	"tallystick/host"
)

//go:embed returns.bpmn route-claim.dmn inspect-return.form returns-fraud.model.json
var files embed.FS

// Resources returns the files of one deployment: process, decisions, form and scoring model.
func Resources() []host.Resource {
	names := []string{"returns.bpmn", "route-claim.dmn", "inspect-return.form", "returns-fraud.model.json"}
	out := make([]host.Resource, len(names))
	for i, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			panic("returns: " + name + " is not embedded") // the compiler has put it there
		}
		out[i] = host.Resource{Name: name, Data: data}
	}
	return out
}
