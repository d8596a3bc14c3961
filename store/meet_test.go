package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/internal/canon"
	"tallystick/store"
)

var ann = host.Actor{Kind: "user", Name: "ann", Method: "basic"}

// waitsFor is a process that waits for the message "paid" under the key in its variable "order".
const waitsFor = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="test">
<message id="paid" name="paid"><extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements></message>
<process id="ship" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="w"/>
<intermediateCatchEvent id="w"><messageEventDefinition id="m" messageRef="paid"/></intermediateCatchEvent>
<sequenceFlow id="f2" sourceRef="w" targetRef="e"/><endEvent id="e"/></process></definitions>`

// node runs a host on a store until the test ends.
func node(t *testing.T, db *store.DB, name string) *host.Host {
	t.Helper()
	h, err := host.New(host.Options{
		Store: db, Jobs: db, Library: db, Authorizer: hosttest.NewPolicy(nil), Node: name, Build: "test", Origin: db.Origin(),
		PollMax: 200 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	<-h.Ready()
	return h
}

// TestMessageAndSubscriptionMeet publishes messages while instances come to wait for them, in an order by chance:
// each instance gets its message, on one node with a file and on two nodes with one server.
func TestMessageAndSubscriptionMeet(t *testing.T) {
	bothDatabases(t, func(t *testing.T, dsn string) {
		db := open(t, store.Options{DSN: dsn})
		nodes := []*host.Host{node(t, db, "a")}
		if strings.HasPrefix(dsn, "postgres") {
			nodes = append(nodes, node(t, open(t, store.Options{DSN: dsn}), "b"))
		}
		if _, _, err := nodes[0].Deploy(t.Context(), ann, "", []host.Resource{{Name: "ship.bpmn", Data: []byte(waitsFor)}}); err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(3) {
			meet(t, db, nodes, seed)
		}
	})
}

func meet(t *testing.T, db *store.DB, nodes []*host.Host, seed uint64) {
	const n = 16
	draw := rand.New(rand.NewPCG(seed, 1))
	begun := make([]int64, n)
	var all sync.WaitGroup
	act := func(what func() error) {
		late := draw.IntN(6) // reads of the store before it
		all.Go(func() {
			for range late {
				if _, _, err := db.NextDue(t.Context()); err != nil {
					t.Error(err)
				}
			}
			if err := what(); err != nil {
				t.Errorf("seed %d: %v", seed, err)
			}
		})
	}
	for i := range n {
		order, one, other := strconv.Itoa(int(seed)*n+i), nodes[draw.IntN(len(nodes))], nodes[draw.IntN(len(nodes))]
		act(func() error {
			r, err := one.Do(t.Context(), ann, host.Call{
				Process: host.ProcessRef{ID: "ship"}, Command: engine.StartInstance{Variables: engine.Variables{"order": canon.String(order)}},
			})
			begun[i] = r.Instance
			return err
		})
		act(func() error {
			_, err := other.Publish(t.Context(), ann, host.Publication{Name: "paid", CorrelationKey: order, TimeToLive: time.Hour})
			return err
		})
	}
	all.Wait()
	for i, key := range begun {
		if err := completes(t, nodes[0], key); err != nil {
			t.Errorf("seed %d, instance %d: %v", seed, i, err)
		}
	}
}

// completes waits until an instance has ended, for half a minute at most.
func completes(t *testing.T, h *host.Host, key int64) error {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	st, err := h.Await(ctx, ann, key)
	if err == nil && st != string(engine.Completed) {
		return fmt.Errorf("it is %s", st)
	}
	return err
}
