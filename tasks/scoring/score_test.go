package scoring

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"tallystick/internal/canon"
)

func claim() map[string]canon.JSON {
	return map[string]canon.JSON{
		"amount": "66.81", "days_since_purchase": "40", "prior_returns": "0", "tier": `"gold"`, "other": `"ignored"`,
	}
}

func TestScoreContract(t *testing.T) {
	m, _ := Parse(shipped(t))
	for _, c := range []struct {
		name  string
		value canon.JSON
		want  string
	}{
		{"amount", "", `input "amount" is missing`},
		{"amount", "null", `input "amount" is missing`},
		{"amount", `"66"`, `input "amount" must be a number`},
		{"amount", "-1", `input "amount" must be between 0 and 1000000`},
		{"amount", "1e30", `input "amount" must be between 0 and 1000000`},
		{"amount", "1e999", `input "amount" must be a number`},
		{"tier", "1", `input "tier" must be a string`},
		{"tier", `"Gold"`, `input "tier" is not one of its values`},
		{"tier", `["gold"]`, `input "tier" must be a string`},
	} {
		vars := claim()
		vars[c.name] = c.value
		_, err := m.Score(vars)
		if !errors.Is(err, ErrContract) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: %v, want %q", c.name, c.value, err, c.want)
		}
	}
}

// small is a scorecard over an optional number, a boolean and a free text.
func small(scale, maximum string) string {
	rows := strings.TrimSuffix(strings.Repeat(`{"inputs":{"n":1,"flag":true,"note":"x"},"output":1.5},`, GoldenMin), ",")
	return `{"format":"tallystick-model/1","kind":"scorecard","id":"small","name":"Small","version":"1",
	"inputs":[{"name":"n","type":"number","optional":true},{"name":"flag","type":"boolean","missing":false},{"name":"note","type":"string"}],
	"output":{"name":"points","type":"number","min":-10,"max":` + maximum + `,"digits":2},
	"scorecard":{"base":0,"scale":"` + scale + `","characteristics":[
		{"input":"n","bins":[{"missing":true,"points":-2,"reason":"unknown"},{"in":[7],"points":5,"reason":"seven"},{"below":1,"points":0,"reason":"small"},{"points":1.004,"reason":"large"}]},
		{"input":"flag","bins":[{"in":[true],"points":0.5,"reason":"flagged"},{"in":[false],"points":-0.5,"reason":"not flagged"}]},
		{"input":"note","bins":[{"in":["bad"],"points":100,"reason":"bad"},{"points":0,"reason":"no word"}]}]},
	"golden":[` + rows + `]}`
}

func TestScorePoints(t *testing.T) {
	m, found := Parse([]byte(small("points", "10")))
	if m == nil {
		t.Fatal(codes(found))
	}
	for _, c := range []struct{ n, flag, want string }{
		{"1", "true", `{"model":"small","points":1.5,"reasons":["large","flagged"],"version":"1"}`},
		{"", "", `{"model":"small","points":-2.5,"reasons":["unknown","not flagged"],"version":"1"}`},
		{"null", "true", `{"model":"small","points":-1.5,"reasons":["unknown","flagged"],"version":"1"}`},
		{"7.0", "false", `{"model":"small","points":4.5,"reasons":["seven","not flagged"],"version":"1"}`},
		{"0.999", "true", `{"model":"small","points":0.5,"reasons":["flagged"],"version":"1"}`},
	} {
		s, err := m.Score(map[string]canon.JSON{"n": canon.JSON(c.n), "flag": canon.JSON(c.flag), "note": `"x"`})
		if got := string(m.Document(s)); err != nil || got != c.want {
			t.Errorf("n=%s flag=%s: %s, %v, want %s", c.n, c.flag, got, err, c.want)
		}
	}
	if _, err := m.Score(map[string]canon.JSON{"note": `"bad"`}); !errors.Is(err, ErrOutput) {
		t.Errorf("a score of 97.5 above 10: %v", err)
	}
	if _, found := Parse([]byte(small("points", "1"))); !strings.Contains(codes(found), "score.output") {
		t.Errorf("golden rows out of range: %s", codes(found))
	}
}

// forestFile has two trees over a number, a text and an optional boolean.
func forestFile() string {
	rows := strings.TrimSuffix(strings.Repeat(`{"inputs":{"n":1,"t":"b","f":true},"output":-0.25},`, GoldenMin), ",")
	return `{"format":"tallystick-model/1","kind":"boosted-trees","id":"forest","name":"Forest","version":"1",
	"inputs":[{"name":"n","type":"number"},{"name":"t","type":"string","values":["a","b","c"]},{"name":"f","type":"boolean","optional":true}],
	"output":{"name":"score","min":-5,"max":5},
	"boostedTrees":{"base":0.25,"scale":"points","trees":[
		{"feature":["n","","t","",""],"threshold":[0.5,0,2,0,0],"left":[1,0,3,0,0],"right":[2,0,4,0,0],"value":[0,1,0,-1,2]},
		{"feature":["f","",""],"threshold":[1,0,0],"left":[1,0,0],"right":[2,0,0],"missingLeft":[true,false,false],"value":[0,0.125,0.5]}]},
	"golden":[` + rows + `]}`
}

