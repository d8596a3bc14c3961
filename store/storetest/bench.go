package storetest

import (
	"fmt"
	"testing"
)

// Bench measures batches of 1 and 50 instances: each begins with one of everything, and is ended by the
// next batch.
func Bench(b *testing.B, open Open) {
	for _, n := range []int{1, 50} {
		b.Run(fmt.Sprintf("instances=%d", n), func(b *testing.B) {
			w := newWorld(b, open)
			for i := 0; b.Loop(); i++ {
				keys := w.keys(n)
				first := w.batch()
				for _, k := range keys {
					fillInstance(first.start(k).command(fmt.Sprint("a", k)), k)
				}
				w.commit(first)
				loaded := w.load(keys...).Instances
				second := w.batch()
				for _, k := range keys {
					emptyInstance(second.again(k, loaded[k], "ended").command(fmt.Sprint("b", k)), k)
				}
				w.commit(second)
			}
			b.ReportMetric(float64(2*n*b.N)/b.Elapsed().Seconds(), "changes/s")
		})
	}
}
