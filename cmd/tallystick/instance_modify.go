package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// modification collects the instructions of instance modify.
type modification struct {
	activate, move, terminate, vars []string
	reason                          string
}

// newInstanceModify moves the tokens of an instance.
func newInstanceModify(r *remote) *cobra.Command {
	var m modification
	cmd := &cobra.Command{
		Use: "modify INSTANCE", Short: "Activate, move and terminate elements of a running instance", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := m.body()
			if err != nil {
				return err
			}
			return r.call(cmd.Context(), http.MethodPost, "/v2/process-instances/"+args[0]+"/modification", body, nil)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&m.activate, "activate", nil, "element to activate; ELEMENT@KEY names the scope around it")
	f.StringArrayVar(&m.move, "move", nil, "SOURCE:ELEMENT; the source is an element or the key of an element instance")
	f.StringArrayVar(&m.terminate, "terminate", nil, "element, or key of an element instance, to terminate")
	f.StringArrayVar(&m.vars, "var", nil, "variable of the instance, name=value; repeatable")
	f.StringVar(&m.reason, "reason", "", "why this is done; goes to the audit log")
	return cmd
}

// body is the request: variables go with the first element that is activated.
func (m modification) body() (map[string]any, error) {
	vars, err := variables(m.vars)
	if err != nil {
		return nil, err
	}
	var activate, move, terminate []map[string]any
	for _, text := range m.activate {
		element, ancestor, named := strings.Cut(text, "@")
		a := map[string]any{"elementId": element}
		if named {
			a["ancestorElementInstanceKey"] = ancestor
		}
		activate = append(activate, a)
	}
	for _, text := range m.move {
		from, to, ok := strings.Cut(text, ":")
		if !ok || from == "" || to == "" {
			return nil, &usageError{fmt.Errorf("--move wants SOURCE:ELEMENT, not %q", text)}
		}
		source := map[string]any{"sourceType": "byId", "sourceElementId": from}
		if isKey(from) {
			source = map[string]any{"sourceType": "byKey", "sourceElementInstanceKey": from}
		}
		move = append(move, map[string]any{
			"sourceElementInstruction": source, "targetElementId": to,
			"ancestorScopeInstruction": map[string]any{"ancestorScopeType": "inferred"},
		})
	}
	for _, text := range m.terminate {
		name := "elementId"
		if isKey(text) {
			name = "elementInstanceKey"
		}
		terminate = append(terminate, map[string]any{name: text})
	}
	if len(vars) > 0 {
		carriers := append(append([]map[string]any(nil), activate...), move...)
		if len(carriers) == 0 {
			return nil, &usageError{fmt.Errorf("--var goes with --activate or --move; without them use a command that sets variables")}
		}
		carriers[0]["variableInstructions"] = []map[string]any{{"variables": vars}}
	}
	body := map[string]any{"activateInstructions": activate, "moveInstructions": move, "terminateInstructions": terminate}
	if m.reason != "" {
		body["reason"] = m.reason
	}
	return body, nil
}

// isKey tells the key of an element instance from the id of an element, which never begins with a digit.
func isKey(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}
