package metrics

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

const prefix = "tallystick_"

// The families of buckets, in seconds: what the machine does, what workers and models do, what people and
// whole processes take.
var (
	machineSeconds = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	workSeconds    = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600}
	humanSeconds   = []float64{
		1, 5, 15, minute, 5 * minute, 15 * minute, hour, 4 * hour, 12 * hour, day, 3 * day, 7 * day, 30 * day, 90 * day,
	}
	batchSizes = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256}
)

const (
	minute = 60.0
	hour   = 60 * minute
	day    = 24 * hour
)

// definer makes metrics and registers them.
type definer struct{ registry prometheus.Registerer }

func (d definer) counter(name, help string) prometheus.Counter {
	return registered(d, prometheus.NewCounter(prometheus.CounterOpts{Name: prefix + name, Help: help}))
}

func (d definer) counterVec(name, help string, labels ...string) *prometheus.CounterVec {
	return registered(d, prometheus.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, labels))
}

func (d definer) gaugeVec(name, help string, labels ...string) *prometheus.GaugeVec {
	return registered(d, prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: prefix + name, Help: help}, labels))
}

func (d definer) histogram(name, help string, buckets []float64) prometheus.Histogram {
	return registered(d, prometheus.NewHistogram(prometheus.HistogramOpts{Name: prefix + name, Help: help, Buckets: buckets}))
}

func (d definer) histogramVec(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	o := prometheus.HistogramOpts{Name: prefix + name, Help: help, Buckets: buckets}
	return registered(d, prometheus.NewHistogramVec(o, labels))
}

func registered[C prometheus.Collector](d definer, c C) C {
	d.registry.MustRegister(c)
	return c
}

// labelMax is how many characters of a name a label shows.
const labelMax = 128

// readable is a name as a label: valid UTF-8 of a bounded length.
func readable(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	if runes := []rune(name); len(runes) > labelMax {
		return string(runes[:labelMax]) + "…"
	}
	return name
}
