package graph

import "context"

// MyRoles lists the template IDs of the directory roles that the signed-in
// person holds now. Roles held through a group, and roles that have to be
// activated first, are not among them
// (learn.microsoft.com/graph/api/user-list-memberof).
func (c *Client) MyRoles(ctx context.Context) ([]string, error) {
	roles, err := all[struct {
		TemplateID string `json:"roleTemplateId"`
	}](ctx, c, "read your administrator roles", "/me/memberOf/microsoft.graph.directoryRole?$select=id,displayName,roleTemplateId")
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(roles))
	for _, r := range roles {
		if r.TemplateID != "" {
			ids = append(ids, r.TemplateID)
		}
	}
	return ids, nil
}
