package host_test

import (
	"testing"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/internal/canon"
)

// keeps is a process that reads the data store "stock", then writes its variable "amount" into it.
func keeps(id string) host.Resource {
	return host.Resource{Name: id + ".bpmn", Data: []byte(`<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="test">
<dataStore id="stock" name="Stock"/>
<process id="` + id + `" isExecutable="true"><dataStoreReference id="ref" dataStoreRef="stock"/>
<dataObject id="amount" name="amount"/><dataObjectReference id="of" dataObjectRef="amount"/>
<dataObject id="before" name="before"/><dataObjectReference id="bf" dataObjectRef="before"/>
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="read"/>
<task id="read"><ioSpecification><dataInput id="ri" name="had"/><dataOutput id="ro" name="had"/>
<inputSet/><outputSet/></ioSpecification>
<dataInputAssociation id="ra"><sourceRef>ref</sourceRef><targetRef>ri</targetRef></dataInputAssociation>
<dataOutputAssociation id="rb"><sourceRef>ro</sourceRef><targetRef>bf</targetRef></dataOutputAssociation></task>
<sequenceFlow id="f2" sourceRef="read" targetRef="write"/>
<task id="write"><ioSpecification><dataInput id="wi" name="now"/><dataOutput id="wo" name="now"/>
<inputSet/><outputSet/></ioSpecification>
<dataInputAssociation id="wa"><sourceRef>of</sourceRef><targetRef>wi</targetRef></dataInputAssociation>
<dataOutputAssociation id="wb"><sourceRef>wo</sourceRef><targetRef>ref</targetRef></dataOutputAssociation></task>
<sequenceFlow id="f3" sourceRef="write" targetRef="e"/><endEvent id="e"/></process></definitions>`)}
}

// read is what an instance of keeps found in the data store.
func (x *house) read(instance int64) (value canon.JSON) {
	for _, r := range x.store.Journal(instance) {
		if v, ok := r.(engine.VariableSet); ok && v.Name == "before" {
			value = v.Value
		}
	}
	return value
}

func TestDataStoreOutlivesItsInstances(t *testing.T) {
	run(t, []host.Resource{keeps("in"), keeps("out")}, nil, func(t *testing.T, x *house) {
		for i, step := range []struct{ process, want string }{{"in", ""}, {"in", "0"}, {"out", "1"}, {"in", "2"}} {
			key := x.start(step.process, amount(int64(i))).Instance
			x.insist(key, engine.Completed)
			if got := x.read(key); string(got) != step.want && !(step.want == "" && got.IsNull()) {
				t.Errorf("instance %d found %q, want %q", i, got, step.want)
			}
		}
	})
}

// TestDataStoreThatCannotBeRead: the caller hears of it, and the instance has no incident that would stay.
func TestDataStoreThatCannotBeRead(t *testing.T) {
	run(t, []host.Resource{keeps("in")}, nil, func(t *testing.T, x *house) {
		x.store.Disturb(hosttest.Faults{Before: func(op hosttest.Op) error {
			if op == hosttest.OpMessages {
				return hosttest.ErrUnavailable
			}
			return nil
		}})
		if r, err := x.Do(t.Context(), ann, startCall("in", amount(1))); err == nil {
			t.Errorf("%+v", r)
		}
		x.store.Disturb(hosttest.Faults{})
		x.insist(x.start("in", amount(2)).Instance, engine.Completed)
	})
}
