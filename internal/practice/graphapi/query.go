package graphapi

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// object turns a typed value into the map that $select and $filter work on.
func object(v any) map[string]any {
	data, _ := json.Marshal(v)
	var m map[string]any
	_ = json.Unmarshal(data, &m)
	return m
}

func objects[T any](items []T) []map[string]any {
	out := make([]map[string]any, 0, len(items))
	for _, i := range items {
		out = append(out, object(i))
	}
	return out
}

func base(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// one answers with a single object.
func (c *call) one(status int, context string, m map[string]any) error {
	m = chosen(m, c.r.URL.Query().Get("$select"))
	m["@odata.context"] = base(c.r) + "/v1.0/$metadata#" + context
	sendJSON(c.w, status, m)
	return nil
}

// many answers with a page of objects: $filter, $orderby, $top, $skip, $select
// and $count, with @odata.nextLink while there are more.
func (c *call) many(context string, items []map[string]any, size int) error {
	q := c.r.URL.Query()
	advanced := c.eventual() && q.Get("$count") == "true"
	items, err := filtered(items, q.Get("$filter"), advanced)
	if err != nil {
		return err
	}
	ordered(items, q.Get("$orderby"))
	total := len(items)
	if v := q.Get("$top"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 1000 {
			return &Problem{http.StatusBadRequest, "BadRequest", "Invalid page size specified: '" + v + "'. Must be between 1 and 1000 inclusive."}
		}
		size = n
	}
	skip := 0
	if v := q.Get("$skip"); v != "" {
		if skip, err = strconv.Atoi(v); err != nil || skip < 0 {
			return &Problem{http.StatusBadRequest, "BadRequest", "Invalid value for $skip."}
		}
	}
	rest := items[min(skip, total):]
	page := rest[:min(size, len(rest))]
	out := make([]map[string]any, 0, len(page))
	for _, m := range page {
		out = append(out, chosen(m, q.Get("$select")))
	}
	body := map[string]any{"@odata.context": base(c.r) + "/v1.0/$metadata#" + context, "value": out}
	// The directory passes over $count without the header, without a word.
	if q.Get("$count") == "true" && (c.eventual() || !slices.Contains(directoryObjects, context)) {
		body["@odata.count"] = total
	}
	if len(rest) > size {
		next := *c.r.URL
		q.Set("$skip", strconv.Itoa(skip+size))
		next.RawQuery = q.Encode()
		body["@odata.nextLink"] = c.host + next.RequestURI()
	}
	sendJSON(c.w, http.StatusOK, body)
	return nil
}

// directoryObjects are the collections whose advanced queries need a header:
// learn.microsoft.com/graph/aad-advanced-queries.
var directoryObjects = []string{"users", "applications", "servicePrincipals", "directoryObjects", "organization"}

func (c *call) eventual() bool {
	return strings.EqualFold(c.r.Header.Get("ConsistencyLevel"), "eventual")
}

// chosen keeps the properties of a $select; id and etag always stay.
func chosen(m map[string]any, names string) map[string]any {
	out := map[string]any{}
	wanted := strings.Split(names, ",")
	for k, v := range m {
		if names == "" || k == "id" || strings.HasPrefix(k, "@odata") || slices.ContainsFunc(wanted, func(n string) bool { return strings.TrimSpace(n) == k }) {
			out[k] = v
		}
	}
	return out
}

var (
	equals   = regexp.MustCompile(`^([A-Za-z0-9/]+) (eq|ne) (?:'((?:[^']|'')*)'|(true|false|null)|([0-9a-fA-F-]{36}))$`)
	prefixed = regexp.MustCompile(`^(startswith|contains)\(([A-Za-z0-9/]+), ?'((?:[^']|'')*)'\)$`)
	anyEq    = regexp.MustCompile(`^([A-Za-z0-9]+)/any\((\w+): ?(\w+) eq '((?:[^']|'')*)'\)$`)
)

// filtered applies a $filter made of comparisons joined by "and". "ne" is for
// advanced queries.
func filtered(items []map[string]any, expr string, advanced bool) ([]map[string]any, error) {
	if strings.TrimSpace(expr) == "" {
		return items, nil
	}
	for _, term := range splitAnd(expr) {
		var keep func(map[string]any) bool
		if m := equals.FindStringSubmatch(term); m != nil && (m[2] == "eq" || advanced) {
			want := unquote(m[3]) + m[4] + m[5]
			keep = func(o map[string]any) bool {
				have := property(o, m[1])
				same := have != nil && strings.EqualFold(text(have), want)
				if have == nil || m[4] == "null" {
					same = have == nil && m[4] == "null" // nothing is not the text "null"
				}
				return same == (m[2] == "eq")
			}
		} else if m := prefixed.FindStringSubmatch(term); m != nil {
			want := strings.ToLower(unquote(m[3]))
			keep = func(o map[string]any) bool {
				have := strings.ToLower(text(property(o, m[2])))
				return m[1] == "startswith" && strings.HasPrefix(have, want) || m[1] == "contains" && strings.Contains(have, want)
			}
		} else if m := anyEq.FindStringSubmatch(term); m != nil && m[2] == m[3] {
			want := unquote(m[4])
			keep = func(o map[string]any) bool {
				values, _ := property(o, m[1]).([]any)
				return slices.ContainsFunc(values, func(v any) bool { return strings.EqualFold(text(v), want) })
			}
		} else {
			return nil, &Problem{http.StatusBadRequest, "Request_UnsupportedQuery", "Unsupported or invalid query filter clause specified: '" + term + "'."}
		}
		items = slices.DeleteFunc(slices.Clone(items), func(o map[string]any) bool { return !keep(o) })
	}
	return items, nil
}

// splitAnd splits at " and " outside quotes.
func splitAnd(expr string) []string {
	var out []string
	quoted, from := false, 0
	for i := 0; i < len(expr); i++ {
		if expr[i] == '\'' {
			quoted = !quoted
		}
		if !quoted && strings.HasPrefix(expr[i:], " and ") {
			out = append(out, strings.TrimSpace(expr[from:i]))
			from = i + len(" and ")
		}
	}
	return append(out, strings.TrimSpace(expr[from:]))
}

func unquote(s string) string { return strings.ReplaceAll(s, "''", "'") }

func property(o map[string]any, path string) any {
	var v any = o
	for _, name := range strings.Split(path, "/") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case nil:
		return "null"
	}
	return ""
}

// ordered sorts by one property, "subject desc"; without $orderby the order is
// the store's.
func ordered(items []map[string]any, by string) {
	if by == "" {
		return
	}
	name, direction, _ := strings.Cut(strings.TrimSpace(strings.Split(by, ",")[0]), " ")
	slices.SortStableFunc(items, func(a, b map[string]any) int {
		n := strings.Compare(text(property(a, name)), text(property(b, name)))
		if strings.TrimSpace(direction) == "desc" {
			return -n
		}
		return n
	})
}
