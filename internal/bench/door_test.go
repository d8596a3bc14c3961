package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
)

// door is how a client reaches a node.
type door interface {
	// through starts an instance and waits for its end.
	through(ctx context.Context, process string) error
	// review starts an instance and completes its user task.
	review(ctx context.Context, process string) error
}

// inside calls the host in process.
type inside struct{ host *host.Host }

func (d inside) start(ctx context.Context, process string) (host.Receipt, error) {
	return d.host.Do(ctx, clerk, host.Call{
		Process: host.ProcessRef{ID: process},
		Command: engine.StartInstance{Variables: engine.Variables{"amount": canon.Int(250)}},
	})
}

func (d inside) through(ctx context.Context, process string) error {
	r, err := d.start(ctx, process)
	if err != nil {
		return err
	}
	status, err := d.host.Await(ctx, clerk, r.Instance)
	if err == nil && status != string(engine.Completed) {
		return fmt.Errorf("instance %d ended %s", r.Instance, status)
	}
	return err
}

func (d inside) review(ctx context.Context, process string) error {
	r, err := d.start(ctx, process)
	if err != nil {
		return err
	}
	task, err := openTask(r)
	if err != nil {
		return err
	}
	return d.complete(ctx, r.Instance, task)
}

func (d inside) complete(ctx context.Context, instance, task int64) error {
	r, err := d.host.Do(ctx, clerk, host.Call{Instance: instance, Command: engine.CompleteTask{Task: task}})
	if err == nil && r.Status != string(engine.Completed) {
		return fmt.Errorf("instance %d is %s", instance, r.Status)
	}
	return err
}

func openTask(r host.Receipt) (int64, error) {
	for _, rec := range r.Records {
		if t, ok := rec.(engine.TaskCreated); ok {
			return t.Key, nil
		}
	}
	return 0, errors.New("the start opened no task")
}

// overHTTP is a client of the REST interface with a token. The key of the task follows from that of the
// instance: its distance is looked up once, so that a review is two requests as it is two commands.
type overHTTP struct {
	client     *http.Client
	url, token string
	distance   atomic.Int64
}

func (s *scope) newHTTP(n *node, clients int) *overHTTP {
	d := &overHTTP{
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}},
		url:    n.url, token: n.token,
	}
	s.Cleanup(d.client.CloseIdleConnections)
	return d
}

func (d *overHTTP) post(ctx context.Context, path string, body, answer any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+d.token)
	res, err := d.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("POST %s: %s: %s", path, res.Status, got)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(got, answer)
}

func (d *overHTTP) start(ctx context.Context, process string, wait bool) (int64, error) {
	var answer struct {
		ProcessInstanceKey string `json:"processInstanceKey"`
	}
	err := d.post(ctx, "/v2/process-instances", map[string]any{
		"processDefinitionId": process, "variables": map[string]any{"amount": 250}, "awaitCompletion": wait,
		"requestTimeout": 60_000,
	}, &answer)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(answer.ProcessInstanceKey, 10, 64)
}

func (d *overHTTP) through(ctx context.Context, process string) error {
	_, err := d.start(ctx, process, true)
	return err
}

func (d *overHTTP) review(ctx context.Context, process string) error {
	instance, err := d.start(ctx, process, false)
	if err != nil {
		return err
	}
	if d.distance.Load() == 0 {
		if err := d.measureDistance(ctx, instance); err != nil {
			return err
		}
	}
	task := strconv.FormatInt(instance+d.distance.Load(), 10)
	return d.post(ctx, "/v2/user-tasks/"+task+"/completion", map[string]any{}, nil)
}

func (d *overHTTP) measureDistance(ctx context.Context, instance int64) error {
	var found struct {
		Items []struct {
			UserTaskKey string `json:"userTaskKey"`
		} `json:"items"`
	}
	err := d.post(ctx, "/v2/user-tasks/search", map[string]any{
		"filter": map[string]any{"processInstanceKey": strconv.FormatInt(instance, 10)},
	}, &found)
	if err != nil {
		return err
	}
	if len(found.Items) != 1 {
		return fmt.Errorf("%d user tasks of instance %d", len(found.Items), instance)
	}
	task, err := strconv.ParseInt(found.Items[0].UserTaskKey, 10, 64)
	d.distance.Store(task - instance)
	return err
}
