package guides

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// I01: nested without end, a guide costs neither time nor memory.
func TestABombOfAGuide(t *testing.T) {
	for name, text := range map[string]string{
		"lists":            "x = " + strings.Repeat("[", MaxFileSize-10),
		"closed lists":     "x = " + strings.Repeat("[", MaxFileSize/2-10) + strings.Repeat("]", MaxFileSize/2-10),
		"tables":           "x = " + strings.Repeat("{a=", MaxFileSize/3-10),
		"dotted":           strings.Repeat("a.", MaxFileSize/2-10) + "a = 1",
		"dotted in quotes": strings.Repeat(`"a".`, MaxFileSize/4-10) + "a = 1",
		"heads":            "[" + strings.Repeat("a.", MaxFileSize/2-10) + "a]",
		"behind a text":    "x = '''\n\"'''\n" + "y = " + strings.Repeat("{a=", MaxFileSize/3-20),
		"behind a comment": "# \"\ny = " + strings.Repeat("{a=", MaxFileSize/3-20),
		"behind a slash":   `x = "\\"` + "\ny = " + strings.Repeat("{a=", MaxFileSize/3-20),
		"over lines":       "x = [" + strings.Repeat("[\n", MaxFileSize/2-20),
		"many heads":       strings.Repeat("[[a]]\n", MaxFileSize/6),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		_, err := Load(name, []byte(text))
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: it is taken for a guide", name)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 || took > 5*time.Second {
			t.Errorf("%s: %v and %d MiB", name, took, grown>>20)
		}
	}
}

// Texts and comments may hold any number of brackets.
func TestBracketsInTextsDoNotNest(t *testing.T) {
	many := strings.Repeat("[{a.", 100)
	for _, text := range []string{
		`x = "` + many + `"`, "x = '" + many + "'", "x = '''\n" + many + "'''", "x = \"\"\"\n" + many + "\\\"\"\"\"",
		"# " + many, "x = [\"" + many + "\"]",
	} {
		if line, deep := nestedTooDeeply([]byte(text)); deep {
			t.Errorf("line %d of %.40s", line, text)
		}
	}
	if line, deep := nestedTooDeeply([]byte("a = 1\n\n# [\nb = " + strings.Repeat("[", 30))); !deep || line != 4 {
		t.Error(line, deep)
	}
}
