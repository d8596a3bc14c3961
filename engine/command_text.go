package engine

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tallystick/fault"
)

// ErrText refuses a command with a text that records and databases cannot keep as it is.
var ErrText = fault.New(fault.Invalid, "command.text_invalid", "a text is not valid UTF-8, or holds NUL")

// checkTexts refuses what would come back otherwise from a record, the state or the store.
func checkTexts(cmd Command) error {
	if i := slices.IndexFunc(texts(cmd), unfit); i >= 0 {
		return ErrText.With("%s: a text is not valid UTF-8, or holds NUL", cmd.Name())
	}
	return nil
}

func unfit(s string) bool { return !utf8.ValidString(s) || strings.ContainsRune(s, 0) }

// texts are the free texts of a command. Names of variables are texts too; their values are canonical JSON.
func texts(cmd Command) []string {
	switch c := cmd.(type) {
	case StartInstance:
		return append(append(names(c.Variables), c.Tags...), c.BusinessID)
	case CompleteJob:
		return names(c.Variables)
	case FailJob:
		return append(names(c.Variables), c.Message)
	case ThrowJobError:
		return append(names(c.Variables), c.Code, c.Message)
	case AssignTask:
		return []string{c.Assignee, c.Action}
	case UpdateTask:
		all := []string{c.Action}
		for _, list := range []*[]string{c.Change.CandidateGroups, c.Change.CandidateUsers} {
			if list != nil {
				all = append(all, *list...)
			}
		}
		return all
	case CompleteTask:
		return append(names(c.Variables), c.Action)
	case SetVariables:
		return names(c.Variables)
	}
	return nil
}

func names(v Variables) []string {
	all := make([]string, 0, len(v)+2)
	for name := range v {
		all = append(all, name)
	}
	return all
}
