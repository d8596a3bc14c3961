package bpmn_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tallystick/bpmn"
	"tallystick/fault"
)

// mutationSeeds are the files that are spoiled: all that the tests of this package have.
func mutationSeeds(t *testing.T) []string {
	t.Helper()
	var seeds []string
	for _, pattern := range []string{"testdata/styles/*.bpmn", "../testdata/models/*.bpmn"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			seeds = append(seeds, string(src))
		}
	}
	for _, test := range diagnosticCases() {
		seeds = append(seeds, test.src)
	}
	for _, test := range vendorPairs {
		seeds = append(seeds, around(test.vendor))
	}
	for _, test := range lintCases {
		seeds = append(seeds, test.src)
	}
	return seeds
}

var (
	tagForm   = regexp.MustCompile(`<[^>]*>`)
	valueForm = regexp.MustCompile(`"[^"]*"`)
)

// hostileValues take the place of attribute values.
var hostileValues = []string{
	`""`, `"a"`, `"p"`, `"${"`, `"=("`, `"-1"`, `"99999999999999999999"`, `"true"`, `"R/"`, `"R99999999999/PT1M"`, `"a:b:c"`, `"${'}'}"`, `"&#10;"`,
	`"` + strings.Repeat("x", 300) + `"`,
}

// mutate spoils a file in one of several ways: bytes, tags, attribute values, pieces of another file.
func mutate(r *rand.Rand, src, other string) string {
	if src == "" {
		return other
	}
	at := r.IntN(len(src))
	switch r.IntN(7) {
	case 0:
		return src[:at] + string(rune(r.IntN(256))) + src[min(len(src), at+1):]
	case 1:
		return src[:at] + src[min(len(src), at+r.IntN(40)):]
	case 2:
		return src[:at]
	case 3, 4:
		return replaceOne(r, valueForm, src, func() string {
			if r.IntN(2) == 0 {
				return hostileValues[r.IntN(len(hostileValues))]
			}
			return pick(r, valueForm, src)
		})
	case 5:
		return replaceOne(r, tagForm, src, func() string { return pick(r, tagForm, src) + pick(r, tagForm, other) })
	default:
		return replaceOne(r, tagForm, src, func() string { return "" })
	}
}

func replaceOne(r *rand.Rand, form *regexp.Regexp, src string, with func() string) string {
	places := form.FindAllStringIndex(src, -1)
	if len(places) == 0 {
		return src
	}
	place := places[r.IntN(len(places))]
	return src[:place[0]] + with() + src[place[1]:]
}

func pick(r *rand.Rand, form *regexp.Regexp, src string) string {
	found := form.FindAllString(src, -1)
	if len(found) == 0 {
		return ""
	}
	return found[r.IntN(len(found))]
}

// mutations is how many files TestMutations reads; TALLYSTICK_MUTATIONS=200000 is the long run, a seed
// as 200000/17 repeats one.
func mutations(t *testing.T) (count int, seed uint64) {
	t.Helper()
	count, seed = 3000, 1
	text := os.Getenv("TALLYSTICK_MUTATIONS")
	if text == "" {
		return count, seed
	}
	number, named, ok := strings.Cut(text, "/")
	count, err := strconv.Atoi(number)
	if ok && err == nil {
		seed, err = strconv.ParseUint(named, 10, 64)
	} else {
		seed = uint64(time.Now().UnixNano())
	}
	if err != nil {
		t.Fatalf("TALLYSTICK_MUTATIONS=%q is neither a number nor number/seed", text)
	}
	return count, seed
}

