package engine

import (
	"syscall"
	"testing"
)

// loopCPU runs something as often as the benchmark asks for and returns the CPU time of one run in ns: unlike
// the clock on the wall it does not count what else the machine does.
func loopCPU(b *testing.B, run func()) float64 {
	b.Helper()
	run()
	before := cpuTime(b)
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
	perRun := float64(cpuTime(b)-before) / float64(b.N)
	b.ReportMetric(perRun, "cpu-ns/op")
	return perRun
}

func cpuTime(b *testing.B) int64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
