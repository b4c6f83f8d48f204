//go:build unix && !linux && !darwin

package safefile

func renameNew(from, to string) error { return lookThenRename(from, to) }

func volumeRisk(string) Risk { return RiskNone }
