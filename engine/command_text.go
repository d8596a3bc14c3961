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
	if misfits(cmd) {
		return ErrText.With("%s: a text is not valid UTF-8, or holds NUL", cmd.Name())
	}
	return nil
}

func unfit(s string) bool { return !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 }

// misfits reports whether one of the free texts of a command is unfit. Names of variables are texts
// too; their values are canonical JSON.
func misfits(cmd Command) bool {
	switch c := cmd.(type) {
	case StartInstance:
		return unfitNames(c.Variables) || unfitAny(c.Tags...) || unfit(c.BusinessID)
	case CompleteJob:
		return unfitNames(c.Variables) || c.AdHoc != nil && unfitActivations(c.AdHoc.Elements) || c.Task.misfits()
	case ActivateAdHoc:
		return unfitActivations(c.Elements)
	case FailJob:
		return unfitNames(c.Variables) || unfit(c.Message)
	case ThrowJobError:
		return unfitNames(c.Variables) || unfitAny(c.Code, c.Message)
	case AssignTask:
		return unfitAny(c.Assignee, c.Action)
	case UpdateTask:
		return unfit(c.Action) || unfitList(c.Change.CandidateGroups) || unfitList(c.Change.CandidateUsers)
	case CompleteTask:
		return unfitNames(c.Variables) || unfit(c.Action)
	case SetVariables:
		return unfitNames(c.Variables)
	case MigrateInstance:
		return c.misfits()
	case ModifyInstance:
		return c.unfit()
	}
	return false
}

func unfitAny(texts ...string) bool { return slices.ContainsFunc(texts, unfit) }

func unfitList(list *[]string) bool { return list != nil && unfitAny(*list...) }

func unfitActivations(all []Activation) bool {
	return slices.ContainsFunc(all, func(a Activation) bool { return unfit(a.Element) || unfitNames(a.Variables) })
}

func unfitNames(v Variables) bool {
	for name := range v {
		if unfit(name) {
			return true
		}
	}
	return false
}
