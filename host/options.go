package host

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Options configure a Host. Store, Jobs, Library, Authorizer, Node and Origin are required; every other
// zero value stands for the default that its comment names.
type Options struct {
	Store      Store
	Jobs       Jobs
	Library    Library
	Authorizer Authorizer
	History    Forgetter         // nil: instances cannot be deleted
	Models     ModelReader       // nil: scoring models cannot be deployed
	Workers    map[string]Worker // job type → worker inside the server
	Hints      Hints             // nil: other nodes are noticed by polling alone

	Now   func() time.Time // time.Now; must be safe for concurrent use
	Rand  io.Reader        // crypto/rand: salts, event ids, jitter
	Log   *slog.Logger     // discards
	Meter Meter            // nobody watches

	Node   string // name of this node, part of the streams that only it writes
	Build  string // digest or version of the program
	Origin string // installation, part of every audit stream

	TestClock bool // lets SetClock move time

	Lanes       int // 1: batches thought and committed side by side, by instance
	BatchMax    int // 256: calls of one batch
	QueueMax    int // 4096: calls that wait
	AttemptsMax int // 16: how often a batch is thought again after a lost race

	CacheCount     int // 10,000 instances kept in memory
	CacheBytes     int // 128 MiB of them, measured as stored
	DefinitionsMax int // 512 compiled definitions, and as many decision models

	PollMax      time.Duration // 1 s: the longest sleep between two looks at the store
	StoreTimeout time.Duration // 30 s: one statement or transaction
	SettleMax    time.Duration // 15 s: how long the outcome of a broken commit is looked for
	DrainMax     time.Duration // 10 s: how long Run waits for in-process workers when it stops

	WorkerMax     int           // 64: jobs of one type at a time
	WorkerLock    time.Duration // 10 s: lock of a job in hand, renewed while the node lives
	WorkerTimeout time.Duration // 60 s: deadline of one attempt
	WorkerBackoff time.Duration // 1 s: pause after the first failure, doubled per retry

	TimerClaim   time.Duration // 10 s: how long a due timer is this node's to fire
	ErrandClaim  time.Duration // 10 s: how long an errand, or an item of a batch operation, is this node's to carry out
	ItemsMax     int           // 64: items of batch operations that this node has in hand
	BatchSizeMax int           // 100,000: items of one batch operation
	ErrandsMax   int           // 1024: errands that this node has in hand
	MessageTTL   time.Duration // 1 h: how long a message that an instance sends waits for its receiver

	SequenceBlock int // 256: instance numbers reserved at a time
}

// GCPercent is a garbage collection rate (GOGC) that suits a program around a host: little of what a command
// allocates outlives it, so some memory buys much CPU (docs/performance.md).
const GCPercent = 300

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Meter == nil {
		o.Meter = unmetered{}
	}
	o.Lanes = cmp.Or(o.Lanes, 1)
	o.BatchMax = cmp.Or(o.BatchMax, 256)
	o.QueueMax = cmp.Or(o.QueueMax, 4096)
	o.AttemptsMax = cmp.Or(o.AttemptsMax, 16)
	o.CacheCount = cmp.Or(o.CacheCount, 10_000)
	o.CacheBytes = cmp.Or(o.CacheBytes, 128<<20)
	o.DefinitionsMax = cmp.Or(o.DefinitionsMax, 512)
	o.PollMax = cmp.Or(o.PollMax, time.Second)
	o.StoreTimeout = cmp.Or(o.StoreTimeout, 30*time.Second)
	o.SettleMax = cmp.Or(o.SettleMax, 15*time.Second)
	o.DrainMax = cmp.Or(o.DrainMax, 10*time.Second)
	o.WorkerMax = cmp.Or(o.WorkerMax, 64)
	o.WorkerLock = cmp.Or(o.WorkerLock, 10*time.Second)
	o.WorkerTimeout = cmp.Or(o.WorkerTimeout, time.Minute)
	o.TimerClaim = cmp.Or(o.TimerClaim, 10*time.Second)
	o.ErrandClaim = cmp.Or(o.ErrandClaim, 10*time.Second)
	o.ErrandsMax = cmp.Or(o.ErrandsMax, 1024)
	o.ItemsMax = cmp.Or(o.ItemsMax, 64)
	o.BatchSizeMax = cmp.Or(o.BatchSizeMax, 100_000)
	o.MessageTTL = cmp.Or(o.MessageTTL, time.Hour)
	o.WorkerBackoff = cmp.Or(o.WorkerBackoff, time.Second)
	o.SequenceBlock = cmp.Or(o.SequenceBlock, 256)
	return o
}

func (o Options) validate() error {
	if o.Store == nil || o.Jobs == nil || o.Library == nil || o.Authorizer == nil {
		return fmt.Errorf("host: Store, Jobs, Library and Authorizer are required")
	}
	if o.Node == "" || o.Origin == "" {
		return fmt.Errorf("host: Node and Origin are required")
	}
	for _, n := range []int{
		o.Lanes, o.BatchMax, o.QueueMax, o.AttemptsMax, o.CacheCount, o.CacheBytes,
		o.DefinitionsMax, o.WorkerMax, o.SequenceBlock, o.ErrandsMax, o.ItemsMax, o.BatchSizeMax,
	} {
		if n < 1 {
			return fmt.Errorf("host: a limit is below 1")
		}
	}
	for _, d := range []time.Duration{o.PollMax, o.StoreTimeout, o.SettleMax, o.DrainMax, o.WorkerLock, o.WorkerTimeout, o.WorkerBackoff, o.TimerClaim, o.ErrandClaim, o.MessageTTL} {
		if d <= 0 {
			return fmt.Errorf("host: a duration is not positive")
		}
	}
	for _, action := range ownActions() {
		if !o.Authorizer.Known(action) {
			return fmt.Errorf("host: the policy does not know the action %q", action)
		}
	}
	return nil
}
