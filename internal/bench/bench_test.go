package bench

import (
	"context"
	"embed"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tallystick/authz"
	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
	"tallystick/internal/pgtest"
	"tallystick/query"
	"tallystick/store"
)

//go:embed models/*.bpmn
var models embed.FS

// callers is how many clients start instances side by side.
const callers = 64

var clerk = host.Actor{Kind: "user", Name: "bench", Method: "token"}

func TestMain(m *testing.M) { pgtest.Main(m) }

func BenchmarkW1(b *testing.B) { onBoth(b, straightThrough) }
func BenchmarkW2(b *testing.B) { onBoth(b, userTask) }
func BenchmarkW3(b *testing.B) { onBoth(b, splitAndJoin) }

// onBoth runs one workload on SQLite and on PostgreSQL.
func onBoth(b *testing.B, run func(context.Context, *host.Host) error) {
	b.Run("sqlite", func(b *testing.B) { measure(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), run) })
	b.Run("postgres", func(b *testing.B) { measure(b, pgtest.Start(b), run) })
}

// measure starts b.N instances from many callers and reports rate and latency.
func measure(b *testing.B, dsn string, run func(context.Context, *host.Host) error) {
	h := open(b, dsn)
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var callersDone sync.WaitGroup
	b.ResetTimer()
	begin := time.Now()
	for range min(callers, b.N) {
		callersDone.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				at := time.Now()
				if err := run(b.Context(), h); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(at)
			}
		})
	}
	callersDone.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/time.Since(begin).Seconds(), "instances/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// open starts a real host on the store and deploys the models.
func open(b *testing.B, dsn string) *host.Host {
	b.Helper()
	db, err := store.Open(b.Context(), store.Options{DSN: dsn})
	if err != nil {
		b.Fatal(err)
	}
	policy, err := authz.New(authz.Options{Accounts: db})
	if err != nil {
		b.Fatal(err)
	}
	h, err := host.New(host.Options{
		Store: db, Jobs: db, Library: db, Authorizer: policy, Node: "bench", Origin: db.Origin(),
		Workers: map[string]host.Worker{"bench:work": worker{}},
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- h.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			b.Error(err)
		}
		db.Close()
	})
	account := []host.AccountChange{
		{PutUser: &host.Account{User: query.User{Username: clerk.Name}}},
		{AddRole: &host.Membership{Username: clerk.Name, To: "admin"}},
	}
	if err := h.Change(b.Context(), host.System("bootstrap"), host.ActionUserWrite, host.Target{Scope: "user:" + clerk.Name}, account, "bench"); err != nil {
		b.Fatal(err)
	}
	var files []host.Resource
	for _, name := range []string{"w1.bpmn", "w2.bpmn", "w3.bpmn"} {
		data, err := models.ReadFile("models/" + name)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, host.Resource{Name: name, Data: data})
	}
	if _, _, err := h.Deploy(b.Context(), clerk, "", files); err != nil {
		b.Fatal(err)
	}
	return h
}

// worker answers each job with one small variable.
type worker struct{}

func (worker) Work(context.Context, host.Job) (host.Result, error) {
	return host.Result{Variables: map[string]canon.JSON{"done": canon.Bool(true)}}, nil
}

func start(ctx context.Context, h *host.Host, process string) (host.Receipt, error) {
	return h.Do(ctx, clerk, host.Call{
		Process: host.ProcessRef{ID: process},
		Command: engine.StartInstance{Variables: engine.Variables{"amount": canon.Int(250)}},
	})
}

func straightThrough(ctx context.Context, h *host.Host) error {
	r, err := start(ctx, h, "w1")
	if err != nil {
		return err
	}
	_, err = h.Await(ctx, clerk, r.Instance)
	return err
}

func userTask(ctx context.Context, h *host.Host) error {
	r, err := start(ctx, h, "w2")
	if err != nil {
		return err
	}
	for _, rec := range r.Records {
		if t, ok := rec.(engine.TaskCreated); ok {
			_, err = h.Do(ctx, clerk, host.Call{Instance: r.Instance, Command: engine.CompleteTask{Task: t.Key}})
		}
	}
	return err
}

func splitAndJoin(ctx context.Context, h *host.Host) error {
	_, err := start(ctx, h, "w3")
	return err
}
