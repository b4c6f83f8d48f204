package graphapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

// atMost is how many requests a batch may hold:
// learn.microsoft.com/graph/json-batching.
const atMost = 20

type batchRequest struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

type batchResponse struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    any               `json:"body,omitempty"`
}

// batch answers several requests in one: each with its own status, permissions
// and throttling; those that depend on no other side by side.
func (s *Server) batch(w http.ResponseWriter, r *http.Request) {
	bad := func(message string) { s.fail(w, r, &Problem{http.StatusBadRequest, "BadRequest", message}) }
	if _, err := s.authenticate(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	var in struct {
		Requests []batchRequest `json:"requests"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<20)).Decode(&in); err != nil || len(in.Requests) == 0 {
		bad("Invalid batch payload format.")
		return
	}
	if len(in.Requests) > atMost {
		bad("Number of batch request steps exceeds the maximum value of 20.")
		return
	}
	seen := map[string]bool{}
	for _, one := range in.Requests {
		if one.ID == "" || one.Method == "" || one.URL == "" || seen[one.ID] {
			bad("Batch request id, method and url must be there, and the id must be unique.")
			return
		}
		for _, id := range one.DependsOn {
			if !seen[id] {
				bad("Request '" + one.ID + "' depends on a request that is not before it.")
				return
			}
		}
		seen[one.ID] = true
	}
	sendJSON(w, http.StatusOK, map[string]any{"responses": s.answerAll(r, in.Requests)})
}

func (s *Server) answerAll(r *http.Request, list []batchRequest) []batchResponse {
	out := make([]batchResponse, len(list))
	well := map[string]bool{}
	var free sync.WaitGroup
	var after []int
	for i, one := range list {
		if len(one.DependsOn) > 0 {
			after = append(after, i)
			continue
		}
		free.Go(func() { out[i] = s.answerOne(r, one) })
	}
	free.Wait()
	for i, one := range list {
		well[one.ID] = out[i].Status > 0 && out[i].Status < 400
	}
	for _, i := range after {
		failed := false
		for _, id := range list[i].DependsOn {
			failed = failed || !well[id]
		}
		if failed {
			out[i] = batchResponse{ID: list[i].ID, Status: http.StatusFailedDependency, Headers: map[string]string{}}
			continue
		}
		out[i] = s.answerOne(r, list[i])
		well[list[i].ID] = out[i].Status < 400
	}
	return out
}

// answerOne serves one of the requests as if it had come by itself.
func (s *Server) answerOne(r *http.Request, one batchRequest) (out batchResponse) {
	defer func() {
		// A fault that breaks the line of one request breaks no other.
		if recover() != nil {
			out = batchResponse{ID: one.ID, Status: http.StatusBadGateway, Headers: map[string]string{}}
		}
	}()
	answer := &kept{header: http.Header{}, status: http.StatusOK}
	if strings.Contains(one.URL, "$batch") {
		return batchResponse{ID: one.ID, Status: http.StatusBadRequest, Headers: map[string]string{}}
	}
	req, err := http.NewRequestWithContext(
		r.Context(), strings.ToUpper(one.Method), base(r)+"/v1.0/"+strings.TrimPrefix(one.URL, "/"),
		bytes.NewReader(one.Body))
	if err != nil {
		return batchResponse{ID: one.ID, Status: http.StatusBadRequest, Headers: map[string]string{}}
	}
	req.RequestURI, req.RemoteAddr, req.TLS = req.URL.RequestURI(), r.RemoteAddr, r.TLS
	for name, value := range one.Headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("Authorization", r.Header.Get("Authorization"))
	s.ServeHTTP(answer, req)
	out = batchResponse{ID: one.ID, Status: answer.status, Headers: map[string]string{}}
	for name := range answer.header {
		out.Headers[name] = answer.header.Get(name)
	}
	if data := answer.body.Bytes(); strings.HasPrefix(out.Headers["Content-Type"], "application/json") {
		out.Body = json.RawMessage(data)
	} else if len(data) > 0 {
		out.Body = base64.StdEncoding.EncodeToString(data)
	}
	return out
}

// kept is an answer that goes into another one.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(status int)      { k.status = status }
func (k *kept) Write(p []byte) (int, error) { return k.body.Write(p) }
