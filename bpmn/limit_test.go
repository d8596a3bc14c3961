package bpmn_test

import (
	"fmt"
	"strings"
	"testing"

	"tallystick/bpmn"
)

// largest are files near the limits, each of which must stay cheap to read: a look-up that walks
// over ancestors or siblings would show in BenchmarkParseLargest at once.
func largest() map[string]string {
	var declarations strings.Builder
	for i := range 250 {
		fmt.Fprintf(&declarations, ` xmlns:p%d="u"`, i)
	}
	deep := strings.Repeat("<x:g"+declarations.String()+">", 240)
	var nodes strings.Builder
	nodes.WriteString(`<startEvent id="s"/><sequenceFlow id="i" sourceRef="s" targetRef="t0"/>`)
	for i := range 20_000 {
		fmt.Fprintf(&nodes, `<task id="t%d"/><sequenceFlow id="f%d" sourceRef="t%d" targetRef="t%d"/>`, i, i, i, i+1)
	}
	nodes.WriteString(`<task id="t20000"/>`)
	var boundaries strings.Builder
	boundaries.WriteString(`<startEvent id="s"/><sequenceFlow id="i" sourceRef="s" targetRef="a"/><task id="a"/>`)
	for i := range 20_000 {
		fmt.Fprintf(&boundaries, `<boundaryEvent id="b%d" attachedToRef="a"><errorEventDefinition/></boundaryEvent>`, i)
	}
	var gateways, inputs strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&gateways, `<complexGateway id="g%d"/>`, i)
		fmt.Fprintf(&inputs, `<dataInput id="i%d"/>`, i)
	}
	inputs.WriteString("<inputSet>")
	for i := range 20_000 {
		fmt.Fprintf(&inputs, `<dataInputRefs>i%d</dataInputRefs>`, i)
	}
	shared := `<conditionalEventDefinition id="shared"><extensionElements><zeebe:conditionalFilter variableNames="` +
		strings.Repeat("x,", 30_000) + `"/></extensionElements><condition>=x</condition></conditionalEventDefinition>`
	return map[string]string{
		"gateways": around(`<task id="a"/>` + gateways.String()),
		"inputs":   around(`<task id="a"><ioSpecification>` + inputs.String() + `</inputSet></ioSpecification></task>`),
		"shared": around(`<intermediateCatchEvent id="a">`+strings.Repeat("<eventDefinitionRef>shared</eventDefinitionRef>", 20_000)+
			`</intermediateCatchEvent>`, shared),
		"chain":      process(nodes.String()),
		"boundaries": process(boundaries.String()),
		"prefixes": around(`<task id="a"><extensionElements>` + deep + strings.Repeat("<x:y/>", 40_000) +
			strings.Repeat("</x:g>", 240) + `</extensionElements></task>`),
	}
}

func TestParseLargest(t *testing.T) {
	for name, src := range largest() {
		_, diagnostics, err := bpmn.Parse([]byte(src))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if wantErrors := name == "boundaries" || name == "gateways"; diagnostics.HasErrors() != wantErrors || len(diagnostics) > 501 {
			t.Errorf("%s: %d diagnostics, first %v", name, len(diagnostics), diagnostics[0])
		}
	}
}

func BenchmarkParseLargest(b *testing.B) {
	for name, src := range largest() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := bpmn.Parse([]byte(src)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
