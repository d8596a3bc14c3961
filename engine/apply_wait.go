package engine

import "tallystick/tasks"

func (r JobCreated) apply(s *State) {
	s.drawn(r.Key)
	s.jobs.put(Job{
		Key: r.Key, Element: r.Element, ElementInstance: r.ElementInstance, Type: r.Type, Retries: r.Retries,
		JobKind: r.JobKind, ListenerEvent: r.ListenerEvent, Listener: r.Listener,
	})
}

func (r JobCompleted) apply(s *State) { s.jobs.remove(rowID{key: r.Key}) }

func (r JobErrorThrown) apply(s *State) { s.jobs.remove(rowID{key: r.Key}) }

func (r JobCanceled) apply(s *State) { s.jobs.remove(rowID{key: r.Key}) }

func (r JobFailed) apply(s *State) {
	if j, ok := s.jobs.get(rowID{key: r.Key}); ok {
		j.Retries, j.NotBefore = r.Retries, r.NotBefore
		s.jobs.put(j)
	}
}

func (r JobRetriesUpdated) apply(s *State) {
	if j, ok := s.jobs.get(rowID{key: r.Key}); ok {
		j.Retries = r.Retries
		s.jobs.put(j)
	}
}

func (r TaskCreated) apply(s *State) {
	s.drawn(r.Key)
	s.tasks.put(UserTask{Key: r.Key, Element: r.Element, ElementInstance: r.ElementInstance, Task: r.Task})
}

func (r TaskAssigned) apply(s *State) {
	s.changeTask(r.Key, func(t *tasks.Task) { t.Assignee = r.Assignee })
}

func (r TaskUnassigned) apply(s *State) {
	s.changeTask(r.Key, func(t *tasks.Task) { t.Assignee = "" })
}

func (r TaskUpdated) apply(s *State) {
	s.changeTask(r.Key, func(t *tasks.Task) { *t = t.With(r.Change) })
}

func (s *State) changeTask(key int64, change func(*tasks.Task)) {
	if t, ok := s.tasks.get(rowID{key: key}); ok {
		change(&t.Task)
		s.tasks.put(t)
	}
}

func (r TaskCompleted) apply(s *State) { s.tasks.remove(rowID{key: r.Key}) }

func (r TaskCanceled) apply(s *State) { s.tasks.remove(rowID{key: r.Key}) }

func (r TimerArmed) apply(s *State) {
	s.drawn(r.Key)
	s.timers.put(Timer(r))
}

func (r TimerFired) apply(s *State) { s.timers.remove(rowID{key: r.Key}) }

func (r TimerCanceled) apply(s *State) { s.timers.remove(rowID{key: r.Key}) }

func (r IncidentRaised) apply(s *State) {
	s.drawn(r.Key)
	s.incidents.put(Incident(r))
}

func (r IncidentResolved) apply(s *State) { s.incidents.remove(rowID{key: r.Key}) }
