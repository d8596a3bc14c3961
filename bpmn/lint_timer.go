package bpmn

import (
	"regexp"
	"strings"
	"time"
)

var (
	noDuration = regexp.MustCompile(`^(-P.*|P(0[YMWD])*(T(0+(\.0+)?[HMS])*)?)$`)
	noCycle    = regexp.MustCompile(`^R0+(/|$)`)
)

// checkTimers finds literals that never go off, or at once.
func checkTimers(p *plan) {
	p.each(func(n *planNode) {
		for _, d := range n.triggers {
			for _, c := range d.standard() {
				p.checkTimer(c)
			}
		}
	})
}

func (p *plan) checkTimer(e *element) {
	text := strings.TrimSpace(e.text)
	switch e.name {
	case "timeDate":
		if at, err := time.Parse(time.RFC3339, text); err == nil && at.Before(p.now) {
			p.say(e, "the date %s has passed", text)
		}
	case "timeDuration":
		if text != "" && noDuration.MatchString(text) {
			p.say(e, "the duration %s waits for nothing", shorten(text))
		}
	case "timeCycle":
		_, interval, found := strings.Cut(text, "/")
		if noCycle.MatchString(text) || found && noDuration.MatchString(interval) {
			p.say(e, "the cycle %s does not come round", shorten(text))
		}
	}
}
