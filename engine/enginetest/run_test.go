package enginetest

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
)

const taskFlow = `-- t.flow --
process t
start -> ask -> job -> end
ask: user groups=clerks
job: service type=quote
`

func TestRunProblems(t *testing.T) {
	for script, want := range map[string]string{
		"":                    "s:1: the scenario has no command",
		"dance":               `s:1: there is no command "dance"`,
		"# x\n\nstart":        `s:3: no process "" is deployed`,
		"operate cancel":      "s:1: no instance has started",
		"deploy":              "s:1: deploy takes files",
		"deploy none.bpmn":    "s:1: the scenario does not hold the file none.bpmn",
		"deploy t.txt":        "s:1: t.txt: the name must end",
		"deploy a.model.json": "s:1: a.model.json: this runner cannot score",
		"deploy a.form":       "s:1: a.form: a form is a JSON object",
		"deploy bad.flow":     "s:1: bad.flow: line 1:",
		"advance tomorrow":    `s:1: "tomorrow" is no duration`,
		"advance 1h\nadvance 2026-01-05T08:00:00Z\ndeploy t.flow\nstart\nadvance 2026-01-05T07:00:00Z": "s:5: the clock does not go back",
		"deploy t.flow\nstart q":                   `s:2: no process "q" is deployed`,
		"deploy t.flow\nstart a=1 b":               `s:2: "b" is not of the form name=value`,
		"deploy t.flow\nstart a={":                 "s:2: a quote or bracket is not closed",
		"deploy t.flow\nstart\ncomplete":           "s:3: the command needs an element",
		"deploy t.flow\nstart\ncomplete a":         "s:3: there is no element a",
		"deploy t.flow\nstart\ncomplete ask#0":     "s:3: ask#0: write ask#1",
		"deploy t.flow\nstart\nclaim ask":          "s:3: write claim TASK by=PERSON",
		"deploy t.flow\nstart\nclaim ask by=ann":   "s:3: there is no person ann",
		"person a b":                               "s:1: write person NAME",
		"deploy t.flow\nstart\nwork quote":         "s:3: there is no job to work on",
		"deploy t.flow\nstart\nwork nobody":        `s:3: there is no worker for "nobody"`,
		"deploy t.flow\nstart\nadvance 1month":     `s:3: "1month" is no duration`,
		"deploy t.flow\nstart\nfail job retries=x": "s:3: retries is no number",
		"deploy t.flow\nstart\nresolve ask now=1":  "s:3: resolve takes an element",
		"operate cancel now":                       "s:1: no instance has started",
		"deploy t.flow\nstart\noperate cancel now": "s:3: there is no instance now",
		"deploy t.flow\nstart\noperate cancel t t": "s:3: operate takes one process",
		"send":                        "s:1: write send message",
		"operate":                     "s:1: operate takes",
		"operate heart":               "s:1: operate takes",
		"send letter x":               "s:1: write send message",
		"send message x ttl=soon":     `s:1: "soon" is no duration`,
		"send message x y":            `s:1: "y" is not of the form`,
		"send condition x":            `s:1: "x" is not of the form`,
		"send signal x y":             `s:1: "y" is not of the form`,
		"deploy t.flow\nstart\nset x": "s:3: there is no element x",
		"set x=1":                     "s:1: no instance has started",
		"show all":                    "s:1: show takes vars, waits, state or",
		"show trace=all":              "s:1: show takes vars, waits, state or",
	} {
		files := "\n" + taskFlow + "-- t.txt --\n-- a.model.json --\n{}\n-- a.form --\n[]\n-- bad.flow --\nx: task\n"
		r := Run("s", []byte(script+files), Options{Workers: testWorkers()})
		if got := r.String(); r.OK() || !strings.HasPrefix(got, want) || r.Updated != nil && script != "" {
			t.Errorf("%q: %q, want %q", script, got, want)
		}
	}
}

func TestRunReportsDifference(t *testing.T) {
	r := Run("a.txtar", []byte("deploy t.flow\n\nstart\n----\nstarted t v1\ntook start -> job\ntask created ask groups [clerks]\n"+taskFlow), Options{})
	want := `a.txtar:4: what happened differs (- expected, + happened)
    started t v1
  - took start -> job
  + took start -> ask
    task created ask groups [clerks]
`
	if diff := cmp.Diff(want, r.String()); diff != "" {
		t.Error(diff)
	}
}

// TestRunUpdates writes what happened into a file without expectations, keeps everything else as it
// is, and finds nothing to change afterwards.
func TestRunUpdates(t *testing.T) {
	src := "# remark\n\ndeploy t.flow\nperson ann\n  groups=clerks\n\nstart\n----\nold\n\n# another\ncomplete ask by=ann\n\n\nshow vars\n----\ngone\n" + taskFlow
	want := "# remark\n\ndeploy t.flow\nperson ann\n  groups=clerks\n\nstart\n----\nstarted t v1\ntook start -> ask\ntask created ask groups [clerks]\n\n" +
		"# another\ncomplete ask by=ann\n----\ntask completed ask by user:ann\ntook ask -> job\njob created job type quote retries 3\n\n\nshow vars\n" + taskFlow
	first := Run("a", []byte(src), Options{})
	if diff := cmp.Diff(want, string(first.Updated)); diff != "" || first.OK() {
		t.Fatal(diff)
	}
	again := Run("a", first.Updated, Options{})
	if diff := cmp.Diff(want, string(again.Updated)); diff != "" || !again.OK() {
		t.Error(diff, again)
	}
}

