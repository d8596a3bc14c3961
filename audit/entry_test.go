package audit_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/audit"
)

func TestDecodeReadsWhatBytesWrote(t *testing.T) {
	rng := newRand(t)
	for range 500 {
		e := randomEntry(rng)
		b := e.Bytes()
		got, err := audit.Decode(b)
		if err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		if d := cmp.Diff(e, got); d != "" {
			t.Fatalf("decoded entry differs (-wrote +read):\n%s", d)
		}
		if !bytes.Equal(got.Bytes(), b) {
			t.Fatalf("encoding twice differs: %x", b)
		}
	}
}

// TestEveryByteCounts: no two encodings decode to one entry, and what is cut off is refused.
func TestEveryByteCounts(t *testing.T) {
	rng := newRand(t)
	e := randomEntry(rng)
	b := e.Bytes()
	for i := range b {
		if _, err := audit.Decode(b[:i]); !errors.Is(err, audit.ErrEntryMalformed) && !onBorder(b, i) {
			t.Fatalf("cut at %d of %d: %v", i, len(b), err)
		}
		changed := bytes.Clone(b)
		changed[i] ^= 1 << rng.IntN(8)
		if got, err := audit.Decode(changed); err == nil && !bytes.Equal(got.Bytes(), changed) {
			t.Fatalf("byte %d: decodes to an entry with other bytes", i)
		}
	}
}

// onBorder tells whether i lies between two optional fields behind the last required one (tag 20).
func onBorder(b []byte, i int) bool {
	for at := 4; at < len(b); {
		tag := binary.BigEndian.Uint16(b[at:])
		at += 6 + int(binary.BigEndian.Uint32(b[at+2:]))
		if at == i {
			return tag >= 20
		}
	}
	return false
}

