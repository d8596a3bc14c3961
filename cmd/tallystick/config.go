package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tallystick/api"
)

// config is what serve is told by flags and TALLYSTICK_* variables; flags win.
type config struct {
	listen    string
	db        string
	auth      string
	node      string
	testClock bool
	example   bool
	allowHTTP []string
	proxies   []string
	logLevel  string

	metricsAddr string        // "" is none
	drainDelay  time.Duration // between not being ready and taking no requests
	logFormat   string
	retention   retention
	password    string // of the first administrator; never a flag
}

// flags binds the flags to c, with the environment as their defaults.
func (c *config) flags(cmd *cobra.Command, io stdio) {
	f := cmd.Flags()
	f.StringVar(&c.listen, "listen", envOr(io, "TALLYSTICK_LISTEN", "127.0.0.1:8080"), "address to listen on, HOST:PORT")
	f.StringVar(&c.db, "db", envOr(io, "TALLYSTICK_DB", "sqlite:data/tallystick.db"), "sqlite:PATH or postgres://…?sslmode=…")
	f.StringVar(&c.auth, "auth", envOr(io, "TALLYSTICK_AUTH", "basic"), "basic (passwords and tokens) or none (loopback only)")
	f.StringVar(&c.node, "node", envOr(io, "TALLYSTICK_NODE", "node-1"), "name of this node; unique among the nodes of one database")
	f.BoolVar(&c.testClock, "test-clock", io.env("TALLYSTICK_TEST_CLOCK") == "true", "let clients move the clock (tests only)")
	f.BoolVar(&c.example, "example", io.env("TALLYSTICK_EXAMPLE") != "false", "deploy examples/returns on first start and run its workers")
	f.StringSliceVar(&c.allowHTTP, "allow-http", splitList(io.env("TALLYSTICK_ALLOW_HTTP")), "HOST:PORT that HTTP jobs may call (repeatable)")
	f.StringVar(&c.metricsAddr, "metrics-addr", io.env("TALLYSTICK_METRICS_ADDR"), "further HOST:PORT for /metrics and the probes; needs no credentials on a loopback address")
	f.StringSliceVar(&c.proxies, "trusted-proxy", splitList(io.env("TALLYSTICK_TRUSTED_PROXY")), "address or network of a proxy whose X-Forwarded-For is believed (repeatable)")
	f.DurationVar(&c.drainDelay, "drain-delay", durationOr(io, "TALLYSTICK_DRAIN_DELAY"), "how long requests are still served after SIGTERM while /readyz fails, so that a load balancer can notice")
	f.StringVar(&c.logLevel, "log-level", envOr(io, "TALLYSTICK_LOG_LEVEL", "info"), "debug, info, warn or error")
	f.StringVar(&c.logFormat, "log-format", envOr(io, "TALLYSTICK_LOG_FORMAT", "text"), "text or json")
	c.retention.flags(cmd, io)
	c.password = io.env("TALLYSTICK_ADMIN_PASSWORD")
}

const drainDelayMax = 5 * time.Minute

// durationOr reads a duration from the environment; what is none is refused later, as out of range.
func durationOr(io stdio, name string) time.Duration {
	text := io.env(name)
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return -1
	}
	return d
}

func splitList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// validate refuses what cannot work before anything is opened.
func (c *config) validate() error {
	host, _, err := net.SplitHostPort(c.listen)
	if err != nil {
		return &usageError{fmt.Errorf("--listen wants HOST:PORT, not %q", c.listen)}
	}
	if _, _, err := net.SplitHostPort(c.metricsAddr); c.metricsAddr != "" && err != nil {
		return &usageError{fmt.Errorf("--metrics-addr wants HOST:PORT, not %q", c.metricsAddr)}
	}
	switch c.auth {
	case "basic":
	case "none":
		if !api.Loopback(host) {
			return &usageError{fmt.Errorf("--auth none is allowed on a loopback address only, not on %q", c.listen)}
		}
		if c.metricsAddr != "" && !api.Loopback(c.watched()) {
			return &usageError{fmt.Errorf("--auth none is allowed with --metrics-addr on a loopback address only, not on %q", c.metricsAddr)}
		}
	default:
		return &usageError{fmt.Errorf("--auth is basic or none, not %q", c.auth)}
	}
	if _, err := c.trusted(); err != nil {
		return err
	}
	if c.drainDelay < 0 || c.drainDelay > drainDelayMax {
		return &usageError{fmt.Errorf("--drain-delay is from 0s to %s, not %s", drainDelayMax, c.drainDelay)}
	}
	if _, err := c.retention.parse(); err != nil {
		return err
	}
	if c.logFormat != "text" && c.logFormat != "json" {
		return &usageError{fmt.Errorf("--log-format is text or json, not %q", c.logFormat)}
	}
	return nil
}

// trusted reads the proxies; an address is a network of one.
func (c *config) trusted() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range c.proxies {
		network, err := netip.ParsePrefix(text)
		if a, errAddress := netip.ParseAddr(text); errAddress == nil {
			a = a.Unmap()
			network, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil || network.Bits() == 0 || network.Addr().Is4In6() {
			return nil, &usageError{fmt.Errorf("--trusted-proxy wants an address or a network of proxies, such as 10.0.0.7 or 10.0.7.0/28, not %q", text)}
		}
		all = append(all, network.Masked())
	}
	return all, nil
}

// watched is the host part of --metrics-addr.
func (c *config) watched() string {
	host, _, _ := net.SplitHostPort(c.metricsAddr) // validate refuses what is none
	return host
}

// prepare makes the folder of a SQLite file, readable by its owner only.
func (c *config) prepare() error {
	path, ok := strings.CutPrefix(c.db, "sqlite:")
	if !ok || path == "" || strings.HasPrefix(path, ":") {
		return nil
	}
	return os.MkdirAll(filepath.Dir(path), 0o700)
}

// logger writes to standard error in the chosen form.
func (c *config) logger(io stdio) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.logLevel)); err != nil {
		return nil, &usageError{fmt.Errorf("--log-level is debug, info, warn or error, not %q", c.logLevel)}
	}
	o := &slog.HandlerOptions{Level: level}
	if c.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(io.err, o)), nil
	}
	return slog.New(slog.NewTextHandler(io.err, o)), nil
}
