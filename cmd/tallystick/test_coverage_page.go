package main

import "html/template"

// coveragePage shows the coverage to people; it needs nothing but itself.
var coveragePage = template.Must(template.New("coverage").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Coverage of processes</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c2430; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #d9dee5; }
td.count, th.count { text-align: right; font-variant-numeric: tabular-nums; }
tr.missed { background: #fdecea; }
meter { width: 8rem; vertical-align: middle; }
code { font: 13px ui-monospace, monospace; }
</style>
</head>
<body>
<h1>Coverage of processes</h1>
<table>
<tr><th>Process</th><th>Elements</th><th>Flows</th></tr>
{{range $i, $p := .}}<tr><td><a href="#p{{$i}}"><code>{{.ID}}</code></a> {{.Name}}</td>
{{with .ElementsReached}}<td><meter max="100" value="{{.Percent}}"></meter> {{.Reached}} of {{.Total}}, {{.Percent}}%</td>{{end}}
{{with .FlowsReached}}<td><meter max="100" value="{{.Percent}}"></meter> {{.Reached}} of {{.Total}}, {{.Percent}}%</td>{{end}}</tr>
{{else}}<tr><td colspan="3">No process was deployed.</td></tr>
{{end}}</table>
{{range $i, $p := .}}<h2 id="p{{$i}}"><code>{{.ID}}</code> {{.Name}}</h2>
<p>First deployed by <code>{{.Scenario}}</code>.</p>
<table>
<tr><th>Element</th><th>Name</th><th>Type</th><th class="count">Reached</th></tr>
{{range .Elements}}<tr{{if not .Count}} class="missed"{{end}}><td><code>{{.ID}}</code></td><td>{{.Name}}</td><td>{{.Type}}</td><td class="count">{{.Count}}</td></tr>
{{end}}</table>
<table>
<tr><th>Flow</th><th>From</th><th>To</th><th class="count">Taken</th></tr>
{{range .Flows}}<tr{{if not .Count}} class="missed"{{end}}><td><code>{{.ID}}</code></td><td><code>{{.Source}}</code></td><td><code>{{.Target}}</code></td><td class="count">{{.Count}}</td></tr>
{{end}}</table>
{{end}}</body>
</html>
`))