func TestScoreForest(t *testing.T) {
	m, found := Parse([]byte(forestFile()))
	if m == nil {
		t.Fatal(codes(found))
	}
	for _, c := range []struct{ n, text, flag, want string }{
		{"0.49", "c", "true", "1.75"},
		{"0.5", "a", "true", "-0.25"},
		{"0.5", "c", "true", "2.75"},
		{"0", "a", "false", "1.375"},
		{"0", "a", "", "1.375"},
		{"9", "c", "false", "2.375"},
	} {
		s, err := m.Score(map[string]canon.JSON{"n": canon.JSON(c.n), "t": canon.String(c.text), "f": canon.JSON(c.flag)})
		if err != nil || string(decimal(s.Value)) != c.want || len(s.Reasons) != 0 {
			t.Errorf("n=%s t=%s f=%s: %v, %v, want %s", c.n, c.text, c.flag, s, err, c.want)
		}
	}
}

func TestParseRefusesTrees(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"cycle", `"left":[1,0,3,0,0]`, `"left":[1,0,0,0,0]`, "two later nodes"},
		{"own child", `"right":[2,0,4,0,0]`, `"right":[2,0,2,0,0]`, "two later nodes"},
		{"out of the tree", `"right":[2,0,4,0,0]`, `"right":[2,0,5,0,0]`, "two later nodes"},
		{"negative", `"left":[1,0,3,0,0]`, `"left":[-1,0,3,0,0]`, "two later nodes"},
		{"two parents", `"left":[1,0,3,0,0]`, `"left":[3,0,3,0,0]`, "parents"},
		{"ragged", `"threshold":[0.5,0,2,0,0]`, `"threshold":[0.5,0,2]`, "one entry per node"},
		{"unknown input", `"feature":["n",`, `"feature":["m",`, `no input "m"`},
		{"absent goes nowhere", `"missingLeft":[true,false,false],`, ``, "missingLeft"},
		{"text without values", `"values":["a","b","c"]`, `"missing":"b"`, "list of values"},
		{"no trees", `"base":0.25`, `"base":0.5`, "golden[0]"},
	} {
		src := strings.Replace(forestFile(), c.from, c.to, 1)
		if m, found := Parse([]byte(src)); m != nil || !strings.Contains(codes(found), c.want) {
			t.Errorf("%s: %s, want %q", c.name, codes(found), c.want)
		}
	}
}

// TestScoreMatchesPlainSum compares the scorecard with a second, independent reading of the same table
// on random rows.
func TestScoreMatchesPlainSum(t *testing.T) {
	m, _ := Parse(shipped(t))
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	tiers := []string{"gold", "silver", "standard"}
	for range 2_000 {
		a, d, p, tier := float64(r.IntN(100_000))/100, r.IntN(60), r.IntN(15), tiers[r.IntN(3)]
		z := -0.6362 + pick(a, []float64{50, 200, 600}, []float64{-1.2557, -0.9124, -0.1362, 1.6681})
		z += pick(float64(d), []float64{7, 30}, []float64{-0.5056, -0.3272, 0.1965})
		z += pick(float64(p), []float64{1, 4, 10}, []float64{-1.6576, -0.9945, 0.3211, 1.6948})
		z += map[string]float64{"gold": -0.9395, "silver": 0.1446, "standard": 0.1587}[tier]
		want, _ := strconv.ParseFloat(fmt.Sprintf("%.6f", logistic(z)), 64)
		s, err := m.Score(map[string]canon.JSON{
			"amount": decimal(a), "days_since_purchase": canon.Int(int64(d)), "prior_returns": canon.Int(int64(p)), "tier": canon.String(tier),
		})
		if err != nil || s.Value != want {
			t.Fatalf("seed %d: amount %v days %d prior %d %s: %v, %v, want %v", seed, a, d, p, tier, s.Value, err, want)
		}
	}
}

func pick(v float64, bounds, points []float64) float64 {
	for i, b := range bounds {
		if v < b {
			return points[i]
		}
	}
	return points[len(bounds)]
}

func BenchmarkScore(b *testing.B) {
	m, _ := Parse(shipped(b))
	vars := claim()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Score(vars); err != nil {
			b.Fatal(err)
		}
	}
}

// TestLongestScore: every score that a model may give is a number that a variable may be.
func TestLongestScore(t *testing.T) {
	for _, v := range []float64{math.Nextafter(scoreMax, 0), -math.Nextafter(scoreMax, 0), -1.0000000000000002e-12} {
		if text := decimal(v); len(text) > 41 {
			t.Errorf("%s has %d characters", text, len(text))
		}
	}
}
