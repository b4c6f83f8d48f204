// Package graphapi is Microsoft Graph v1.0 of the practice tenant: the
// resources that connectors and registrations use, with permissions enforced
// from the token, and the documented status codes and error bodies.
//
// It must not know how a token came to be, the portal's pages or any client of
// ours.
package graphapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
	"entrada/internal/practice/mailboxes"
	"entrada/internal/practice/tokens"
)

// Config is what the service stands on.
type Config struct {
	Directory directory.Directory
	Mail      *mailboxes.Store
	Keys      *tokens.Keys
	Faults    *faults.Board
	Latency   time.Duration // added to every answer
}

// Server answers for the Graph host.
type Server struct {
	Config
	mux *http.ServeMux

	mu   sync.Mutex
	busy map[string]int // requests under way per app and mailbox
}

// New makes the service.
func New(c Config) *Server {
	s := &Server{Config: c, mux: http.NewServeMux(), busy: map[string]int{}}
	s.mailRoutes()
	s.calendarRoutes()
	s.peopleRoutes()
	s.directoryRoutes()
	s.applicationRoutes()
	s.grantRoutes()
	s.mux.HandleFunc("POST /v1.0/$batch", s.batch)
	return s
}

// keyed rewrites /applications(appId='x') to /applications/appId='x', so that
// one route serves both ways of naming an object.
var keyed = regexp.MustCompile(`^(/[^/]+/[A-Za-z0-9]+)\(([A-Za-z]+='[^']*')\)`)

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Request-Id", entra.NewGUID())
	client := r.Header.Get("client-request-id")
	if client == "" {
		client = h.Get("Request-Id")
	}
	h.Set("Client-Request-Id", client)
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	// The documented alias for the caller's tenant.
	if rest, ok := strings.CutPrefix(r.URL.Path, "/v1.0/myorganization/"); ok {
		r.URL.Path = "/v1.0/" + rest
		r.URL.RawPath = ""
	}
	if m := keyed.FindStringSubmatch(r.URL.Path); m != nil {
		r.URL.Path = m[1] + "/" + m[2] + strings.TrimPrefix(r.URL.Path, m[0])
		r.URL.RawPath = ""
	}
	if _, pattern := s.mux.Handler(r); pattern == "" {
		s.fail(w, r, s.noRoute(r))
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *Server) noRoute(r *http.Request) *Problem {
	if version, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); version != "v1.0" {
		return &Problem{http.StatusBadRequest, "BadRequest", "Invalid version: " + version}
	}
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "" {
			return &Problem{http.StatusMethodNotAllowed, "Request_BadRequest",
				"Specified HTTP method is not allowed for the request target."}
		}
	}
	parts := strings.Split(r.URL.Path, "/")
	return &Problem{http.StatusBadRequest, "BadRequest",
		"Resource not found for the segment '" + parts[len(parts)-1] + "'."}
}

// Problem is an error answer.
type Problem struct {
	Status        int
	Code, Message string
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Message }

// statuses of the directory's codes.
var statuses = map[string]int{
	"Request_ResourceNotFound":                http.StatusNotFound,
	"Request_MultipleObjectsWithSameKeyValue": http.StatusConflict,
	"Authorization_RequestDenied":             http.StatusForbidden,
	"Directory_QuotaExceeded":                 http.StatusForbidden,
}

func (s *Server) fail(w http.ResponseWriter, _ *http.Request, err error) {
	p := &Problem{http.StatusInternalServerError, "generalException", "General exception while processing."}
	var refused *directory.Error
	switch {
	case errors.As(err, &p):
	case errors.As(err, &refused):
		p = &Problem{http.StatusBadRequest, refused.Code, refused.Message}
		if status, ok := statuses[refused.Code]; ok {
			p.Status = status
		}
	}
	sendJSON(w, p.Status, map[string]any{"error": map[string]any{
		"code": p.Code, "message": p.Message,
		"innerError": map[string]any{
			"date":              s.Directory.Now().Format("2006-01-02T15:04:05"),
			"request-id":        w.Header().Get("Request-Id"),
			"client-request-id": w.Header().Get("Client-Request-Id"),
		},
	}})
}

func sendJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set(
		"Content-Type",
		"application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// call is one authenticated request.
type call struct {
	w      http.ResponseWriter
	r      *http.Request
	token  tokens.Access
	tenant directory.Tenant
	user   *directory.User // the signed-in user, nil in an app-only call
	owner  *directory.User // whose mailbox it is about, if any
	host   string          // where the next page is
}

// body reads a JSON request body.
func (c *call) body() (map[string]any, error) {
	data, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, 4<<20))
	if err != nil {
		return nil, &Problem{http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			"The request body is too large."}
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil || m == nil {
		return nil, &Problem{http.StatusBadRequest, "BadRequest",
			"Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid " +
				"JSON format."}
	}
	if kind := c.r.Header.Get("Content-Type"); !strings.HasPrefix(strings.ToLower(kind), "application/json") {
		return nil, &Problem{http.StatusBadRequest, "BadRequest",
			"Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid " +
				"JSON format."}
	}
	return m, nil
}

