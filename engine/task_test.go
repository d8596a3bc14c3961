package engine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/tasks"
)

func TestTaskLife(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a groups=clerks
		end e
		s -> a -> e`)
	r.start()
	key := r.task("a")
	priority, due := 80, testStart.Add(time.Hour)
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		task created a groups [clerks]`)
	r.do(AssignTask{Task: key, Assignee: "ann"})
	r.do(AssignTask{Task: key, Assignee: "bob"})
	r.do(AssignTask{Task: key, Assignee: "bob", AllowOverride: true})
	r.do(UnassignTask{Task: key})
	r.do(AssignTask{Task: key})
	r.do(UpdateTask{Task: key, Change: tasks.Change{Priority: &priority, DueDate: &due}})
	priority2 := 101
	r.do(UpdateTask{Task: key, Change: tasks.Change{Priority: &priority2}})
	r.want(`
		task assigned a to ann
		refused task.assigned
		task assigned a to bob
		task unassigned a
		refused task.assignee_missing
		task updated a due priority
		refused task.priority_invalid`)
	got, ok := r.st.Task(key)
	want := tasks.Task{
		Name: "N a", State: tasks.Created, CandidateGroups: []string{"clerks"}, Priority: 80, DueDate: due,
	}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Error(diff)
	}
	r.do(CompleteTask{Task: key, Action: "done"})
	r.want(`
		task completed a by user:ann
		completed a
		activated e
		completed e
		instance completed`)
}

// A task that is gone is not found, whatever is asked of it.
func TestTaskNotFound(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a
		user b
		s -> a -> b`)
	r.start()
	key := r.task("a")
	r.do(CompleteTask{Task: key})
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		task created a
		task completed a by user:ann
		completed a
		activated b
		task created b`)
	r.do(CompleteTask{Task: key})
	r.do(AssignTask{Task: key, Assignee: "ann"})
	r.do(UnassignTask{Task: key})
	r.do(UpdateTask{Task: key})
	r.want(`
		refused task.not_found
		refused task.not_found
		refused task.not_found
		refused task.not_found`)
}

func TestTaskAttributes(t *testing.T) {
	t.Parallel()
	const text = `
		start s
		user a assignee==who groups==groups users=bob due==due followup==later priority==prio formkey=camunda-forms:bpmn:f1
		s -> a`
	good := []string{
		`who="ann"`, `groups=["x","y"]`, `due="2028-03-01T00:00:00Z"`, `later="PT1H"`, `prio=70`,
	}
	r := newRun(t, text)
	r.start(good...)
	want := tasks.Task{
		Name: "N a", State: tasks.Created, Assignee: "ann", CandidateGroups: []string{"x", "y"},
		CandidateUsers: []string{"bob"}, DueDate: time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC),
		FollowUpDate: testStart.Add(time.Hour), Priority: 70, FormID: "camunda-forms:bpmn:f1",
	}
	got, _ := r.st.Task(r.task("a"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{
		`who=1`, `groups=[1]`, `groups=5`, `groups=[""]`, `due="soon"`, `later="P"`, `prio=101`, `prio="x"`, `prio=1.5`,
	} {
		r := newRun(t, text)
		r.start(append(good, bad)...)
		if in := r.st.Incidents(); len(in) != 1 || in[0].ErrorType != "EXTRACT_VALUE_ERROR" {
			t.Errorf("%s: incidents %v", bad, in)
		}
	}
}

func TestTaskForm(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		user a form=order
		s -> a`)
	r.start()
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		incident FORM_NOT_FOUND at a: no form order is deployed`)
	r.meta.Library = library{forms: map[string]int64{"order": 4711}}
	r.resolve("a")
	r.want(`
		incident resolved at a
		task created a`)
	if got, _ := r.st.Task(r.task("a")); got.FormKey != 4711 || got.FormID != "order" {
		t.Errorf("form %d %q", got.FormKey, got.FormID)
	}
}

func TestJobLife(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type==kind retries==n
		end e
		s -> a -> e`)
	r.start(`kind="work"`, "n=5")
	key := r.job("a")
	r.want(`
		started p v1
		set kind = "work"
		set n = 5
		activated s
		completed s
		activated a
		job created a type work retries 5`)
	r.do(FailJob{Job: key, Retries: 2, Message: "busy", Backoff: time.Minute, Variables: variables([]string{"seen=1"})})
	if j, _ := r.st.Job(key); !j.NotBefore.Equal(testStart.Add(time.Minute)) || j.Retries != 2 {
		t.Errorf("job %v", j)
	}
	r.do(FailJob{Job: key})
	r.do(FailJob{Job: key})
	r.want(`
		job failed a retries 2 later: busy
		set seen = 1 in a
		job failed a retries 0
		incident JOB_NO_RETRIES at a: the job has no retries left
		job failed a retries 0`)
	r.do(UpdateJob{Job: key, Retries: new(1)})
	r.resolve("a")
	r.do(ThrowJobError{Job: key})
	r.do(FailJob{Job: key, Retries: -1})
	r.do(FailJob{Job: key, Retries: 1, Backoff: -1})
	r.do(UpdateJob{Job: key, Retries: new(0)})
	r.want(`
		job retries a 1
		incident resolved at a
		refused job.error_code_missing
		refused job.retries_invalid
		refused job.backoff_invalid
		refused job.retries_invalid`)
	r.finish("a")
	r.want(`
		job completed a
		completed a
		activated e
		completed e
		instance completed`)
}

// The first completion wins; an open incident of the job ends with it.
func TestJobCompletedLate(t *testing.T) {
	t.Parallel()
	r := newRun(t, `
		start s
		service a type=work
		user b
		s -> a -> b`)
	r.start()
	key := r.job("a")
	r.do(FailJob{Job: key})
	r.do(CompleteJob{Job: key, Prediction: &Prediction{Model: "m", Output: "0.5", Inputs: "{}"}})
	r.want(`
		started p v1
		activated s
		completed s
		activated a
		job created a type work retries 3
		job failed a retries 0
		incident JOB_NO_RETRIES at a: the job has no retries left
		job completed a
		scored a by m = 0.5
		incident resolved at a
		completed a
		activated b
		task created b`)
	r.do(CompleteJob{Job: key})
	r.do(FailJob{Job: key})
	r.do(ThrowJobError{Job: key, Code: "E"})
	r.do(UpdateJob{Job: key, Retries: new(1)})
	r.want(`
		refused job.not_found
		refused job.not_found
		refused job.not_found
		refused job.not_found`)
}

func TestJobAttributesWrong(t *testing.T) {
	t.Parallel()
	for _, vars := range [][]string{{`kind=1`, "n=1"}, {`kind=""`, "n=1"}, {`kind="x"`, "n=0"}, {`kind="x"`, `n="many"`}} {
		r := newRun(t, "start s\nservice a type==kind retries==n\ns -> a")
		r.start(vars...)
		if in := r.st.Incidents(); len(in) != 1 || in[0].ErrorType != "EXTRACT_VALUE_ERROR" || len(r.st.Jobs()) != 0 {
			t.Errorf("%v: incidents %v", vars, in)
		}
	}
}
