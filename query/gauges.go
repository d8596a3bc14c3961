package query

import "time"

// Gauges is how much of everything is open in the database, by the names of models and jobs. A map is nil,
// and a count is -1, until it has been counted for the first time.
type Gauges struct {
	Instances map[string]int64    // active process instances by process id
	Tasks     map[string]int64    // open user tasks by process id
	Incidents map[string]int64    // active incidents by process id
	Jobs      map[string]JobGauge // by type
	Timers    int64               // timers that wait
	TimerLag  time.Duration       // how long the oldest timer is overdue, 0 when none is
	Pools     []Pool
}

// JobGauge is how many open jobs of a type there are, by what they wait for.
type JobGauge struct {
	Ready   int64 // a worker may take it
	Leased  int64 // a worker has it
	Backoff int64 // waits after a failure
	Dead    int64 // no retries are left; an incident waits for somebody
	// Oldest is when the ready job that waits longest was created, zero when none is ready.
	Oldest time.Time
}

// Pool is a pool of database connections.
type Pool struct {
	Name       string // "write", "read", or "all" when there is one for both
	Max        int    // 0 is no limit
	InUse      int
	Idle       int
	Waits      int64         // calls that found no connection free
	WaitedLong time.Duration // all of them together
}

// Beginning is when an instance, a job or a user task began.
type Beginning struct {
	Key  Key
	Name string // process id, or type of the job
	At   time.Time
}
