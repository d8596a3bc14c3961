package metrics

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tallystick/engine"
	"tallystick/host"
)

// events counts what became durable.
type events struct {
	names *names

	instances, tasks, incidents, resolved *prometheus.CounterVec
	jobsCreated, attempts                 *prometheus.CounterVec
	decisions, compensations, inferences  *prometheus.CounterVec
	lost                                  prometheus.Counter

	instanceTime, taskTime, jobTime, inferenceTime *prometheus.HistogramVec

	mu    sync.Mutex
	young map[kind]*young
	late  []end
	most  int // ends that late takes
}

func newEvents(d definer, n *names, o Options) *events {
	e := &events{
		names:         n,
		instances:     d.counterVec("process_instances_total", "Process instances by what happened to them: started, completed or terminated.", "definition", "event"),
		instanceTime:  d.histogramVec("process_instance_duration_seconds", "From start to end of process instances.", humanSeconds, "definition", "outcome"),
		tasks:         d.counterVec("user_tasks_total", "User tasks by what happened to them: created, completed or canceled.", "definition", "event"),
		taskTime:      d.histogramVec("user_task_wait_seconds", "How long processes waited for user tasks, from creation to completion.", humanSeconds, "definition"),
		jobsCreated:   d.counterVec("jobs_created_total", "Jobs that were offered to workers.", "type"),
		attempts:      d.counterVec("job_attempts_total", "Attempts of workers that ended, by outcome: completed, failed or error.", "type", "outcome"),
		jobTime:       d.histogramVec("job_duration_seconds", "From creation of jobs to their end by a worker, waiting included.", workSeconds, "type", "outcome"),
		incidents:     d.counterVec("incidents_total", "Incidents that were raised, by kind.", "definition", "kind"),
		resolved:      d.counterVec("incidents_resolved_total", "Incidents that were resolved.", "definition"),
		decisions:     d.counterVec("decisions_total", "Decisions that processes evaluated, by outcome: evaluated or failed.", "decision", "outcome"),
		compensations: d.counterVec("compensations_total", "Compensation handlers that were triggered.", "definition"),
		inferences:    d.counterVec("inferences_total", "Scorings by models.", "model", "version"),
		inferenceTime: d.histogramVec("inference_seconds", "How long models took to score.", workSeconds, "model"),
		lost:          d.counter("measurements_lost_total", "Ends that could not be measured, because there were too many or the store did not answer."),
		young:         map[kind]*young{},
		most:          o.LateMax,
	}
	for _, k := range kinds {
		e.young[k] = newYoung(o.YoungMax)
	}
	return e
}

func (s *events) carried(list []host.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range list {
		s.one(&list[i])
	}
}

// one counts a record. Records that say nothing to an operator are passed over.
func (s *events) one(e *host.Event) {
	switch r := e.Record.(type) {
	case engine.InstanceStarted:
		s.young[ofInstance].put(e.Instance, e.ProcessID, e.At)
		s.instances.WithLabelValues(s.definition(e), "started").Inc()
	case engine.InstanceCompleted:
		s.instanceEnded(e, "completed")
	case engine.InstanceTerminated:
		s.instanceEnded(e, "terminated")
	case engine.JobCreated:
		s.young[ofJob].put(r.Key, r.Type, e.At)
		s.jobsCreated.WithLabelValues(s.names.jobTypes.label(r.Type)).Inc()
	case engine.JobCompleted:
		s.ended(end{kind: ofJob, key: r.Key, outcome: "completed", at: e.At})
	case engine.JobErrorThrown:
		s.ended(end{kind: ofJob, key: r.Key, outcome: "error", at: e.At})
	case engine.JobFailed:
		s.ended(end{kind: ofJob, key: r.Key, outcome: "failed", at: e.At})
	case engine.JobCanceled:
		s.young[ofJob].drop(r.Key)
	case engine.TaskCreated:
		s.young[ofTask].put(r.Key, e.ProcessID, e.At)
		s.tasks.WithLabelValues(s.definition(e), "created").Inc()
	case engine.TaskCompleted:
		s.tasks.WithLabelValues(s.definition(e), "completed").Inc()
		s.ended(end{kind: ofTask, key: r.Key, at: e.At})
	case engine.TaskCanceled:
		s.young[ofTask].drop(r.Key)
		s.tasks.WithLabelValues(s.definition(e), "canceled").Inc()
	default:
		s.rare(e)
	}
}

// rare counts the records that do not begin or end anything.
func (s *events) rare(e *host.Event) {
	switch r := e.Record.(type) {
	case engine.IncidentRaised:
		s.incidents.WithLabelValues(s.definition(e), r.ErrorType).Inc()
	case engine.IncidentResolved:
		s.resolved.WithLabelValues(s.definition(e)).Inc()
	case engine.CompensationTriggered:
		s.compensations.WithLabelValues(s.definition(e)).Inc()
	case engine.DecisionEvaluated:
		outcome := "evaluated"
		if r.Trace.Failed != "" {
			outcome = "failed"
		}
		s.decisions.WithLabelValues(s.names.decisions.label(r.Decision.ID), outcome).Inc()
	case engine.ModelScored:
		model := s.names.models.label(r.Prediction.Model)
		version := other
		if model != other {
			version = s.names.versions.label(r.Prediction.Version)
		}
		s.inferences.WithLabelValues(model, version).Inc()
		s.inferenceTime.WithLabelValues(model).Observe((time.Duration(r.Prediction.LatencyUS) * time.Microsecond).Seconds())
	}
}

func (s *events) definition(e *host.Event) string { return s.names.definitions.label(e.ProcessID) }

func (s *events) instanceEnded(e *host.Event, outcome string) {
	s.instances.WithLabelValues(s.definition(e), outcome).Inc()
	s.ended(end{kind: ofInstance, key: e.Instance, outcome: outcome, at: e.At})
}