func TestDecodeRefuses(t *testing.T) {
	first, _ := vectorEntries()
	good := string(first.Bytes())
	tag := func(n uint16, value string) string {
		b := binary.BigEndian.AppendUint16(nil, n)
		return string(binary.BigEndian.AppendUint32(b, uint32(len(value)))) + value
	}
	sized := func(s string) string { return string(binary.BigEndian.AppendUint32(nil, uint32(len(s)))) + s }
	long := strings.Repeat("0", 64)
	for name, bad := range map[string]string{
		"nothing":             "",
		"another format":      "AR2" + good[3:],
		"no field":            "AR1\n",
		"unknown tag":         good + tag(33000, "x"),
		"tag between":         good + tag(45, "x"),
		"tag zero":            "AR1\n" + tag(0, "") + good[4:],
		"repeated tag":        good + tag(32, "12345678") + tag(32, "12345678"),
		"lower tag":           good + tag(13, "x"),
		"trailing byte":       good + "\x00",
		"length beyond":       good + "\x00\x28\x00\x00\x00\x40x",
		"huge length":         good + "\x00\x28\xff\xff\xff\xffx",
		"short digest":        good + tag(33, "x"),
		"long digest":         good + tag(33, long),
		"short integer":       good + tag(34, "1234567"),
		"long attempt":        good + tag(68, long),
		"not UTF-8":           good + tag(35, "\xff"),
		"list item cut":       good + tag(53, "\x00\x00\x00\x09r2"),
		"list item not UTF-8": good + tag(53, sized("\xff")),
		"map without value":   good + tag(42, sized("a")),
		"map unordered":       good + tag(42, sized("b")+sized("")+sized("a")+sized("")),
		"map key twice":       good + tag(42, sized("")+sized("")+sized("")+sized("")),
		"capital digits":      good + tag(70, sized("p")+sized(strings.Repeat("A", 64))),
		"short digits":        good + tag(70, sized("p")+sized(long[1:])),
		"no digits":           good + tag(70, sized("p")+sized(strings.Repeat("x", 64))),
	} {
		if _, err := audit.Decode([]byte(bad)); !errors.Is(err, audit.ErrEntryMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAbsentIsNotEmpty(t *testing.T) {
	absent, _ := vectorEntries()
	empty := absent
	empty.Reason, empty.PolicyIDs, empty.Changed = new(""), []string{}, map[string]string{}
	got, err := audit.Decode(empty.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(empty, got); d != "" {
		t.Error(d)
	}
	if bytes.Equal(absent.Bytes(), empty.Bytes()) {
		t.Error("absent and empty have the same bytes")
	}
	if audit.Given("") != nil || audit.Given(int64(0)) != nil || *audit.Given("x") != "x" {
		t.Error("Given makes nil of a zero value and of nothing else")
	}
}

// TestTextIsRepaired: whatever text a request brings, the entry is one that Decode accepts.
func TestTextIsRepaired(t *testing.T) {
	e, _ := vectorEntries()
	e.RequestID = new("id\xff\xfe")
	e.Changed = map[string]string{"a\xff": "1", "a\xfe": "2", "a": "\xc3"}
	got, err := audit.Decode(e.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "request id", *got.RequestID, "id\uFFFD")
	if d := cmp.Diff(map[string]string{"a": "\uFFFD", "a\uFFFD": "2"}, got.Changed); d != "" {
		t.Error(d)
	}
}

func TestViewTellsTheEntry(t *testing.T) {
	_, e := vectorEntries()
	e, _ = audit.Genesis(origin, "acme", "pi/1").Link(e)
	e.Instance = new(int64(4503599627370497))
	e.ModelAttempt = &audit.Attempt{Latency: 1500, Number: 2}
	e.Justification = new("\"<é>\"\n\x01")
	var got map[string]any
	if err := json.Unmarshal(e.View(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"origin": origin, "tenant": "acme", "stream": "pi/1", "seq": 1.0, "previousHash": e.Prev.String(),
		"eventId": "10111213-1415-1617-1819-1a1b1c1d1e1f", "time": "2026-11-22T00:00:00.125000Z",
		"category": "decision", "action": "decision.evaluate", "outcome": "ok", "actor": "system:engine",
		"resource": "instance:0192f0c1", "definition": "loan", "definitionVersion": 3.0,
		"instanceKey": "4503599627370497", "justification": "\"<é>\"\n\x01",
		"decision": "risk", "decisionVersion": 7.0, "decisionRules": []any{"r2", "r5"},
		"modelAttempt":       map[string]any{"latencyMicros": 1500.0, "number": 2.0},
		"privateCommitments": map[string]any{"input": e.Private["input"].String()},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestViewIsJSON holds the hand-written JSON to an independent encoder.
func TestViewIsJSON(t *testing.T) {
	rng := newRand(t)
	for range 300 {
		e := randomEntry(rng)
		var got struct {
			Actor   string            `json:"actor"`
			Roles   []string          `json:"roles"`
			Changed map[string]string `json:"changed"`
		}
		if err := json.Unmarshal(e.View(), &got); err != nil {
			t.Fatalf("%s: %v", e.View(), err)
		}
		if got.Actor != e.Actor || !cmp.Equal(got.Roles, e.Roles) || !cmp.Equal(got.Changed, e.Changed) {
			t.Fatalf("%s does not tell %q %q %q", e.View(), e.Actor, e.Roles, e.Changed)
		}
		wrapped, err := json.Marshal(map[string]any{"view": e.View(), "none": audit.View(nil)})
		if err != nil || !bytes.HasPrefix(wrapped, []byte(`{"none":null,"view":{`)) {
			t.Fatalf("%s: %v", wrapped, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	first, second := vectorEntries()
	f.Add(first.Bytes())
	f.Add(second.Bytes())
	rng := newRand(f)
	for range 20 {
		e := randomEntry(rng)
		f.Add(e.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := audit.Decode(b)
		if err != nil {
			if !errors.Is(err, audit.ErrEntryMalformed) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if !bytes.Equal(e.Bytes(), b) {
			t.Fatalf("accepted, but not canonical: %x", b)
		}
		if !json.Valid(e.View()) {
			t.Fatalf("the view is no JSON: %s", e.View())
		}
	})
}
