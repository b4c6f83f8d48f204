package safefile

import (
	"os"
	"path/filepath"
)

// Documents is the person's folder for documents, where a file is suggested to
// go; their home if there is none, and the current folder if there is no home.
func Documents() string {
	if folder := documentsOfSystem(); isFolder(folder) {
		return folder
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	if folder := filepath.Join(home, "Documents"); isFolder(folder) {
		return folder
	}
	return home
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
