// Package sim tries the host on a simulated store under every misfortune that a seed can bring.
//
// It owns the scheduler that decides, one operation after the other, what happens next; the faults; the
// clients and workers that use the nodes; the comparison of what clients were told with the audit log; and
// the walk through every crash point of a scenario. It must not know SQL or HTTP. Nothing but tests imports
// it.
package sim
