package deliver

import (
	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow"
)

// Rename asks for another name of a saved connection. It ends as done.
func Rename(a app.App, r connections.Record) *flow.Screen {
	name := &flow.Field{ID: "name", Label: "Name", Value: r.Name,
		Hint:  "For you alone: the vendor and Microsoft do not see it.",
		Check: func(text string) error { return a.Connections.CheckName(r.ID, text) }}
	s := &flow.Screen{
		ID: "rename", Title: "Rename this connection", Lead: "Client ID " + r.ClientID + ".",
		Blocks: []flow.Block{flow.Form{Fields: []*flow.Field{name}}},
	}
	s.Choices = []flow.Choice{{ID: "rename", Label: "Rename it", Next: func() *flow.Screen {
		if _, err := a.Connections.Rename(r.ID, name.Value); err != nil {
			again := *s
			again.Blocks = append(
				[]flow.Block{flow.Fault{Explanation: explain.Error(err, explain.Context{})}}, s.Blocks...)
			return &again
		}
		return flow.End(flow.Done)
	}}}
	return s
}
