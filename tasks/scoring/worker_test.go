package scoring

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tallystick/engine/enginetest"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

// ticking is a clock that moves by the given step with every look.
func ticking(step time.Duration) func() time.Time {
	var mu sync.Mutex
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(step)
		return now
	}
}

func files(t *testing.T, sources ...[]byte) *Files {
	t.Helper()
	f := &Files{}
	for _, src := range sources {
		if found := f.Add(host.Resource{Name: "a.model.json", Data: src}); len(found) > 0 {
			t.Fatal(codes(found))
		}
	}
	return f
}

func job(headers map[string]string, vars map[string]canon.JSON) host.Job {
	return host.Job{Key: 7, Type: JobType, Headers: headers, Variables: vars}
}

func TestWork(t *testing.T) {
	src := shipped(t)
	w := New(files(t, src), ticking(1500*time.Microsecond))
	r, err := w.Work(t.Context(), job(map[string]string{"model": "returns-fraud", "resultVariable": "fraud"}, claim()))
	if err != nil {
		t.Fatal(err)
	}
	want := canon.JSON(`{"model":"returns-fraud","reasons":["no earlier returns","gold customer","small amount"],"score":0.018906,"version":"1.0.0"}`)
	if len(r.Variables) != 1 || r.Variables["fraud"] != want {
		t.Errorf("variables %v", r.Variables)
	}
	sum := sha256.Sum256(src)
	inputs := canon.JSON(`{"amount":66.81,"days_since_purchase":40,"prior_returns":0,"tier":"gold"}`)
	inputSum := canon.Digest(inputs)
	p := r.Prediction
	if p.Model != "returns-fraud" || p.Version != "1.0.0" || p.Output != want || p.Inputs != inputs || p.LatencyUS != 1500 {
		t.Errorf("prediction %+v", p)
	}
	if p.Digest != hex.EncodeToString(sum[:]) || p.InputDigest != hex.EncodeToString(inputSum[:]) {
		t.Errorf("digests %s %s", p.Digest, p.InputDigest)
	}
}

func TestWorkVersions(t *testing.T) {
	newer := edit(t, func(m map[string]any) {
		m["version"] = "2.0.0"
		at(m, "scorecard", "characteristics", 0, "bins", 0)["reason"] = "tiny amount"
	})
	w := New(files(t, shipped(t), newer), nil)
	for tag, want := range map[string]string{"": "2.0.0", "1.0.0": "1.0.0", "2.0.0": "2.0.0"} {
		r, err := w.Work(t.Context(), job(map[string]string{"model": "returns-fraud", "modelVersion": tag}, claim()))
		if err != nil || r.Prediction.Version != want || r.Variables["score"] == "" {
			t.Errorf("tag %q: %+v, %v", tag, r, err)
		}
	}
	_, err := w.Work(t.Context(), job(map[string]string{"model": "returns-fraud", "modelVersion": "3"}, claim()))
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("unknown version: %v", err)
	}
}

func TestWorkFailures(t *testing.T) {
	w := New(files(t, shipped(t), []byte(small("points", "10"))), nil)
	for name, c := range map[string]struct {
		job  host.Job
		want error
	}{
		"no header":     {job(nil, claim()), ErrHeader},
		"unknown model": {job(map[string]string{"model": "nope"}, claim()), host.ErrModelNotFound},
		"missing input": {job(map[string]string{"model": "returns-fraud"}, nil), ErrContract},
	} {
		if _, err := w.Work(t.Context(), c.job); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	_, err := w.Work(t.Context(), job(map[string]string{"model": "small"}, map[string]canon.JSON{"note": `"bad"`}))
	if thrown, ok := errors.AsType[*host.JobError](err); !ok || thrown.Code != OutputError {
		t.Errorf("output out of range: %v", err)
	}
}

// TestContractKeepsValuesOut: messages of failed jobs reach incidents, which more people may read than
// the variables.
func TestContractKeepsValuesOut(t *testing.T) {
	m, _ := Parse(shipped(t))
	vars := claim()
	vars["tier"] = `"secret-tier"`
	if _, err := m.Score(vars); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}

func TestWorkConcurrently(t *testing.T) {
	w := New(files(t, shipped(t)), ticking(time.Microsecond))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if _, err := w.Work(t.Context(), job(map[string]string{"model": "returns-fraud"}, claim())); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestScenario(t *testing.T) {
	good := enginetest.File{Name: "a.model.json", Data: shipped(t)}
	w, err := Scenario([]enginetest.File{good})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := w.Work(t.Context(), job(map[string]string{"model": "returns-fraud"}, claim())); err != nil || r.Prediction == nil {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Scenario([]enginetest.File{good, {Name: "b.model.json", Data: []byte("{}")}}); fault.CodeOf(err) != "definition.invalid" {
		t.Errorf("a broken file: %v", err)
	}
}
