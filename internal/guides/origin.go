package guides

// Origin says who answers for a guide. No guide file can set it.
type Origin int

// The origins. A guide is foreign until it is known to be something else.
const (
	OriginFile    Origin = iota // opened from a file that somebody else may have written
	OriginAnswers               // made here, from a person's own answers
	OriginEntrada               // built in
)

// Mark says in a few words where a guide comes from; "" for a built-in one.
func (o Origin) Mark() string {
	switch o {
	case OriginEntrada:
		return ""
	case OriginAnswers:
		return "made here, from your own answers"
	default:
		return "from a file, not by Entrada"
	}
}

// Label is the vendor as lists show it: marked unless we answer for the guide.
func (g *Guide) Label() string {
	if mark := g.Origin.Mark(); mark != "" {
		return g.Vendor + " · " + mark
	}
	return g.Vendor
}
