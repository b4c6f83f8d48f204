package graphapi

// Windows has no IANA time zones of its own.
import _ "time/tzdata"
