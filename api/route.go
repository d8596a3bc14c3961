package api

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tallystick/host"
)

// route is one row of the route table. Everything that lists operations is made from it or compared with
// it: the router, openapi.yaml, docs/api.md and the tests of permissions.
type route struct {
	method  string
	path    string // as in OpenAPI: {name} is a parameter
	action  string // of package host; ActionSystemDocument makes a route public
	summary string
	handle  func(s *Server, r *request) (*response, error)
}

// public routes need no credentials.
func (r route) public() bool { return r.action == host.ActionSystemDocument }

// routes is the table.
func routes() []route {
	return slices.Concat(
		clusterRoutes(), authenticationRoutes(), deploymentRoutes(), processDefinitionRoutes(),
		processInstanceRoutes(), diagramRoutes(), operationRoutes(), modificationRoutes(), migrationRoutes(), batchRoutes(), suspensionRoutes(), elementInstanceRoutes(), adHocRoutes(), variableRoutes(), jobRoutes(), userTaskRoutes(),
		incidentRoutes(), decisionRoutes(), formRoutes(), clockRoutes(), userRoutes(), memberRoutes(),
		tokenRoutes(), auditRoutes(), messageRoutes(), documentRoutes(), operatorRoutes(),
	)
}

var parameter = regexp.MustCompile(`\{([A-Za-z]+)\}`)

// pattern is the path in the words of the router.
func pattern(path string) string { return parameter.ReplaceAllString(path, ":$1") }

// check refuses a table in which a row declares no known action or stands twice.
func check(table []route, known func(string) bool) error {
	seen := map[string]bool{}
	for _, r := range table {
		name := r.method + " " + parameter.ReplaceAllString(r.path, "{}")
		switch {
		case seen[name]:
			return fmt.Errorf("api: %s stands twice in the route table", name)
		case !known(r.action):
			return fmt.Errorf("api: %s declares the action %q, which the policy does not know", name, r.action)
		case r.summary == "" || r.handle == nil || !strings.HasPrefix(r.path, "/"):
			return fmt.Errorf("api: the row of %s is not complete", name)
		}
		seen[name] = true
	}
	return nil
}
