package engine

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every kind can be read back, is printed in one line and names itself as it is registered.
func TestRecordKinds(t *testing.T) {
	t.Parallel()
	for kind, reader := range kinds {
		r, err := reader([]byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if name := reflect.TypeOf(r).Name(); r.Kind() != kind || name != kind {
			t.Errorf("%s is registered as %s and says %s", name, kind, r.Kind())
		}
		if text := r.String(); text == "" || strings.Contains(text, "\n") {
			t.Errorf("%s prints %q", kind, text)
		}
		out, err := EncodeRecords([]Record{r})
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeRecords(out)
		if err != nil || !cmp.Equal(normal(back), normal([]Record{r})) {
			t.Errorf("%s does not survive encoding: %v", kind, err)
		}
		// Apply is total: a record applied to any state does not fail.
		apply(&State{}, r)
	}
}

func TestPrintInOneLine(t *testing.T) {
	t.Parallel()
	got := JobFailed{Element: "a", Message: "down\n\tat line 7\n"}.String()
	if want := "job failed a retries 0: down at line 7"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestEncodeRecords(t *testing.T) {
	t.Parallel()
	out, err := EncodeRecords([]Record{
		InstanceCompleted{}, VariableSet{Key: 1, Scope: 2, Name: "x<y", Value: `"a&b"`},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"kind":"InstanceCompleted"},{"kind":"VariableSet","key":1,"scope":2,"name":"x<y","value":"a&b"}]`
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `{}`, `[1]`, `[{}]`, `[{"kind":"Unheard"}]`, `[{"kind":"JobCreated","key":"x"}]`} {
		if recs, err := DecodeRecords([]byte(text)); !errors.Is(err, ErrRecord) {
			t.Errorf("records %q: %v, %v", text, recs, err)
		}
	}
	for _, text := range []string{``, `[]`, `{}`, `{"v":99}`, `{"v":1,"elements":5}`} {
		if _, err := DecodeState([]byte(text)); !errors.Is(err, ErrState) {
			t.Errorf("state %q: %v", text, err)
		}
	}
}

// Commands have stable names: policies and the audit log use them.
func TestCommandNames(t *testing.T) {
	t.Parallel()
	for _, c := range []Command{
		StartInstance{},
		CancelInstance{},
		ModifyInstance{},
		CompleteJob{},
		FailJob{},
		ThrowJobError{},
		UpdateJob{},
		AssignTask{},
		UnassignTask{},
		UpdateTask{},
		CompleteTask{},
		FireTimer{},
		ResolveIncident{},
		SetVariables{},
	} {
		if name := reflect.TypeOf(c).Name(); c.Name() != name {
			t.Errorf("%s calls itself %s", name, c.Name())
		}
	}
}
