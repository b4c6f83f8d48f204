package graph

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"entrada/internal/fault"
)

// maxPages is far more pages than any list here has.
const maxPages = 50

// all reads a list page by page. It follows the link to the next page, and sends the
// token, only if the link leads to the same version of Graph
// (learn.microsoft.com/graph/paging).
func all[T any](ctx context.Context, c *Client, op, path string) ([]T, error) {
	var items []T
	for range maxPages {
		var page struct {
			Value []T    `json:"value"`
			Next  string `json:"@odata.nextLink"`
		}
		if err := c.do(ctx, op, http.MethodGet, path, nil, &page, always); err != nil {
			return nil, err
		}
		items = append(items, page.Value...)
		if page.Next == "" {
			return items, nil
		}
		rest, ours := strings.CutPrefix(page.Next, c.base)
		if !ours || !strings.HasPrefix(rest, "/") {
			return nil, &fault.Error{Kind: fault.BadAnswer, Op: op, Detail: "the next page is on another server"}
		}
		path = rest
	}
	return nil, &fault.Error{Kind: fault.BadAnswer, Op: op, Detail: "the list has no end"}
}

// gone reports whether the object to delete no longer exists. A mailbox that does not
// exist is another error.
func gone(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && (f.Status == http.StatusGone ||
		f.Status == http.StatusNotFound && (f.Code == "ErrorItemNotFound" || strings.EqualFold(f.Code, "itemNotFound")))
}

// needID returns an error if the answer has no ID of a new object.
func needID(op, id string, err error) error {
	if err == nil && id == "" {
		return &fault.Error{Kind: fault.BadAnswer, Op: op, Detail: "what was created has no ID"}
	}
	return err
}

// quoted is text as a literal of a filter: a quote within is doubled
// (learn.microsoft.com/graph/query-parameters).
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// query is a query string with spaces as %20, as in Graph's own examples. Some of its
// services take a plus sign literally.
func query(v url.Values) string { return strings.ReplaceAll(v.Encode(), "+", "%20") }
