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
	m = c.chosen(m)
	m["@odata.context"] = base(c.r) + "/v1.0/$metadata#" + context
	sendJSON(c.w, status, m)
	return nil
}

// property answers with one property of an object, addressed as a path segment.
func (c *call) property(collection string, m map[string]any) error {
	name := c.r.PathValue("property")
	v, ok := m[name]
	switch {
	case !ok:
		return &Problem{http.StatusBadRequest, "BadRequest", "Resource not found for the segment '" + name + "'."}
	case v == nil:
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	sendJSON(c.w, http.StatusOK,
		map[string]any{"@odata.context": base(c.r) + "/v1.0/$metadata#" + collection + "('" + text(m["id"]) + "')/" +
			name, "value": v})
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
			return &Problem{http.StatusBadRequest, "BadRequest",
				"Invalid page size specified: '" + v + "'. Must be between 1 and 1000 inclusive."}
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
		out = append(out, c.chosen(m))
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

// chosen is what of an object was asked for; what $expand names comes beside
// that.
func (c *call) chosen(m map[string]any) map[string]any {
	q := c.r.URL.Query()
	names := q.Get("$select")
	if more := q.Get("$expand"); names != "" && more != "" {
		names += "," + more
	}
	return chosen(m, names)
}

// chosen keeps the properties of a $select; id and etag always stay.
func chosen(m map[string]any, names string) map[string]any {
	out := map[string]any{}
	wanted := strings.Split(names, ",")
	for k, v := range m {
		if names == "" || k == "id" || strings.HasPrefix(k, "@odata") ||
			slices.ContainsFunc(wanted, func(n string) bool { return strings.TrimSpace(n) == k }) {
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

// filtered applies a $filter made of comparisons joined by "and" and "or", with
// brackets. "ne" is for advanced queries.
func filtered(items []map[string]any, expr string, advanced bool) ([]map[string]any, error) {
	if strings.TrimSpace(expr) == "" {
		return items, nil
	}
	keep, err := condition(expr, advanced)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(items), func(o map[string]any) bool { return !keep(o) }), nil
}

// condition reads a $filter; "and" binds before "or".
func condition(expr string, advanced bool) (func(map[string]any) bool, error) {
	for _, joined := range []struct {
		by  string
		all bool
	}{{" or ", false}, {" and ", true}} {
		parts := split(expr, joined.by)
		if len(parts) == 1 {
			continue
		}
		var list []func(map[string]any) bool
		for _, part := range parts {
			one, err := condition(part, advanced)
			if err != nil {
				return nil, err
			}
			list = append(list, one)
		}
		return func(o map[string]any) bool {
			// "and" looks for one that does not hold, "or" for one that does.
			return joined.all != slices.ContainsFunc(
				list, func(one func(map[string]any) bool) bool { return one(o) != joined.all })
		}, nil
	}
	expr = strings.TrimSpace(expr)
	if inner, ok := strings.CutPrefix(expr, "("); ok && strings.HasSuffix(inner, ")") {
		return condition(strings.TrimSuffix(inner, ")"), advanced)
	}
	return comparison(expr, advanced)
}

func comparison(term string, advanced bool) (func(map[string]any) bool, error) {
	if m := equals.FindStringSubmatch(term); m != nil && (m[2] == "eq" || advanced) {
		want := unquote(m[3]) + m[4] + m[5]
		return func(o map[string]any) bool {
			have := property(o, m[1])
			same := have != nil && strings.EqualFold(text(have), want)
			if have == nil || m[4] == "null" {
				same = have == nil && m[4] == "null" // nothing is not the text "null"
			}
			return same == (m[2] == "eq")
		}, nil
	}
	if m := prefixed.FindStringSubmatch(term); m != nil {
		want := strings.ToLower(unquote(m[3]))
		return func(o map[string]any) bool {
			have := strings.ToLower(text(property(o, m[2])))
			return m[1] == "startswith" && strings.HasPrefix(have, want) || m[1] == "contains" &&
				strings.Contains(have, want)
		}, nil
	}
	if m := anyEq.FindStringSubmatch(term); m != nil && m[2] == m[3] {
		want := unquote(m[4])
		return func(o map[string]any) bool {
			values, _ := property(o, m[1]).([]any)
			return slices.ContainsFunc(values, func(v any) bool { return strings.EqualFold(text(v), want) })
		}, nil
	}
	return nil, &Problem{http.StatusBadRequest, "Request_UnsupportedQuery",
		"Unsupported or invalid query filter clause specified: '" + term + "'."}
}

// split splits at a word outside quotes and brackets.
func split(expr, by string) []string {
	var out []string
	quoted, depth, from := false, 0, 0
	for i := 0; i < len(expr); i++ {
		switch {
		case expr[i] == '\'':
			quoted = !quoted
		case quoted:
		case expr[i] == '(':
			depth++
		case expr[i] == ')':
			depth--
		case depth == 0 && strings.HasPrefix(expr[i:], by):
			out = append(out, strings.TrimSpace(expr[from:i]))
			from = i + len(by)
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
