package ordeal

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// said are the answers of the tables below.
var said = map[string]Answer{
	"ok":       {Status: http.StatusNoContent},
	"gone":     {Status: http.StatusNotFound, Code: "task.not_found"},
	"assigned": {Status: http.StatusConflict, Code: "task.assigned"},
	"reused":   {Status: http.StatusUnprocessableEntity, Code: "command.reused"},
	"busy":     {Status: http.StatusServiceUnavailable, Code: "host.overloaded"},
	"lost":     {Err: errors.New("connection reset")},
}

// line is one operation of a history in a table; times are milliseconds.
type line struct {
	call, back int
	kind, who  string
	answer     string
	seen       string
}

// TestCheckerSeesViolations plants violations in histories: the checker must find each, and accept what is right.
func TestCheckerSeesViolations(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		model porcupine.Model
		lines []line
		legal bool
	}{
		"claim, read, complete": {TaskModel(), []line{
			{0, 1, "claim", "ann", "ok", ""},
			{2, 3, "read", "", "ok", "CREATED ann"},
			{4, 5, "complete", "ann", "ok", ""},
			{6, 7, "read", "", "ok", "COMPLETED"},
			{8, 9, "claim", "bob", "gone", ""},
		}, true},
		"two persons have one task":     {TaskModel(), []line{{0, 1, "claim", "ann", "ok", ""}, {2, 3, "claim", "bob", "ok", ""}}, false},
		"of two at once one is refused": {TaskModel(), []line{{0, 9, "claim", "ann", "ok", ""}, {1, 8, "claim", "bob", "assigned", ""}}, true},
		"refused by nobody":             {TaskModel(), []line{{0, 1, "claim", "bob", "assigned", ""}, {2, 3, "claim", "ann", "ok", ""}}, false},
		"completed twice":               {TaskModel(), []line{{0, 5, "complete", "ann", "ok", ""}, {1, 6, "complete", "bob", "ok", ""}}, false},
		"a stale read":                  {TaskModel(), []line{{0, 1, "claim", "ann", "ok", ""}, {2, 3, "read", "", "ok", "CREATED "}}, false},
		"an acknowledged claim is lost": {TaskModel(), []line{{0, 1, "claim", "ann", "ok", ""}, {2, 3, "claim", "bob", "ok", ""}, {4, 5, "unclaim", "", "ok", ""}}, false},
		"an unknown claim happened late": {TaskModel(), []line{
			{0, 1, "claim", "ann", "lost", ""}, {2, 3, "read", "", "ok", "CREATED "}, {4, 5, "read", "", "ok", "CREATED ann"},
		}, true},
		"an unknown claim happened and was undone by nobody": {TaskModel(), []line{
			{0, 1, "claim", "ann", "lost", ""}, {2, 3, "read", "", "ok", "CREATED ann"}, {4, 5, "read", "", "ok", "CREATED "},
		}, false},
		"a busy server changes nothing": {TaskModel(), []line{{0, 1, "claim", "ann", "busy", ""}, {2, 3, "claim", "bob", "ok", ""}}, true},
		"a failure gives a job back": {JobModel(), []line{
			{0, 1, "activate", "a", "ok", ""}, {2, 3, "fail", "a", "ok", ""}, {4, 5, "activate", "b", "ok", ""}, {6, 7, "complete", "b", "ok", ""},
		}, true},
		"a job is locked twice":         {JobModel(), []line{{0, 1, "activate", "a", "ok", ""}, {2, 3, "activate", "b", "ok", ""}}, false},
		"two results are accepted":      {JobModel(), []line{{0, 1, "activate", "a", "ok", ""}, {2, 5, "complete", "a", "ok", ""}, {3, 4, "complete", "b", "ok", ""}}, false},
		"a completed job is locked":     {JobModel(), []line{{0, 1, "complete", "a", "ok", ""}, {2, 3, "activate", "b", "ok", ""}}, false},
		"refused though open":           {JobModel(), []line{{0, 1, "complete", "a", "gone", ""}}, false},
		"the same receipt":              {RepeatModel(), []line{{0, 4, "repeat", "x", "ok", "7"}, {1, 3, "repeat", "x", "ok", "7"}, {5, 6, "repeat", "y", "reused", ""}}, true},
		"another receipt":               {RepeatModel(), []line{{0, 1, "repeat", "x", "ok", "7"}, {2, 3, "repeat", "x", "ok", "8"}}, false},
		"another body gets a receipt":   {RepeatModel(), []line{{0, 1, "repeat", "x", "ok", "7"}, {2, 3, "repeat", "y", "ok", "8"}}, false},
		"refused before the first":      {RepeatModel(), []line{{0, 1, "repeat", "y", "reused", ""}, {2, 3, "repeat", "x", "ok", "7"}}, false},
		"the first was unknown":         {RepeatModel(), []line{{0, 1, "repeat", "x", "lost", ""}, {2, 3, "repeat", "y", "reused", ""}, {4, 5, "repeat", "x", "ok", "7"}}, true},
		"two receipts after an unknown": {RepeatModel(), []line{{0, 1, "repeat", "x", "lost", ""}, {2, 3, "repeat", "x", "ok", "7"}, {4, 5, "repeat", "x", "ok", "8"}}, false},
	}
	for name, c := range cases {
		h := NewHistory()
		for i, l := range c.lines {
			a := said[l.answer]
			a.Returned = h.begin.Add(time.Duration(l.back) * time.Millisecond)
			h.Note("it", i, Act{l.kind, l.who}, h.begin.Add(time.Duration(l.call)*time.Millisecond), a, l.seen)
		}
		v := h.Judge(c.model)
		if legal := len(v.Violations) == 0; legal != c.legal || v.Undecided > 0 {
			t.Errorf("%s: legal %t, want %t (%s)", name, legal, c.legal, v)
		}
	}
}
