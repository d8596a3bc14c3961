package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tallystick/internal/canon"
	"tallystick/query"
)

// searchBody is the body of every search.
type searchBody struct {
	Filter document  `json:"filter"`
	Sort   []sorting `json:"sort"`
	Page   paging    `json:"page"`
}

type sorting struct {
	Field string `json:"field" api:"required"`
	Order string `json:"order"`
}

type paging struct {
	Limit  *int64 `json:"limit"`
	From   *int64 `json:"from"`
	After  string `json:"after"`
	Before string `json:"before"`
}

// pageInfo and page are how a search answers.
type pageInfo struct {
	TotalItems        int64   `json:"totalItems"`
	HasMoreTotalItems bool    `json:"hasMoreTotalItems"`
	StartCursor       *string `json:"startCursor"`
	EndCursor         *string `json:"endCursor"`
}

type page[T any] struct {
	Items []T      `json:"items"`
	Page  pageInfo `json:"page"`
}

const pageMax = 10_000

// finder answers a search of one resource.
type finder[T any] func(context.Context, query.Request) (query.Result[T], error)

// search reads the request, finds, and shows each item.
func search[T, V any](r *request, t *table, see query.Access, find finder[T], show func(T) V, more ...query.Cond) (*response, error) {
	q, err := r.search(t)
	if err != nil {
		return nil, err
	}
	q.Access = see
	q.Conds = append(q.Conds, more...)
	found, err := find(r.ctx(), q)
	if err != nil {
		return nil, err
	}
	answer := page[V]{Items: make([]V, len(found.Items)), Page: pageInfo{
		TotalItems: found.Total, HasMoreTotalItems: found.More,
		StartCursor: orNull(found.Start), EndCursor: orNull(found.End),
	}}
	for i, item := range found.Items {
		answer.Items[i] = show(item)
	}
	return respond(http.StatusOK, answer)
}

// same shows a view as it is.
func same[T any](item T) T { return item }

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// search reads a search body against the table of the resource.
func (r *request) search(t *table) (query.Request, error) {
	var q query.Request
	body, err := decode[searchBody](r, optional)
	if err != nil {
		return q, err
	}
	var f findings
	if body.Filter != "" {
		f.filter(canon.JSON(body.Filter), t, "filter", &q)
	}
	q.Sort = f.order(body.Sort, t)
	q.Page = f.paging(body.Page)
	return q, invalid(f.list)
}

// order reads the sort fields: each once, so that cursors stay as short as the table.
func (f *findings) order(given []sorting, t *table) []query.Sort {
	if len(given) > len(t.sort) {
		f.add("sort", fieldValue, "there are %d entries, more than the %d fields to sort by", len(given), len(t.sort))
		return nil
	}
	var sorts []query.Sort
	named := map[string]bool{}
	for i, s := range given {
		if named[s.Field] {
			f.add("sort["+strconv.Itoa(i)+"].field", fieldValue, "the field %q is named twice", shorten(s.Field))
		}
		named[s.Field] = true
		sorts = append(sorts, f.sorting(s, t, i))
	}
	return sorts
}

func (f *findings) sorting(s sorting, t *table, i int) query.Sort {
	at := "sort[" + strconv.Itoa(i) + "]"
	if !slices.Contains(t.sort, s.Field) {
		known := map[string]bool{}
		for _, name := range t.sort {
			known[name] = true
		}
		f.add(at+".field", fieldUnknown, "there is no field %q to sort by%s", shorten(s.Field), suggestion(f, s.Field, known))
	}
	order := strings.ToUpper(s.Order)
	if order != "" && order != "ASC" && order != "DESC" {
		f.add(at+".order", fieldValue, "the order is ASC or DESC")
	}
	return query.Sort{Field: s.Field, Desc: order == "DESC"}
}

func (f *findings) paging(p paging) query.Page {
	out := query.Page{After: p.After, Before: p.Before}
	starts := 0
	for _, given := range []bool{p.From != nil, p.After != "", p.Before != ""} {
		if given {
			starts++
		}
	}
	if starts > 1 {
		f.add("page", fieldValue, "only one of from, after and before can be given")
	}
	if p.Limit != nil {
		out.Limit = int(*p.Limit)
		if *p.Limit < 1 || *p.Limit > pageMax {
			f.add("page.limit", fieldValue, "the limit is from 1 to %d", pageMax)
		}
	}
	if p.From != nil {
		out.From = int(*p.From)
		if *p.From < 0 {
			f.add("page.from", fieldValue, "the position is not negative")
		}
	}
	for name, cursor := range map[string]string{"page.after": p.After, "page.before": p.Before} {
		if _, err := base64.StdEncoding.DecodeString(cursor); err != nil {
			f.add(name, fieldValue, "the cursor is not one of this server")
		}
	}
	return out
}
