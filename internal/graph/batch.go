package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// batchPath only ever carries look-ups.
const batchPath = "/$batch"

// part is one look-up among several.
type part struct {
	path    string
	headers map[string]string
	out     any
	came    bool // whole and well, in out
}

// getBatch asks for up to 20 things in one request. A part that did not come is not
// reported (learn.microsoft.com/graph/json-batching).
func (c *Client) getBatch(ctx context.Context, op string, parts []*part) {
	type request struct {
		ID      string            `json:"id"`
		Method  string            `json:"method"`
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers,omitempty"`
	}
	body := struct {
		Requests []request `json:"requests"`
	}{}
	for i, p := range parts {
		body.Requests = append(body.Requests, request{strconv.Itoa(i + 1), http.MethodGet, p.path, p.headers})
	}
	var answer struct {
		Responses []struct {
			ID     string          `json:"id"`
			Status int             `json:"status"`
			Body   json.RawMessage `json:"body"`
		} `json:"responses"`
	}
	if err := c.do(ctx, op, http.MethodPost, batchPath, body, &answer, always); err != nil {
		return
	}
	for _, r := range answer.Responses {
		i, err := strconv.Atoi(r.ID) // they come in any order
		if err != nil || i < 1 || i > len(parts) || r.Status != http.StatusOK {
			continue
		}
		p := parts[i-1]
		p.came = json.Unmarshal(r.Body, p.out) == nil
	}
}
