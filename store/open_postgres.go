package store

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

const (
	postgresConns   = 16
	postgresOldest  = 14
	postgresIdle    = 5 * time.Minute
	postgresConnect = 10 * time.Second
	applicationName = "tallystick"

	idleInTransaction = "idle_in_transaction_session_timeout"
)

// openPostgres connects and checks that the server is one we know.
func openPostgres(ctx context.Context, o Options) (*DB, error) {
	connector, err := postgresConnector(o.DSN)
	if err != nil {
		return nil, err
	}
	conns := o.Conns
	if conns <= 0 {
		conns = postgresConns
	}
	pool := o.pool(connector)
	pool.SetMaxOpenConns(max(conns, 2)) // the migration holds a lock on one and works on another
	pool.SetMaxIdleConns(max(conns, 2))
	pool.SetConnMaxIdleTime(postgresIdle)
	db := bun.NewDB(pool, pgdialect.New())
	d := &DB{
		dialect: postgresAnswers(), write: db, read: db, dsn: o.DSN, release: func() error { return nil },
		exports: make(chan struct{}, max(conns/4, 1)),
	}
	if err := d.checkServer(ctx); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return d, nil
}

func postgresConnector(dsn string) (*pq.Connector, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return nil, ErrDSN.With("the DSN is not a URL") // the cause would show the password
	}
	// The driver's default has changed before; whoever runs the server says what is meant.
	if !u.Query().Has("sslmode") {
		return nil, ErrDSN.With("the DSN needs an explicit sslmode, for instance sslmode=verify-full")
	}
	config, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, ErrDSN.With("the DSN is not acceptable to the PostgreSQL driver")
	}
	if config.ApplicationName == "" {
		config.ApplicationName = applicationName
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = postgresConnect
	}
	if config.Runtime == nil {
		config.Runtime = map[string]string{}
	}
	// Values are quoted by doubling quotes alone; a server that also reads backslashes would misread them.
	config.Runtime["standard_conforming_strings"] = "on"
	// The statements of batches are prepared for any number of rows; planning them anew costs more than they do.
	config.Runtime["plan_cache_mode"] = "force_generic_plan"
	config.Runtime["jit"] = "off" // compiling takes longer than anything here runs
	// A node that stands still inside a transaction must not hold its locks for long.
	if _, ok := config.Runtime[idleInTransaction]; !ok {
		config.Runtime[idleInTransaction] = "15s"
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, ErrDSN.With("the DSN is not acceptable to the PostgreSQL driver")
	}
	return connector, nil
}

// checkServer refuses servers that are too old or do not store UTF-8.
func (d *DB) checkServer(ctx context.Context) error {
	var version, encoding string
	err := d.read.NewRaw("SELECT current_setting('server_version_num'), current_setting('server_encoding')").
		Scan(ctx, &version, &encoding)
	if err != nil {
		return d.fault(err, "tell its version")
	}
	number, err := strconv.Atoi(version)
	if err != nil || number/10000 < postgresOldest {
		return ErrUnsupported.With("PostgreSQL %d or newer is needed, the server says %q", postgresOldest, version)
	}
	if encoding != "UTF8" {
		return ErrUnsupported.With("the database must have the encoding UTF8, it has %q", encoding)
	}
	return nil
}

func postgresAnswers() dialect {
	return dialect{
		name: "postgres", pools: 1, arrays: true,
		update: " FOR UPDATE", guard: "SELECT 1 FROM installation WHERE id = 0 FOR SHARE",
		bar:    "LOCK TABLE installation IN EXCLUSIVE MODE",
		steady: "SET LOCAL " + idleInTransaction + " = '5min'",
		skip:   " FOR UPDATE OF j SKIP LOCKED", skipAll: " FOR UPDATE SKIP LOCKED",
		clock: "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
		like:  "LIKE", pattern: likePattern, trouble: postgresTrouble,
	}
}

// postgresTrouble reads the SQLSTATE.
func postgresTrouble(err error) trouble {
	var e *pq.Error
	if !errors.As(err, &e) {
		return other
	}
	switch e.Code {
	case "40001", "40P01": // serialization failure, deadlock
		return raced
	case "23505":
		return taken
	case "0A000":
		if strings.Contains(e.Message, "recovery") { // a standby, whatever its default is
			return unavailable
		}
	case "25006", "25P03", "55P03": // read only, idle in transaction, lock timeout
		return unavailable
	}
	switch e.Code.Class() {
	case "53": // disk full, out of memory, too many connections
		return unavailable
	case "08", "57", "58": // connection, intervention of the operator, system
		return unsure
	case "54":
		return oversized
	}
	return other
}
