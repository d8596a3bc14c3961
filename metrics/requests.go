package metrics

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// requests counts what the REST interface answers.
type requests struct {
	total *prometheus.CounterVec
	took  *prometheus.HistogramVec
}

func newRequests(d definer) *requests {
	return &requests{
		total: d.counterVec("http_requests_total", "Requests that were answered, by route, method and class of the status.", "route", "method", "status"),
		took:  d.histogramVec("http_request_seconds", "From reading the request to the end of the answer; long polls wait on purpose.", machineSeconds, "route", "method"),
	}
}

// Served counts a request. The route is the pattern of the path, never the path itself, and the method one
// of the route's, so that a client cannot make series.
func (m *Metrics) Served(method, route string, status int, took time.Duration) {
	m.requests.total.WithLabelValues(route, method, strconv.Itoa(status/100)+"xx").Inc()
	m.requests.took.WithLabelValues(route, method).Observe(took.Seconds())
}
