package host

import "time"

// Meter is told what the host does, so that an operator can see it. Its methods are called from the path of
// every change: they must be quick, must not block and must be safe for concurrent use.
type Meter interface {
	// Carried is called after each batch that was answered, with the events that became durable in it. The
	// slice belongs to the host; the events in it never change.
	Carried(b BatchFigures, events []Event)
	// Fired tells how late a timer fired.
	Fired(lag time.Duration)
	// CarriedOut tells how long after the command that left it an errand of a kind was carried out.
	CarriedOut(kind string, lag time.Duration)
	// Activated tells how many jobs of a type one activation locked; 0 is an empty answer.
	Activated(jobType string, jobs int)
}

// BatchFigures is what one batch was and took.
type BatchFigures struct {
	Calls     int           // calls answered, refused ones included
	Refused   int           // of them, with an error that was the caller's doing
	Instances int           // instances written
	Entries   int           // audit entries written
	Queued    time.Duration // the longest that a call waited before the batch began
	Load      time.Duration // reading the instances that the cache lacked
	Think     time.Duration // authorizing and stepping
	Commit    time.Duration // the transaction
	Attempts  int           // 1 unless a race was lost
	Moved     int           // instances that another writer had changed meanwhile
	Hits      int           // instances found in the cache
	Misses    int           // instances read from the store
	Failed    bool          // nothing was written and the calls were told so
}

// Gauges is the state of a host at one moment.
type Gauges struct {
	Running     bool
	Queue       int // calls that wait
	QueueMax    int
	Cached      int // instances in memory
	CachedBytes int
	Polls       int   // activations that wait for a job
	Failure     error // of the last batch, nil when it was written
}

// unmetered is the Meter of a host that nobody watches.
type unmetered struct{}

func (unmetered) Carried(BatchFigures, []Event)    {}
func (unmetered) Fired(time.Duration)              {}
func (unmetered) CarriedOut(string, time.Duration) {}
func (unmetered) Activated(string, int)            {}
