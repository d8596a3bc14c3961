package host_test

import (
	"strings"
	"testing"
	"time"

	"tallystick/host"
	"tallystick/host/hosttest"
)

// TestStoreThatIsSilentHoldsNobody: each question to the store ends after StoreTimeout, so that those who wait for
// their turn behind it get an answer, and the host lives on when the store does.
func TestStoreThatIsSilentHoldsNobody(t *testing.T) {
	change := func(o *host.Options) { o.StoreTimeout, o.SequenceBlock = 2*time.Second, 1 }
	for _, op := range []hosttest.Op{hosttest.OpSequences, hosttest.OpHeads, hosttest.OpDue, hosttest.OpCatalog, hosttest.OpSource, hosttest.OpErrands} {
		t.Run(string(op), func(t *testing.T) {
			run(t, []host.Resource{chain("short", strings.Replace(pause, "PT48H", "PT10M", 1))}, change, func(t *testing.T, x *house) {
				x.start("short", nil)
				x.store.Disturb(hosttest.Faults{Delay: func(asked hosttest.Op) time.Duration {
					if asked == op {
						return 1000 * time.Hour
					}
					return 0
				}})
				begin := time.Now()
				if op == hosttest.OpCatalog || op == hosttest.OpSource {
					// Another node has deployed.
					_, _, _ = x.Deploy(t.Context(), admin, "", []host.Resource{chain("other", review)})
				}
				_, _ = x.Do(t.Context(), ann, startCall("other", nil))
				_, _ = x.Publish(t.Context(), ann, paid(1, time.Hour))
				if took := time.Since(begin); took > time.Minute {
					t.Errorf("the callers waited for %s", took)
				}
				<-time.After(5 * time.Minute)
				x.store.Disturb(hosttest.Faults{})
				<-time.After(10 * time.Minute)
				x.start("plug", nil)
				if left := x.store.Active(); len(x.instancesOf("short")) != 1 || len(left) > 1 {
					t.Errorf("the timer did not fire: %v", left)
				}
			})
		})
	}
}
