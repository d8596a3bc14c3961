// Package api is the REST interface: it turns HTTP requests into calls of the host and searches of the
// read side, and their answers into JSON.
//
// It owns the route table (route.go, one row per operation: method, path, action, summary, handler), the
// strict reading of requests (body.go, bind.go, filter.go), the one mapping of faults to HTTP (problem.go)
// and openapi.yaml, which a test compares with the table both ways. Paths, field names and status codes
// are those that Camunda 8 clients speak; what that interface lacks (audit, tokens, idempotency keys)
// stands beside it under the same conventions.
//
// It must not know SQL, policies or how secrets are made: it sees the host, the reads and the
// authenticator through the small interfaces of seams.go, and Echo only as a router. Rules of processes,
// tasks and decisions are below it; no handler decides what a command means.
package api
