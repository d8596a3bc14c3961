package enginetest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tallystick/engine"
	"tallystick/tasks"
)

// taskResult takes what the worker of a task listener says of the task out of the words of finish: denied=REASON,
// or correct.ATTRIBUTE=VALUE.
func (r *runner) taskResult(words []word) ([]word, *engine.TaskResult, error) {
	var result engine.TaskResult
	var rest []word
	for _, w := range words {
		attribute, corrects := strings.CutPrefix(w.name, "correct.")
		switch {
		case w.name == "denied":
			result.Denied, result.Reason = true, w.text
		case corrects:
			if err := r.correct(&result, attribute, w.text); err != nil {
				return nil, nil, err
			}
		default:
			rest = append(rest, w)
		}
	}
	if len(rest) == len(words) {
		return words, nil, nil
	}
	return rest, &result, nil
}

// correct reads one correction; lists of names are separated by commas, dates are distances from the start.
func (r *runner) correct(result *engine.TaskResult, attribute, text string) error {
	names := []string{}
	if text != "" {
		names = strings.Split(text, ",")
	}
	c := &result.Change
	switch attribute {
	case "assignee":
		result.Assignee = &text
	case "candidateGroups":
		c.CandidateGroups = &names
	case "candidateUsers":
		c.CandidateUsers = &names
	case "priority":
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("the priority %q is no number", text)
		}
		c.Priority = &n
	case "dueDate":
		return r.correctDate(&c.DueDate, text)
	case "followUpDate":
		return r.correctDate(&c.FollowUpDate, text)
	default:
		return fmt.Errorf("a task has no %s to correct", attribute)
	}
	return nil
}

func (r *runner) correctDate(date **time.Time, text string) error {
	at := time.Time{}
	if text != "" {
		d, err := parseDuration(strings.TrimPrefix(text, "+"))
		if err != nil {
			return err
		}
		at = r.origin.Add(d)
	}
	*date = &at
	return nil
}

// visible are the variables that a job gets: those that its element sees, and nearer those that complete its task.
func (i *instance) visible(j engine.Job) engine.Variables {
	vars := i.st.VisibleVariables(j.ElementInstance)
	i.tasks[j.Key].Complete(vars, nil)
	return vars
}

// held says what listeners a task waits for.
func held(t tasks.Task) string {
	if t.State == tasks.Created {
		return ""
	}
	return " " + strings.ToLower(string(t.State))
}
