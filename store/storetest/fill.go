package storetest

import (
	"fmt"
	"testing"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
	"tallystick/store"
)

// Filled tells what Fill put into a store.
type Filled struct {
	Active []int64 // instances that go on, with one of everything in them
	Ended  []int64 // instances that had one of everything and ended
	At     time.Time
}

// Fill writes into every table by batches as a host writes them: a deployment, accounts with tokens, n instances
// that go on and n that ended at a time, kept commands, streams, and values that are hard to carry.
func Fill(t testing.TB, db *store.DB, n int, at time.Time) Filled {
	t.Helper()
	w := &world{TB: t, db: db}
	f := Filled{At: at}
	if known, err := db.HasAccounts(t.Context()); err != nil || !known {
		w.must(err)
		w.installed()
	}
	f.Active, f.Ended = w.keys(n), w.keys(n)
	first := w.batch()
	first.At = at
	for _, k := range append(f.Active[:n:n], f.Ended...) {
		fillInstance(first.start(k, "blue", fmt.Sprint("tag", k)).command(fmt.Sprint("a", k)), k)
		first.record(k, engine.VariableSet{Key: k + 12, Scope: k, Name: "odd", Value: canonText(`"\\ \"'` + "\t%_é\U0001F600" + `"`)})
	}
	first.waiting(f.Active[0])
	w.commit(first)
	loaded := w.load(f.Ended...).Instances
	second := w.batch()
	second.At = at
	for _, k := range f.Ended {
		emptyInstance(second.again(k, loaded[k], "over"), k)
		second.Instances[len(second.Instances)-1].Status = "COMPLETED"
	}
	w.commit(second)
	w.frozen(host.BatchCancel)
	return f
}

// waiting leaves something to be done by an instance, and messages that wait and that went into it.
func (b *batch) waiting(key int64) {
	more, about := b.w.keys(2), fmt.Sprint("order ", key)
	b.record(key, engine.SubscriptionOpened{
		Key: key + 13, Element: "paid", ElementInstance: key + 2, Type: engine.SubscribesMessage, Name: "paid", CorrelationKey: "7", Interrupting: true,
	})
	b.record(key, engine.DataStoreWritten{Store: "stock", Value: "{}"})
	b.Errands = append(b.Errands, host.Errand{Key: more[0], Kind: host.ErrandSeek, Source: key, About: key + 13, Payload: []byte("[]"), Created: b.At, Next: b.At})
	m := host.Message{Key: more[1], Name: "begun", CorrelationKey: about, ID: about, Published: b.At, Expires: b.At.Add(time.Hour), Variables: "{}"}
	b.Messages = append(b.Messages, m)
	b.Correlations = append(b.Correlations, host.Correlation{
		Message: engine.MessageRef{Key: m.Key, ID: m.ID, Name: m.Name, CorrelationKey: about}, Instance: key, Definition: 7, ProcessID: "order", Element: "start", At: b.At,
	})
	b.StartLocks = append(b.StartLocks, host.StartLock{ProcessID: "order", CorrelationKey: about, Instance: key})
}

// installed gives the store a deployment, accounts and a stream.
func (w *world) installed() {
	w.Helper()
	b := w.batch()
	b.Deployment = deployment(w, w.load().Library)
	b.Commands = append(b.Commands, host.CommandRow{ID: "empty", Actor: "user:ann", At: noon})
	b.stream(w.genesis("admin/default"), audit.Entry{Category: "admin", Action: "user.write", Outcome: audit.OutcomeOK, Actor: "user:root"})
	w.commit(b)
	w.change(host.Suspension{Kind: host.SuspendsJobs, Name: "resting", Since: noon, Actor: "user:ann", Reason: "a test"}, false)
	w.administer(
		host.AccountChange{CreateUser: &host.Account{User: query.User{Username: "ann", Name: "Ann"}, PasswordHash: "h"}},
		host.AccountChange{CreateGroup: "clerks"},
		host.AccountChange{AddRole: &host.Membership{Username: "ann", To: "clerk"}},
		host.AccountChange{AddGroup: &host.Membership{Username: "ann", To: "clerks"}},
		host.AccountChange{PutToken: &host.Token{ID: "t1", Username: "ann", Hash: [32]byte{7}, Expires: noon}},
	)
}
