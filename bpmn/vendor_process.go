package bpmn

// process reads what a process says as a whole.
func (x *extras) process() {
	if tag := x.attr("versionTag"); tag != "" {
		x.put("versionTag", "value", tag)
	}
	x.priority(x)
	history, p, id := x.attr("historyTimeToLive"), x.p, x.e.id()
	if history == "" {
		return
	}
	p.afterLink(func() {
		for _, process := range p.definitions.Processes {
			if process.ID == id {
				process.HistoryTimeToLive = history
			}
		}
	})
}
