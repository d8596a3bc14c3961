package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tallystick/host"
)

const (
	retainEvery = 10 * time.Minute
	day         = 24 * time.Hour
	daysMax     = 100 * 366
	forever     = "forever"
)

// retention is what serve is told about the history of ended instances and of evaluations outside of them.
type retention struct {
	all   string
	of    []string
	every time.Duration
}

func (r *retention) flags(cmd *cobra.Command, io stdio) {
	f := cmd.Flags()
	f.StringVar(&r.all, "retention", envOr(io, "TALLYSTICK_RETENTION", forever), "how long the history of ended instances and of evaluations is kept: 90d, 36h or forever")
	f.StringSliceVar(&r.of, "retention-for", splitList(io.env("TALLYSTICK_RETENTION_FOR")), "PROCESS_ID=90d: the same for one process (repeatable)")
	r.every = retainEvery
	if io.env("TALLYSTICK_RETENTION_EVERY") != "" {
		r.every = durationOr(io, "TALLYSTICK_RETENTION_EVERY")
	}
	f.DurationVar(&r.every, "retention-every", r.every, "pause between two looks for history that is too old")
}

// parse reads the flags; what cannot be meant is refused before anything is opened, because pruning is final.
func (r *retention) parse() (host.Retention, error) {
	all, err := parseKeep(r.all)
	if err != nil {
		return host.Retention{}, &usageError{fmt.Errorf("--retention: %w", err)}
	}
	out := host.Retention{Default: all, Of: map[string]time.Duration{}}
	for _, pair := range r.of {
		id, text, ok := strings.Cut(pair, "=")
		if !ok || id == "" {
			return out, &usageError{fmt.Errorf("--retention-for wants PROCESS_ID=90d, not %q", pair)}
		}
		if _, twice := out.Of[id]; twice {
			return out, &usageError{fmt.Errorf("--retention-for names %q twice", id)}
		}
		if out.Of[id], err = parseKeep(text); err != nil {
			return out, &usageError{fmt.Errorf("--retention-for %s: %w", id, err)}
		}
	}
	if r.every < time.Second {
		return out, &usageError{fmt.Errorf("--retention-every is at least 1s, not %s", r.every)}
	}
	return out, nil
}

// parseKeep reads 90d, P90D, a Go duration or forever; 0 is for ever.
func parseKeep(text string) (time.Duration, error) {
	if text == forever {
		return 0, nil
	}
	if days, ok := wholeDays(text); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n <= daysMax {
			return time.Duration(n) * day, nil
		}
		return 0, fmt.Errorf("%q is not from 1d to %dd", text, daysMax)
	}
	if d, err := time.ParseDuration(text); err == nil && d >= time.Minute {
		return d, nil
	}
	return 0, fmt.Errorf("%q is neither days (90d), a duration from 1m (36h) nor forever", text)
}

func wholeDays(text string) (string, bool) {
	if inner, ok := strings.CutPrefix(text, "P"); ok && strings.HasSuffix(inner, "D") {
		return strings.TrimSuffix(inner, "D"), true
	}
	return strings.CutSuffix(text, "d")
}

// startRetention prunes beside the host and returns how to end it: a chunk in flight is finished or rolled back
// before the host stops.
func (s *server) startRetention(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.retain(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// retain prunes in the background until ctx ends.
func (s *server) retain(ctx context.Context) {
	keep, err := s.cfg.retention.parse()
	if err != nil {
		return // validate has refused it
	}
	for _, id := range slices.Sorted(maps.Keys(keep.Of)) {
		if _, known := s.host.Catalog().Process(host.ProcessRef{ID: id}); !known {
			s.log.WarnContext(ctx, "--retention-for names a process that is not deployed", slog.String("process", id))
		}
	}
	s.host.Retain(ctx, s.db, keep, s.cfg.retention.every)
}
