package ordeal

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

const pageLimit = 2000

// everything reads all pages of a search.
func everything[T any](ctx context.Context, c *Client, path string, filter map[string]any) ([]T, error) {
	var out []T
	after := ""
	for {
		items, next, err := onePage[T](ctx, c, path, filter, after)
		if err != nil {
			return nil, err
		}
		out = append(out, items...)
		if len(items) < pageLimit {
			return out, nil
		}
		after = next
	}
}

func onePage[T any](ctx context.Context, c *Client, path string, filter map[string]any, after string) ([]T, string, error) {
	page := map[string]any{"limit": pageLimit}
	if after != "" {
		page["after"] = after
	}
	a := c.Patient(ctx, Call{Method: http.MethodPost, Path: path, Body: map[string]any{"filter": filter, "page": page}})
	if a.Outcome() != Done {
		return nil, "", fmt.Errorf("%s: %d %s %w", path, a.Status, a.Body, a.Err)
	}
	var got struct {
		Items []T
		Page  struct{ EndCursor string }
	}
	if err := json.Unmarshal(a.Body, &got); err != nil {
		return nil, "", err
	}
	return got.Items, got.Page.EndCursor, nil
}
