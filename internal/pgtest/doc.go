// Package pgtest gives a test a fresh PostgreSQL database.
//
// It owns one throw-away cluster per test process, started on first use with the PostgreSQL
// binaries of the machine, and one database per call of Start. The cluster keeps its durability
// settings (fsync, synchronous_commit, full_page_writes) because tests kill processes and check
// what survived. It listens on a random loopback port, asks for a random password, and is stopped
// and deleted when the test process ends, also when that process is killed.
//
// When TEST_POSTGRES holds a DSN, databases are created on that server instead. When there is
// neither a DSN nor a binary, the test is skipped loudly, or fails if TALLYSTICK_REQUIRE_POSTGRES
// is 1 (scripts/test.sh sets it when PostgreSQL is on the machine).
//
// It must not know what is stored: no schema, no migrations, no package of this module.
package pgtest
