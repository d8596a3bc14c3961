package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"tallystick/engine"
	"tallystick/query"
	"tallystick/tasks"
)

var pageCases = []testCase{
	{"forwards and backwards meet", pagesMeet},
	{"from a position", pagesFrom},
	{"a page ends when it is large", pagesOfLarge},
	{"totals stop counting", totalsStop},
	{"a cursor belongs to its sort", cursorOfItsSort},
	{"rows that come and go do not shift pages", pagesStand},
}

// sorted is a task as the model of the page cases sorts it.
type sorted struct {
	key      int64
	priority int
	due      *time.Time
	name     string
}

// manyTasks commits tasks with few distinct values, so that ties and NULL are common.
func manyTasks(w *world, n int, r *rand.Rand) []sorted {
	w.Helper()
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	var model []sorted
	for i := range n {
		s := sorted{key: key + 1 + int64(i), priority: r.IntN(3), name: string(rune('A'+r.IntN(3))) + []string{"", "ä", "z"}[r.IntN(3)]}
		t := tasks.Task{Priority: s.priority, Name: s.name}
		if r.IntN(3) > 0 {
			t.DueDate = noon.Add(time.Duration(r.IntN(3)) * time.Hour)
			s.due = &t.DueDate
		}
		b.record(key, engine.TaskCreated{Key: s.key, Task: t})
		model = append(model, s)
	}
	w.commit(b)
	return model
}