// TestMutations reads spoiled files: each is refused, or gives findings, or a model that is linked as
// the machine relies on it; what can be read can be linted and written. Nothing panics or hangs.
func TestMutations(t *testing.T) {
	count, seed := mutations(t)
	t.Logf("TALLYSTICK_MUTATIONS=%d/%d", count, seed)
	seeds := mutationSeeds(t)
	r := rand.New(rand.NewPCG(seed, 0))
	read, good, slowest := 0, 0, time.Duration(0)
	for range count {
		src := seeds[r.IntN(len(seeds))]
		for range 1 + r.IntN(2) {
			src = mutate(r, src, seeds[r.IntN(len(seeds))])
		}
		start := time.Now()
		parsed, clean := readSpoiled(t, src)
		slowest = max(slowest, time.Since(start))
		if t.Failed() {
			t.Fatalf("the file:\n%s", src)
		}
		read, good = read+parsed, good+clean
	}
	t.Logf("%d of %d files are BPMN, %d of them deploy; the slowest took %s", read, count, good, slowest)
	if read < count/10 || good == 0 {
		t.Error("the mutations spoil too much to test anything")
	}
}

// readSpoiled does with a file what a server and lint do, and counts it.
func readSpoiled(t *testing.T, src string) (read, good int) {
	t.Helper()
	d, found, err := bpmn.Parse([]byte(src))
	habits, lintErr := bpmn.Lint([]byte(src), lintNow)
	if err != nil || lintErr != nil {
		if fault.KindOf(err) != fault.Invalid || fault.KindOf(lintErr) != fault.Invalid {
			t.Errorf("Parse: %v, Lint: %v", err, lintErr)
		}
		return 0, 0
	}
	if habits.HasErrors() {
		t.Errorf("a habit is no error: %v", habits)
	}
	written, err := bpmn.Write(d)
	if err != nil {
		t.Error(err)
	}
	if _, again, err := bpmn.Parse(written); err != nil || again.HasErrors() != found.HasErrors() {
		t.Errorf("the file that was written reads differently: %v\n%v\n%v", err, found, again)
	}
	if found.HasErrors() {
		return 1, 0
	}
	checkModel(t, d)
	return 1, 1
}

// megabyte is a model of a million bytes: a chain of tasks in the style of a modeler, with its drawing.
func megabyte() string {
	var tasks, shapes strings.Builder
	n := 0
	for ; tasks.Len()+shapes.Len() < 1<<20; n++ {
		fmt.Fprintf(&tasks, `    <serviceTask id="task%d" name="Task %d">
      <extensionElements>
        <zeebe:taskDefinition type="work" retries="3"/>
        <zeebe:ioMapping><zeebe:input source="=order.items[%d].price * 2" target="price"/></zeebe:ioMapping>
      </extensionElements>
      <incoming>flow%d</incoming>
      <outgoing>flow%d</outgoing>
    </serviceTask>
    <sequenceFlow id="flow%d" sourceRef="task%d" targetRef="task%d"/>
`, n, n, n, n, n+1, n+1, n, n+1)
		shapes.WriteString(shape(fmt.Sprintf("task%d", n), n*150, 0))
	}
	return head + `<process id="p" isExecutable="true"><startEvent id="s"/><sequenceFlow id="flow0" sourceRef="s" targetRef="task0"/>` + tasks.String() +
		fmt.Sprintf(`<endEvent id="task%d"/></process>`, n) +
		`<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><di:BPMNPlane bpmnElement="p">` +
		shapes.String() + `</di:BPMNPlane></di:BPMNDiagram></definitions>`
}

// TestMegabyte: a model of a million bytes stays under the limits of the strict reader.
func TestMegabyte(t *testing.T) {
	d, found, err := bpmn.Parse([]byte(megabyte()))
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	if nodes := len(d.Processes[0].Body.Nodes); nodes < 1000 {
		t.Errorf("%d nodes", nodes)
	}
}

func BenchmarkParseMegabyte(b *testing.B) {
	src := []byte(megabyte())
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, _, err := bpmn.Parse(src); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLintMegabyte(b *testing.B) {
	src := []byte(megabyte())
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := bpmn.Lint(src, lintNow); err != nil {
			b.Fatal(err)
		}
	}
}
