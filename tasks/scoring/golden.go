package scoring

import "fmt"

// golden replays the rows of a file: every one must come out exactly, in all digits of the output.
func (c *checker) golden(m *Model, rows []fileGolden) {
	if len(rows) < GoldenMin || len(rows) > GoldenMax {
		c.fail("model.golden", "golden", "must be %d to %d rows, not %d", GoldenMin, GoldenMax, len(rows))
		return
	}
	for i, row := range rows {
		at := fmt.Sprintf("golden[%d]", i)
		if row.Output == nil {
			c.fail("model.golden", at, "has no output")
			continue
		}
		for name := range row.Inputs {
			if _, known := c.inputs[name]; !known {
				c.fail("model.golden", at, "there is no input %q", name)
			}
		}
		s, err := m.Score(row.Inputs)
		if err != nil {
			c.fail("model.golden", at, "%v", err)
		} else if s.Value != *row.Output {
			c.fail("model.golden", at, "scores %s, but the file says %s", decimal(s.Value), decimal(*row.Output))
		}
	}
}
