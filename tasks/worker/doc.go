// Package worker holds the job workers that come with the server: an HTTP caller for the job type
// tallystick:http, and an adapter for Go functions.
//
// It owns what an outgoing call may reach and how an answer becomes variables, a BPMN error or a
// failure. It must not know processes, storage or who is asking: a job comes in, a result goes out.
//
// # Outgoing calls
//
// Nothing may be reached unless an administrator listed its host and port. The list is checked twice:
// against the text of the URL, and against the address that is really connected to, after name
// resolution, so a name that resolves to the inside of the network gets nowhere. Loopback, private,
// link-local, documentation and translation ranges are refused even for listed names, unless the
// address itself is listed or lies in a listed network. There is no proxy, no redirect, no
// decompression; a call ends after ten seconds, an answer after two mebibytes, and an answer must say
// that it is JSON and be JSON.
//
// What can get better by trying again (no connection, no time, 408, 429, 5xx) is a failure of kind
// fault.Internal or fault.Timeout; what cannot (a refused target, another 4xx, an unreadable answer)
// has kind fault.Denied or fault.Invalid. Answers never appear in messages: messages end up in
// incidents, which more people may read than the variables.
package worker
