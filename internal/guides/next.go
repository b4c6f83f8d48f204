package guides

import (
	"slices"
	"strings"
)

// PermissionsPlaceholder ends an entry of after that is followed by the list of
// the chosen permissions, for vendors where the same list is ticked again.
const PermissionsPlaceholder = "{permissions}"

// NextSteps is what to do in the vendor's own software, with the lists filled
// in for the chosen features.
func (g *Guide) NextSteps(c Choices) []Instruction {
	steps := make([]Instruction, 0, len(g.After))
	for _, text := range g.After {
		words, found := strings.CutSuffix(text, PermissionsPlaceholder)
		step := Instruction{Text: strings.TrimSpace(words)}
		if found {
			wanted := g.Wanted(c.Features)
			step.Values = slices.Concat(permissionValues(wanted, Delegated), permissionValues(wanted, Application))
		}
		steps = append(steps, step)
	}
	return steps
}
