package safefile

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Risk says who else may see a folder.
type Risk string

// The risks. [Risk] none is the empty string.
const (
	RiskNone    Risk = ""
	CloudSynced Risk = "cloud-synced" // copied to an online storage
	Network     Risk = "network"      // on another computer
	Removable   Risk = "removable"    // a memory stick or card
)

// syncedMarkers are how the folders of online storages begin, with dashes for
// spaces.
const (
	syncedMarkers = "onedrive dropbox google-drive googledrive icloud-drive iclouddrive nextcloud owncloud " +
		"box-sync pcloud-drive pclouddrive mega megasync proton-drive"
)

// FolderRisk says, as well as can be told from outside, who else may see what
// is saved in the folder or file at path. It follows links and asks nobody but
// this computer. "None" is no promise.
func FolderRisk(path string) Risk {
	real := path
	if abs, err := filepath.Abs(path); err == nil {
		real = abs
	}
	path = real
	// The file itself need not exist yet: follow the part that does.
	for dir, rest := path, ""; ; {
		if r, err := filepath.EvalSymlinks(dir); err == nil {
			real = filepath.Join(r, rest)
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir, rest = parent, filepath.Join(filepath.Base(dir), rest)
	}
	for _, p := range []string{path, real} {
		if r := riskOf(runtime.GOOS, p, os.Getenv); r != RiskNone {
			return r
		}
		for _, root := range dropboxFolders(os.Getenv) {
			if rel, err := filepath.Rel(root, p); err == nil && filepath.IsLocal(rel) {
				return CloudSynced
			}
		}
	}
	return volumeRisk(real)
}

// dropboxFolders are where Dropbox, whose folder can have any name, notes that
// it is.
func dropboxFolders(env func(string) string) []string {
	var roots []string
	for _, base := range []string{env("APPDATA"), env("LOCALAPPDATA"), filepath.Join(env("HOME"), ".dropbox")} {
		if filepath.Base(base) != ".dropbox" {
			base = filepath.Join(base, "Dropbox")
		}
		if !filepath.IsAbs(base) {
			continue
		}
		data, err := Read(filepath.Join(base, "info.json"), 64<<10)
		if err != nil {
			continue
		}
		var accounts map[string]struct {
			Path string `json:"path"`
		}
		if json.Unmarshal(data, &accounts) != nil {
			continue
		}
		for _, a := range accounts {
			if filepath.IsAbs(a.Path) {
				roots = append(roots, a.Path)
			}
		}
	}
	return roots
}

// riskOf judges by the path's words and the environment alone.
func riskOf(goos, path string, env func(string) string) Risk {
	p := path
	if goos == "windows" {
		p = strings.ReplaceAll(p, `\`, "/")
	}
	p = strings.ToLower(p)

	if goos == "windows" && strings.HasPrefix(p, "//") {
		// \\?\C:\ and \\.\C:\ are long forms of a local path.
		rest := strings.TrimPrefix(strings.TrimPrefix(p, "//?/"), "//./")
		if rest == p || strings.HasPrefix(rest, "unc/") {
			return Network
		}
		p = rest
	}
	for _, name := range []string{"OneDrive", "OneDriveCommercial", "OneDriveConsumer"} {
		root := strings.ToLower(strings.ReplaceAll(env(name), `\`, "/"))
		if root != "" && inside(p, strings.TrimSuffix(root, "/")) {
			return CloudSynced
		}
	}
	parts := strings.Split(p, "/")
	for i, part := range parts {
		if isSynced(part) {
			return CloudSynced
		}
		if goos == "darwin" && part == "library" && i+1 < len(parts) &&
			(parts[i+1] == "cloudstorage" || parts[i+1] == "mobile documents") {
			return CloudSynced
		}
	}
	switch goos {
	case "darwin":
		if inside(p, "/volumes") {
			return Removable
		}
		if inside(p, "/net") || inside(p, "/network") {
			return Network
		}
	case "linux":
		if inside(p, "/media") || inside(p, "/run/media") {
			return Removable
		}
		if inside(p, "/net") || (inside(p, "/run/user") && strings.Contains(p, "/gvfs/")) {
			return Network
		}
	}
	return RiskNone
}

// isSynced knows the folder names of the common services, with what they add:
// "OneDrive - Contoso", "Dropbox (Personal)", "Google Drive", "My Drive".
func isSynced(part string) bool {
	if part == "my drive" || part == "box" {
		return true
	}
	name := strings.ReplaceAll(part, " ", "-")
	for marker := range strings.FieldsSeq(syncedMarkers) {
		if rest, ok := strings.CutPrefix(name, marker); ok && (rest == "" || strings.HasPrefix(rest, "-")) {
			return true
		}
	}
	return false
}

func inside(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}
