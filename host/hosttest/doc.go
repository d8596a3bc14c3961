// Package hosttest is a store in memory that behaves like a database under stress.
//
// It owns a Store with the semantics that host asks for (versions, heads, command ids, policy and
// library fences), faults that strike on command or from a seed, a Policy whose decisions a test writes,
// and the checks that must hold after any run: every chain verifies and every instance is what its log
// says. It must not know SQL, and nothing but tests may import it.
package hosttest
