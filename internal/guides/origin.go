package guides

// Origin says who is responsible for a guide. No guide file can set it.
type Origin int

// The origins. A guide counts as foreign until the program knows better.
const (
	OriginFile    Origin = iota // opened from a file that somebody else may have written
	OriginAnswers               // made here, from a person's own answers
	OriginEntrada               // built in
)

// String is for programs.
func (o Origin) String() string {
	switch o {
	case OriginEntrada:
		return "built-in"
	case OriginAnswers:
		return "answers"
	default:
		return "file"
	}
}

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

// Caution says what a person has to know about the origin of a guide before they use it.
func (o Origin) Caution() (title, text string) {
	switch o {
	case OriginEntrada:
		return "This guide is built in.", "It was made by us from the vendor's document."
	case OriginAnswers:
		return "Made here, from your own answers.", "Look whether it is what you meant, and what your vendor asked for."
	default:
		return "Nobody vouches for this guide.",
			"It is from a file, not by Entrada. Go on only if you know where it comes from, and if what stands " +
				"below is what you expect."
	}
}

// Label is the vendor as lists show it. Every guide that is not built in has a mark.
func (g *Guide) Label() string {
	if mark := g.Origin.Mark(); mark != "" {
		return g.Vendor + " · " + mark
	}
	return g.Vendor
}
