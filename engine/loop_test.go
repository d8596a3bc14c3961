package engine

import (
	"strconv"
	"strings"
	"testing"
)

func TestMultiInstanceParallel(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type="=item" each="=list" as=item into=out value="=item + got" done="=numberOfCompletedInstances = 2"
		end e
		s -> a -> e`)
	r.start(`list=["x","y","z"]`)
	r.want(`
		started p v1
		set list = ["x","y","z"]
		activated s
		completed s
		activated a
		loop a of 3
		activated a
		set item = "x" in a
		set loopCounter = 1 in a
		job created a type x retries 3
		activated a
		set item = "y" in a
		set loopCounter = 2 in a
		job created a type y retries 3
		activated a
		set item = "z" in a
		set loopCounter = 3 in a
		job created a type z retries 3`)
	jobs := r.st.Jobs()
	r.do(CompleteJob{Job: jobs[2].Key, Variables: variables([]string{`got="3"`})})
	r.want(`
		job completed a
		set got = "3"
		output 3 of a = "z3"
		completed a`)
	r.do(CompleteJob{Job: jobs[0].Key, Variables: variables([]string{`got="1"`})})
	r.want(`
		job completed a
		set got = "1"
		output 1 of a = "x1"
		completed a
		job canceled a
		terminated a
		loop over a
		set out = ["x1",null,"z3"]
		completed a
		activated e
		completed e
		instance completed`)
}

// Nothing to repeat is no reason to wait: the list of outputs is empty (4.13 of the semantics).
func TestMultiInstanceNone(t *testing.T) {
	t.Parallel()
	for _, attributes := range []string{`times=0`, `times=0 seq`, `each="=[]"`} {
		r := newRun(t, `
			start s
			service a type=a `+attributes+` into=out value="=1"
			end e
			s -> a -> e`)
		r.start()
		if r.st.Status() != Completed || r.st.Variables(r.st.Key())["out"] != "[]" {
			t.Errorf("%s: %s, %v", attributes, r.st.Status(), r.st.Variables(r.st.Key()))
		}
	}
}

// What cannot be counted parks the body, and a repaired value lets it go on.
func TestMultiInstanceCountIncident(t *testing.T) {
	t.Parallel()
	for _, value := range []string{`-1`, `1.5`, `"many"`, `null`, `20000`} {
		r := newRun(t, `
			start s
			service a type=a times="=n"
			end e
			s -> a -> e`)
		r.start("n=" + value)
		if i := r.st.Incidents(); len(i) != 1 || i[0].Element != "a" || i[0].Retry != retryExecute {
			t.Fatalf("%s: incidents %+v", value, i)
		}
		r.set("n=1")
		r.do(ResolveIncident{Incident: r.st.Incidents()[0].Key})
		r.finish("a")
		if r.st.Status() != Completed {
			t.Errorf("%s: %s", value, r.st.Status())
		}
	}
}

func (r *run) set(vars ...string) {
	r.do(SetVariables{Scope: r.st.Key(), Variables: variables(vars)})
}

// Ten thousand instances are begun, completed and published without a cost that grows with their square.
func TestMultiInstanceMax(t *testing.T) {
	t.Parallel()
	def := compileModel(t, `
		start s
		service a type=a times="=n" into=out value="=loopCounter"
		end e
		s -> a -> e`)
	meta := Meta{At: testStart}
	st, _, err := Step(def, State{}, meta, StartInstance{Instance: InstanceKey(5), Variables: variables([]string{"n=2000"})})
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range st.Jobs() {
		if st, _, err = Step(def, st, meta, CompleteJob{Job: j.Key}); err != nil {
			t.Fatal(err)
		}
	}
	out := st.Variables(st.Key())["out"].Items()
	if st.Status() != Completed || len(out) != 2000 || string(out[1999]) != strconv.Itoa(2000) {
		t.Errorf("%s with %d outputs", st.Status(), len(out))
	}
}

func TestStandardLoop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ attributes, want string }{
		{`while="=loopCounter < 3"`, "1 2 3"},
		{`while="=loopCounter < 3" before`, "1 2 3"},
		{`while="=false"`, "1"},
		{`while="=false" before`, ""},
		{`while="=true" max=2`, "1 2"},
		{`max=0`, ""},
	} {
		r := newRun(t, `
			start s
			script a expr="=append(list, loopCounter)" result=list `+c.attributes+`
			end e
			s -> a -> e`)
		r.start("list=[]")
		got := strings.NewReplacer("[", "", "]", "", ",", " ").Replace(string(r.st.Variables(r.st.Key())["list"]))
		if r.st.Status() != Completed || got != c.want {
			t.Errorf("%s: %s, passes %s; want %s", c.attributes, r.st.Status(), got, c.want)
		}
	}
}
