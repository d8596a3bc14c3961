package tck

import "fmt"

// Score counts checks.
type Score struct {
	Passed, All           int
	PassedValues, Values  int // of the checks that expect something else than null
	GreenFolders, Folders int
}

// ScoreOf counts the checks of a run.
func ScoreOf(checks []Check) Score {
	var s Score
	green := map[string]bool{}
	for _, c := range checks {
		if _, seen := green[c.Folder]; !seen {
			green[c.Folder] = true
		}
		green[c.Folder] = green[c.Folder] && c.Passed
		s.All++
		if !c.ExpectsNull {
			s.Values++
		}
		if c.Passed {
			s.Passed++
			if !c.ExpectsNull {
				s.PassedValues++
			}
		}
	}
	for _, ok := range green {
		s.Folders++
		if ok {
			s.GreenFolders++
		}
	}
	return s
}

// OK reports whether every check passed, and that there was one.
func (s Score) OK() bool { return s.All > 0 && s.Passed == s.All }

// String is the last line of a run.
func (s Score) String() string {
	return fmt.Sprintf("all %d/%d %s, non-null %d/%d %s, folders green %d/%d",
		s.Passed, s.All, percent(s.Passed, s.All), s.PassedValues, s.Values, percent(s.PassedValues, s.Values),
		s.GreenFolders, s.Folders)
}

// percent never rounds a miss away.
func percent(part, all int) string {
	if all == 0 {
		return "0 %"
	}
	tenths := part * 1000 / all
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}
