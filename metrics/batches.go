package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tallystick/host"
)

// batches counts what the host carries out.
type batches struct {
	size, queued, load, think, commit prometheus.Histogram
	calls, cache, polls               *prometheus.CounterVec
	retries, moved, instances         prometheus.Counter
	audit                             prometheus.Counter
	activated                         *prometheus.CounterVec
	timerLag                          prometheus.Histogram
	errandLag                         *prometheus.HistogramVec
}

func newBatches(d definer) *batches {
	return &batches{
		size:      d.histogram("batch_calls", "Calls that one batch carried out.", batchSizes),
		queued:    d.histogram("batch_queue_seconds", "Longest wait of a call before its batch began.", machineSeconds),
		load:      d.histogram("batch_load_seconds", "Reading the instances that the cache lacked.", machineSeconds),
		think:     d.histogram("batch_think_seconds", "Authorizing and stepping the calls of a batch.", machineSeconds),
		commit:    d.histogram("batch_commit_seconds", "The transaction of a batch.", machineSeconds),
		calls:     d.counterVec("calls_total", "Calls that were answered, by outcome: accepted, refused (the caller's doing) or failed (ours).", "outcome"),
		cache:     d.counterVec("instance_cache_total", "Instances that batches needed, by whether memory had them: hit or miss.", "result"),
		retries:   d.counter("batch_retries_total", "Batches thought again because a race was lost."),
		moved:     d.counter("instances_moved_total", "Instances that another writer changed while a batch was thinking."),
		instances: d.counter("instances_written_total", "States of instances that were written."),
		audit:     d.counter("audit_entries_total", "Entries written to the audit log by batches."),
		polls:     d.counterVec("job_polls_total", "Activations that were answered, by result: jobs or empty.", "result"),
		activated: d.counterVec("jobs_activated_total", "Jobs handed to workers.", "type"),
		timerLag:  d.histogram("timers_due_lag_seconds", "How late timers fired.", workSeconds),
		errandLag: d.histogramVec("errands_lag_seconds", "How long after the command that left it an errand was carried out.", workSeconds, "kind"),
	}
}

// Carried implements host.Meter.
func (m *Metrics) Carried(b host.BatchFigures, events []host.Event) {
	m.batches.carried(b)
	if !b.Failed {
		m.events.carried(events)
	}
}

func (s *batches) carried(b host.BatchFigures) {
	s.size.Observe(float64(b.Calls))
	s.queued.Observe(b.Queued.Seconds())
	s.think.Observe(b.Think.Seconds())
	// A batch of refusals and readings writes nothing, one on cached instances reads nothing.
	if b.Load > 0 {
		s.load.Observe(b.Load.Seconds())
	}
	if b.Commit > 0 {
		s.commit.Observe(b.Commit.Seconds())
	}
	rest := "accepted"
	if b.Failed {
		rest = "failed"
	}
	s.calls.WithLabelValues("refused").Add(float64(b.Refused))
	s.calls.WithLabelValues(rest).Add(float64(max(0, b.Calls-b.Refused)))
	s.cache.WithLabelValues("hit").Add(float64(b.Hits))
	s.cache.WithLabelValues("miss").Add(float64(b.Misses))
	s.retries.Add(float64(max(0, b.Attempts-1)))
	s.moved.Add(float64(b.Moved))
	if !b.Failed {
		s.instances.Add(float64(b.Instances))
		s.audit.Add(float64(b.Entries))
	}
}

// Fired implements host.Meter.
func (m *Metrics) Fired(lag time.Duration) { m.batches.timerLag.Observe(max(0, lag.Seconds())) }

// CarriedOut implements host.Meter.
func (m *Metrics) CarriedOut(kind string, lag time.Duration) {
	m.batches.errandLag.WithLabelValues(kind).Observe(max(0, lag.Seconds()))
}

// Activated implements host.Meter.
func (m *Metrics) Activated(jobType string, jobs int) {
	if jobs <= 0 {
		m.batches.polls.WithLabelValues("empty").Inc()
		return
	}
	m.batches.polls.WithLabelValues("jobs").Inc()
	m.batches.activated.WithLabelValues(m.events.names.jobTypes.label(jobType)).Add(float64(jobs))
}