// order compares by one sort field; NULL is larger than everything.
func (s sorted) order(o sorted, by query.Sort) int {
	c := 0
	switch by.Field {
	case "priority":
		c = cmp.Compare(s.priority, o.priority)
	case "name":
		c = cmp.Compare(s.name, o.name)
	case "userTaskKey":
		c = cmp.Compare(s.key, o.key)
	case "dueDate":
		switch {
		case s.due == nil || o.due == nil:
			c = cmp.Compare(btoi(s.due == nil), btoi(o.due == nil))
		default:
			c = s.due.Compare(*o.due)
		}
	}
	if by.Desc {
		return -c
	}
	return c
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func expected(model []sorted, sorts []query.Sort) []int64 {
	tie := query.Sort{Field: "userTaskKey"}
	if len(sorts) > 0 {
		tie.Desc = sorts[len(sorts)-1].Desc
	}
	sorts = append(slices.Clone(sorts), tie)
	model = slices.Clone(model)
	slices.SortFunc(model, func(a, b sorted) int {
		for _, s := range sorts {
			if c := a.order(b, s); c != 0 {
				return c
			}
		}
		return 0
	})
	keys := make([]int64, len(model))
	for i, m := range model {
		keys[i] = m.key
	}
	return keys
}

func pagesMeet(w *world) {
	seed := uint64(time.Now().UnixNano())
	w.Logf("seed %d", seed)
	model := manyTasks(w, 25, rand.New(rand.NewPCG(seed, 1)))
	for _, sorts := range [][]query.Sort{
		nil,
		{{Field: "userTaskKey", Desc: true}},
		{{Field: "priority"}},
		{{Field: "dueDate"}},
		{{Field: "dueDate", Desc: true}},
		{{Field: "name", Desc: true}, {Field: "dueDate"}},
		{{Field: "dueDate", Desc: true}, {Field: "priority"}, {Field: "name"}},
	} {
		for _, limit := range []int{1, 7, 25, 40} {
			want := expected(model, sorts)
			forward, last := walk(w, sorts, limit, len(want))
			if !slices.Equal(forward, want) {
				w.Fatalf("%+v by %d: %v, want %v", sorts, limit, forward, want)
			}
			backward := walkBack(w, sorts, limit, last)
			if got := append(backward, want[len(want)-1]); !slices.Equal(got, want) {
				w.Fatalf("%+v by %d backwards: %v, want %v", sorts, limit, got, want)
			}
		}
	}
}

// walk reads forwards and returns the keys and the cursor of the last row.
func walk(w *world, sorts []query.Sort, limit, want int) (keys []int64, last string) {
	w.Helper()
	page := query.Page{Limit: limit}
	for {
		r, err := w.db.SearchUserTasks(w.Context(), query.Request{Access: all, Sort: sorts, Page: page})
		w.must(err)
		if r.Total != int64(want) {
			w.Fatalf("total %d, want %d", r.Total, want)
		}
		if len(r.Items) == 0 {
			return keys, last
		}
		for _, t := range r.Items {
			keys = append(keys, int64(t.UserTaskKey))
		}
		last, page.After = r.End, r.End
	}
}

// walkBack reads backwards from a cursor.
func walkBack(w *world, sorts []query.Sort, limit int, before string) (keys []int64) {
	w.Helper()
	for {
		r, err := w.db.SearchUserTasks(w.Context(), query.Request{
			Access: all, Sort: sorts, Page: query.Page{Limit: limit, Before: before},
		})
		w.must(err)
		if len(r.Items) == 0 {
			return keys
		}
		var part []int64
		for _, t := range r.Items {
			part = append(part, int64(t.UserTaskKey))
		}
		keys, before = append(part, keys...), r.Start
	}
}

func pagesFrom(w *world) {
	model := manyTasks(w, 10, rand.New(rand.NewPCG(1, 2)))
	r, err := w.db.SearchUserTasks(w.Context(), query.Request{Access: all, Page: query.Page{From: 7, Limit: 5}})
	w.must(err)
	if len(r.Items) != 3 || int64(r.Items[0].UserTaskKey) != model[7].key || r.Total != 10 {
		w.Errorf("%d items, total %d", len(r.Items), r.Total)
	}
	none, err := w.db.SearchUserTasks(w.Context(), query.Request{Access: all, Page: query.Page{From: 20}})
	w.must(err)
	if len(none.Items) != 0 || none.Start != "" || none.End != "" || none.Total != 10 {
		w.Errorf("behind the end: %+v", none)
	}
}

func totalsStop(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	for i := range int64(query.TotalMax + 5) {
		b.record(key, engine.VariableSet{Key: key + 1 + i, Scope: key, Name: fmt.Sprint("v", i%2), Value: "0"})
	}
	w.commit(b)
	r, err := w.db.SearchVariables(w.Context(), query.Request{Access: all})
	w.must(err)
	if len(r.Items) != 100 || r.Total != query.TotalMax || !r.More {
		w.Errorf("%d items, total %d, more %v", len(r.Items), r.Total, r.More)
	}
	half, err := w.db.SearchVariables(w.Context(), query.Request{
		Access: all, Page: query.Page{Limit: 1}, Conds: []query.Cond{{Field: "name", Op: query.Eq, Value: "v1"}},
	})
	w.must(err)
	if half.Total != query.TotalMax/2+2 || half.More {
		w.Errorf("total %d, more %v", half.Total, half.More)
	}
}

func cursorOfItsSort(w *world) {
	manyTasks(w, 3, rand.New(rand.NewPCG(1, 2)))
	r, err := w.db.SearchUserTasks(w.Context(), query.Request{Access: all, Page: query.Page{Limit: 1}})
	w.must(err)
	_, err = w.db.SearchUserTasks(w.Context(), query.Request{
		Access: all, Sort: []query.Sort{{Field: "priority"}}, Page: query.Page{After: r.End},
	})
	if err == nil {
		w.Error("a cursor of another sort was taken")
	}
}

// pagesStand completes a task of the first page before it reads the second.
func pagesStand(w *world) {
	model := manyTasks(w, 6, rand.New(rand.NewPCG(3, 4)))
	open := query.Request{
		Access: all, Page: query.Page{Limit: 3}, Conds: []query.Cond{{Field: "state", Op: query.Eq, Value: "CREATED"}},
	}
	first, err := w.db.SearchUserTasks(w.Context(), open)
	w.must(err)
	key := engine.InstanceOf(model[0].key)
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	w.commit(b.record(key, engine.TaskCompleted{Key: model[1].key}))
	open.Page.After = first.End
	second, err := w.db.SearchUserTasks(w.Context(), open)
	w.must(err)
	if len(second.Items) != 3 || int64(second.Items[0].UserTaskKey) != model[3].key {
		w.Errorf("the second page starts elsewhere: %+v", second.Items)
	}
}

// pagesOfLarge: what is left out of a page comes on the next one, in both directions, and is counted.
func pagesOfLarge(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	large := `"` + strings.Repeat("x", 12<<20) + `"`
	for i := range int64(5) {
		b.record(key, engine.VariableSet{Key: key + 10 + i, Scope: key, Name: fmt.Sprint("v", i), Value: canonText(large)})
	}
	w.commit(b)
	names := func(p query.Page) (names []string, r query.Result[query.Variable]) {
		r, err := w.db.SearchVariables(w.Context(), query.Request{Access: all, Page: p})
		w.must(err)
		for _, v := range r.Items {
			names = append(names, v.Name)
		}
		if r.Total != 5 {
			w.Errorf("%d of 5 variables", r.Total)
		}
		return names, r
	}
	first, r := names(query.Page{})
	w.same("the first page", []string{"v0", "v1", "v2"}, first)
	rest, r := names(query.Page{After: r.End})
	w.same("the second page", []string{"v3", "v4"}, rest)
	before, r := names(query.Page{Before: r.End})
	w.same("back from its end", []string{"v1", "v2", "v3"}, before)
	before, _ = names(query.Page{Before: r.Start})
	w.same("and to the start", []string{"v0"}, before)
}
