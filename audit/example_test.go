package audit_test

import (
	"bytes"
	"fmt"

	"tallystick/audit"
)

// A log of two entries is exported, checked, and checked again after someone put another actor
// into the first entry and, to be consistent, a matching hash beside it.
func ExampleVerify() {
	head := audit.Genesis("acme.example/bpm-audit/1", "acme", "pi/42")
	started, head := head.Link(audit.Entry{
		NodeTime: 1795305600000000, Category: "process", Action: "instance.start",
		Outcome: audit.OutcomeOK, Actor: "user:7f3a",
	})
	ended, _ := head.Link(audit.Entry{
		NodeTime: 1795305600125000, Category: "process", Action: "instance.end",
		Outcome: audit.OutcomeOK, Actor: "system:engine",
	})
	fmt.Print(check(started, ended))
	started.Actor = "user:b00b"
	fmt.Print(check(started, ended))
	// Output:
	// origin acme.example/bpm-audit/1, exported 2026-11-22T00:01:40Z by user:auditor
	// 2 entries in 1 streams; private parts: 0 checked, 0 erased, 0 left out
	// 0 breaks
	// origin acme.example/bpm-audit/1, exported 2026-11-22T00:01:40Z by user:auditor
	// 2 entries in 1 streams; private parts: 0 checked, 0 erased, 0 left out
	// line 3: tenant "acme" stream "pi/42" seq 2: stream.broken: the entry follows on 4f8f39e42724f654, the one before is 45634dc825e48986
	// 1 breaks
}

func check(entries ...audit.Entry) audit.Report {
	var file bytes.Buffer
	w, err := audit.NewWriter(&file, audit.Manifest{
		Origin: "acme.example/bpm-audit/1", ExportedAt: 1795305700000000, Exporter: "user:auditor",
	})
	for _, e := range entries {
		if err == nil {
			err = w.Write(e.Bytes(), e.Hash(), nil)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err)
	}
	report, err := audit.Verify(&file)
	if err != nil {
		panic(err)
	}
	return report
}
