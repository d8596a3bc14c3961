package bench

import (
	"context"
	"fmt"
	"sync/atomic"
)

// turns carries each command out on the next of several nodes, so that no instance stays where it began.
type turns struct {
	doors []inside
	next  *atomic.Int64
}

func (t turns) door() inside { return t.doors[int(t.next.Add(1))%len(t.doors)] }

func (t turns) through(ctx context.Context, process string) error {
	return t.door().through(ctx, process)
}

func (t turns) review(ctx context.Context, process string) error {
	r, err := t.door().start(ctx, process)
	if err != nil {
		return err
	}
	task, err := openTask(r)
	if err != nil {
		return err
	}
	return t.door().complete(ctx, r.Instance, task)
}

// nodes compares three nodes on one PostgreSQL, all in this process, with one: W2 by 64 clients.
func (x *bench) nodes(s *scope) {
	const clients = 64
	w := workloadNamed("W2")
	var rates []figure
	for _, count := range []int{1, 3} {
		within(s, func(s *scope) {
			dsn := s.database("postgres")
			g := s.gauge(dsn)
			t := turns{next: new(atomic.Int64)}
			var all []*node
			for i := range count {
				n := s.open(setting{store: storeOptions(dsn), name: fmt.Sprintf("bench-%d", i+1)})
				all, t.doors = append(all, n), append(t.doors, inside{n.host})
			}
			l := drive(s.Context(), clients, nil, func(ctx context.Context) error { return w.once(ctx, t) })
			l.warm(clients)
			windows, err := l.windows(s.Context(), g, x.runs, x.window)
			s.must(err)
			s.must(l.stop())
			name := fmt.Sprintf("nodes/postgres/%d", count)
			rates = append(rates, figures(name, w.commands, windows, 0)[1])
			x.table.add(rates[len(rates)-1], summarize(name+"/conflicts", "%", conflicts(all, l, w)).aimingAt("< 1 %"))
		})
	}
	x.table.add(summarize("nodes/postgres/3-to-1", "×", rates[1].Median/rates[0].Median))
}

// conflicts is how many instances per command had to be thought again, in percent.
func conflicts(all []*node, l *load, w workload) float64 {
	moved := int64(0)
	for _, n := range all {
		moved += n.traced.moved.Load()
	}
	return 100 * float64(moved) / float64(l.finished.Load()*int64(w.commands))
}