// handle serves a pattern once the caller is known and may do what it asks.
func (s *Server) handle(pattern string, may need, serve func(*call) error) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if p := s.throttled(w); p != nil {
			if s.Faults.Wait(r.Context(), s.Latency) {
				s.fail(w, r, p)
			}
			return
		}
		c, err := s.authenticate(w, r)
		if err == nil {
			err = s.allow(c, may)
		}
		if err == nil && c.owner != nil {
			var leave func()
			if leave, err = s.enter(c); err == nil {
				defer leave()
			}
		}
		if !s.Faults.Wait(r.Context(), s.Latency) {
			return
		}
		if err == nil {
			err = serve(c)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *Server) authenticate(w http.ResponseWriter, r *http.Request) (*call, error) {
	unauthorized := func(text string) error {
		w.Header().Set(
			"WWW-Authenticate",
			`Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", `+
				`client_id="`+directory.GraphAppID+`"`)
		return &Problem{http.StatusUnauthorized, "InvalidAuthenticationToken", text}
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return nil, unauthorized("Access token is empty.")
	}
	access, err := s.Keys.Read(token, s.Directory.Now())
	if err != nil {
		return nil, unauthorized(err.Error())
	}
	if access.Audience != directory.GraphAppID {
		return nil, unauthorized("Access token validation failure. Invalid audience.")
	}
	if s.Faults.Hit(faults.ClaimsChallenge) {
		claims := base64.StdEncoding.EncodeToString(
			[]byte(`{"access_token":{"nbf":{"essential":true,"value":"` +
				strconv.FormatInt(s.Directory.Now().Unix(), 10) + `"}}}`))
		w.Header().Set(
			"WWW-Authenticate",
			`Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", `+
				`client_id="`+directory.GraphAppID+`", error="insufficient_claims", claims="`+claims+`"`)
		return nil, &Problem{http.StatusUnauthorized, "InvalidAuthenticationToken",
			"Continuous access evaluation resulted in challenge with result: InteractionRequired and code: " +
				"TokenIssuedBeforeRevocationTimestamp"}
	}
	tenant, ok := s.Directory.TenantNamed(access.TenantID)
	if !ok {
		return nil, unauthorized("Access token validation failure. Invalid issuer.")
	}
	c := &call{w: w, r: r, token: access, tenant: tenant, host: base(r)}
	if elsewhere, on := s.Faults.Value(faults.NextLinkForeign); on {
		c.host = elsewhere
	}
	if !access.AppOnly() {
		if c.user, ok = s.Directory.User(tenant.ID, access.UserID); !ok {
			return nil, unauthorized("The identity of the calling application could not be established.")
		}
	}
	return c, nil
}

// throttled applies the faults that turn every request away.
func (s *Server) throttled(w http.ResponseWriter) *Problem {
	busy := &Problem{http.StatusTooManyRequests, "TooManyRequests", "Too many requests. Please retry after some time."}
	if v, on := s.Faults.HitValue(faults.ThrottleSeconds); on {
		w.Header().Set("Retry-After", v)
		return busy
	}
	if v, on := s.Faults.HitValue(faults.ThrottleDate); on {
		seconds, _ := time.ParseDuration(v + "s")
		w.Header().Set("Retry-After", s.Directory.Now().Add(seconds).Format(http.TimeFormat))
		return busy
	}
	if s.Faults.Hit(faults.ThrottleMissing) {
		return busy
	}
	if v, on := s.Faults.HitValue(faults.ThrottleHuge); on {
		w.Header().Set("Retry-After", v)
		return busy
	}
	if v, on := s.Faults.Value(faults.Unavailable); on && v != "token" && s.Faults.Hit(faults.Unavailable) {
		return &Problem{http.StatusServiceUnavailable, "ServiceUnavailable",
			"The service is temporarily unavailable. Please try again later."}
	}
	return nil
}

// atOnce is how many requests of one app a mailbox takes at the same time:
// learn.microsoft.com/graph/throttling-limits.
const atOnce = 4

func (s *Server) enter(c *call) (leave func(), err error) {
	key := c.token.ClientID + "|" + c.owner.ID
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[key] >= atOnce {
		c.w.Header().Set("Retry-After", "1")
		return nil, &Problem{http.StatusTooManyRequests, "ApplicationThrottled",
			"Application is over its MailboxConcurrency limit."}
	}
	s.busy[key]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.busy[key]--; s.busy[key] == 0 {
			delete(s.busy, key)
		}
	}, nil
}
