package host

import (
	"time"

	"tallystick/engine"
	"tallystick/fault"
)

// checkStarts refuses starts of one process that nobody could tell apart, and timers that never come.
func (r *reading) checkStarts(resource string, starts []engine.StartInfo) {
	type trigger struct{ kind, name string }
	seen := map[trigger]string{}
	for _, s := range starts {
		t := trigger{s.Type, s.Name}
		switch s.Type {
		case engine.SubscribesMessage, engine.SubscribesSignal:
			if first, twice := seen[t]; twice {
				r.reportStart(resource, s.Element, "start.duplicate", first+" starts by the same "+s.Name)
			}
			seen[t] = s.Element
		case engine.StartsTimer:
			if _, err := s.Alarm(time.Unix(0, 0)); err != nil {
				r.reportStart(resource, s.Element, "start.timer", err.Error())
			}
		}
	}
}

func (r *reading) reportStart(resource, element, code, message string) {
	r.details = append(r.details, fault.Detail{Resource: resource, Element: element, Severity: severityError, Code: code, Message: message})
}

// starts are the start events of the new processes of a deployment. A timer counts from the deployment; a date
// that has passed by then is due at once.
func (d *deployer) starts(now moment) ([]StartEvent, error) {
	var all []StartEvent
	for _, i := range d.items {
		process, ok := d.deployed(i)
		if !ok {
			continue
		}
		for _, s := range i.starts {
			if s.Type == engine.StartsNone {
				continue
			}
			e := StartEvent{
				Key: d.draw(), Definition: process.Key, ProcessID: process.ID, Element: s.Element, Part: s.Part,
				Type: s.Type, Name: s.Name, Together: s.All,
			}
			if s.Type == engine.StartsTimer {
				var err error
				if e.Alarm, err = s.Alarm(now.At); err != nil {
					return nil, err
				}
			}
			all = append(all, e)
		}
	}
	return all, nil
}

// deployed finds what became of a process; false when it is no process or nothing new.
func (d *deployer) deployed(i item) (Deployed, bool) {
	for _, p := range d.out.Processes {
		if i.kind == kindProcess && p.ID == i.id && !p.Duplicate {
			return p, true
		}
	}
	return Deployed{}, false
}