// TestRunUnruledBlockIsChecked: a command that prints something needs an expectation.
func TestRunUnruledBlockIsChecked(t *testing.T) {
	if r := Run("a", []byte("deploy t.flow\nstart\n"+taskFlow), Options{}); r.OK() {
		t.Error("a trace that nobody expected was accepted")
	}
}

func TestRunCarriageReturns(t *testing.T) {
	src := strings.ReplaceAll("deploy t.flow\n\noperate cancel\n----\nrejected x\n", "\n", "\r\n") + taskFlow
	if r := Run("a", []byte(src), Options{}); !strings.Contains(r.String(), "a:3: no instance has started") {
		t.Error(r)
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0s": 0, "90s": 90 * time.Second, "1d2h30m": 26*time.Hour + 30*time.Minute, "P1D": day, "PT48H": 48 * time.Hour,
		"P1DT2H": 26 * time.Hour, "2w": 14 * day, "P2W": 14 * day, "PT0.5S": time.Second / 2,
	} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "P", "PT", "1", "1M", "P1M", "P1Y", "PT1D", "-1h", "P-1D", "1d1d", "1h1d", "99999d", "P1H"} {
		if d, err := parseDuration(text); err == nil {
			t.Errorf("%q is %v", text, d)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "0s", 90 * time.Second: "1m30s", time.Hour: "1h", 90 * time.Minute: "1h30m", 2 * day: "2d", day + time.Second: "1d1s",
		time.Hour + time.Second: "1h0m1s", time.Minute: "1m", 10 * time.Minute: "10m", 10 * time.Second: "10s",
	} {
		if got := duration(d); got != want {
			t.Errorf("%d prints %s, not %s", d, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	words, err := split(`a.b={"x": [1, "y z"]} note="two words" bare=it's n=01 "Label" x>=3 s="5"`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range words {
		got = append(got, w.name+" "+string(w.json()))
	}
	want := []string{`a.b {"x":[1,"y z"]}`, `note "two words"`, `bare "it's"`, `n "01"`, ` "Label"`, ` "x>=3"`, `s "5"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLawsNotice breaks each law by hand and sees the check name it.
func TestLawsNotice(t *testing.T) {
	r := newRunner(Options{}, map[string][]byte{"t.flow": []byte(strings.TrimPrefix(taskFlow, "-- t.flow --\n"))})
	for _, c := range []string{"deploy t.flow", "start a=1"} {
		if err := r.command(c); err != nil {
			t.Fatal(err)
		}
	}
	i := r.instances[0]
	now, err := i.st.Encode()
	if err != nil {
		t.Fatal(err)
	}
	extra := engine.VariableSet{Key: i.st.Key() + 99, Scope: i.st.Key(), Name: "b", Value: "2"}
	for want, err := range map[string]error{
		"":                          i.laws(now, i.st, nil, nil),
		"changed the state":         i.laws([]byte("{}"), i.st, nil, nil),
		"a refusal left a trace":    i.laws(now, i.st, []engine.Record{extra}, errDenied),
		"the records replay to":     i.laws(now, i.st, []engine.Record{extra}, nil),
		"the state is no JSON":      stateSurvives([]byte("[")),
		"job 9 has no living":       living([]byte(`{"key":1,"status":"ACTIVE","jobs":[{"key":9,"elementInstance":8}]}`)),
		"token 0a_to_b has no":      living([]byte(`{"key":1,"status":"COMPLETED","tokens":[{"scope":1,"flow":"a_to_b"}]}`)),
		"share the key 5":           living([]byte(`{"key":1,"status":"ACTIVE","jobs":[{"key":5,"elementInstance":1}],"tasks":[{"key":5,"elementInstance":1}]}`)),
		"has the key of element":    i.unique([]engine.Record{engine.JobCreated{Key: i.st.Elements()[0].Key, Element: "x"}}),
		"does not survive encoding": stateSurvives(append([]byte(" "), now...)),
	} {
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// FuzzRun holds that no script breaks the runner or a law.
func FuzzRun(f *testing.F) {
	f.Add("deploy t.flow\nperson ann groups=clerks\nstart a=1\ncomplete ask by=ann b={\"c\":1}\nwork\nadvance 1d\nshow vars\n")
	f.Add("deploy t.flow\nstart\nset ask x=1\nfail job retries=0\nresolve job retries=2\nfinish job error=X\noperate cancel\n")
	if data, err := os.ReadFile("../../testdata/scenarios/timer-boundary-cycle.txtar"); err == nil {
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, script string) {
		if len(script) > 1<<10 {
			return
		}
		r := Run("fuzz", []byte(script+"\n"+taskFlow), Options{Workers: testWorkers()})
		if strings.Contains(r.String(), "law broken") {
			t.Error(r)
		}
	})
}
