package pages

import (
	"fmt"
	"time"

	"entrada/internal/checks"
	"entrada/internal/explain"
	"entrada/internal/ui/parts"
)

// checkRow shows a result in a list.
func checkRow(r checks.Result) parts.Check {
	row := parts.Check{Title: r.Title, Detail: r.Detail}
	switch r.State {
	case checks.Running:
		row.State = parts.CheckRunning
	case checks.Passed:
		row.State = parts.CheckDone
	case checks.Failed:
		row.State = parts.CheckFailed
		row.Detail = explain.Error(r.Err, explain.Context{}).What
	case checks.Skipped, checks.NotAsked:
		row.State = parts.CheckSkipped
	}
	if r.Took >= time.Millisecond {
		row.Time = seconds(r.Took)
	}
	return row
}

// seconds is a short span of time, for people.
func seconds(d time.Duration) string {
	if d < 100*time.Millisecond {
		return "< 0.1 s"
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// canRetry is what a page can do that can try again.
func canRetry(again func()) map[explain.Action]func() {
	return map[explain.Action]func(){explain.TryAgain: again, explain.Wait: again, explain.NetworkSettings: again, explain.SignInAgain: again, explain.ChooseAccount: again}
}
