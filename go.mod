module entrada

go 1.26.0

// What Entrada is built from, each with its reason.
require (
	codeberg.org/go-pdf/fpdf v0.12.0 // the hand-over sheet, as PDF
	filippo.io/age v1.3.2 // encrypted files
	fyne.io/fyne/v2 v2.8.1 // the window
	github.com/BurntSushi/toml v1.6.0 // guide files
	github.com/arran4/golang-ical v0.3.4 // the calendar reminder
	github.com/coreos/go-oidc/v3 v3.21.0 // checks ID tokens
	github.com/go-gl/glfw/v3.4/glfw v0.1.0-pre.1.0.20260707082822-2a407d02d01a // lets an idle window rest; it is Fyne's own way to the window system
	github.com/go-jose/go-jose/v4 v4.1.8 // signs ID tokens in the practice organisation
	github.com/godbus/dbus/v5 v5.2.2 // asks whether a keychain is there before anything can hang; reads many secrets from it together
	github.com/gofrs/flock v0.13.1 // one instance, one writer
	github.com/jezek/xgb v1.1.1 // on Linux, tells the clipboard's history that a text is a secret
	github.com/mattn/go-ieproxy v0.0.12 // the computer's proxy settings
	github.com/pkg/browser v0.0.0-20240102092130-5ac0b6a4141c // opens the system browser
	github.com/spf13/cobra v1.10.2 // the command line
	github.com/spf13/pflag v1.0.9 // flags that several commands have
	github.com/zalando/go-keyring v0.2.8 // keychains of Windows, macOS and Linux
	golang.org/x/image v0.40.0 // the Go fonts in that sheet
	golang.org/x/net v0.58.0 // the environment's proxy settings, and reading HTML
	golang.org/x/oauth2 v0.37.0 // the code exchange, with its unsafe defaults set
	golang.org/x/sys v0.49.0 // file permissions and sockets by system
	golang.org/x/text v0.41.0 // forms of a text that read the same
)

// What only tests use.
require (
	github.com/AzureAD/microsoft-authentication-library-for-go v1.10.1 // an outside client that keeps the practice organisation honest
	github.com/chromedp/chromedp v0.22.1 // a real browser
	github.com/danieljoos/wincred v1.2.3 // what others see in the Credential Manager
	github.com/emersion/go-ical v0.0.0-20250329121855-f41e73efc392 // another reader of calendars
	github.com/google/go-cmp v0.7.0 // what differs between two values
	github.com/joho/godotenv v1.5.1 // another reader of .env files
	github.com/rogpeppe/go-internal v1.16.0 // scripts of commands
	go.uber.org/goleak v1.3.0 // no goroutine is left behind
)

// What the others bring along.
require (
	filippo.io/hpke v0.4.0 // indirect
	fyne.io/systray v1.12.3-0.20260810170012-af4e8e793ec4 // indirect
	github.com/FyshOS/fancyfs v0.0.1 // indirect
	github.com/anthonynsimon/bild v0.14.0 // indirect
	github.com/chromedp/cdproto v0.159.0 // indirect
	github.com/clipperhouse/uax29/v2 v2.2.0 // indirect
	github.com/cpuguy83/go-md2man/v2 v2.0.7 // indirect
	github.com/fsnotify/fsnotify v1.9.0 // indirect
	github.com/fyne-io/gl-js v0.2.1-0.20260315212741-029c47fd27e8 // indirect
	github.com/fyne-io/glfw-js v0.4.0 // indirect
	github.com/fyne-io/image v0.1.1 // indirect
	github.com/fyne-io/oksvg v0.2.0 // indirect
	github.com/go-gl/gl v0.0.0-20260331235117-4566fea9a276 // indirect
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
	github.com/go-text/render v0.2.1 // indirect
	github.com/go-text/typesetting v0.3.4 // indirect
	github.com/golang-jwt/jwt/v5 v5.2.2 // indirect
	github.com/google/uuid v1.3.0 // indirect
	github.com/hack-pad/go-indexeddb v0.3.2 // indirect
	github.com/hack-pad/safejs v0.1.0 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/jeandeaual/go-locale v0.0.0-20250612000132-0ef82f21eade // indirect
	github.com/jsummers/gobmp v0.0.0-20230614200233-a9de23ed2e25 // indirect
	github.com/kylelemons/godebug v1.1.0 // indirect
	github.com/mattn/go-runewidth v0.0.24 // indirect
	github.com/nfnt/resize v0.0.0-20180221191011-83c6a9932646 // indirect
	github.com/nicksnyder/go-i18n/v2 v2.5.1 // indirect
	github.com/russross/blackfriday/v2 v2.1.0 // indirect
	github.com/rymdport/portal v0.4.2 // indirect
	github.com/srwiley/oksvg v0.0.0-20221011165216-be6e8873101c // indirect
	github.com/srwiley/rasterx v0.0.0-20220730225603-2ab79fcdd4ef // indirect
	github.com/stretchr/testify v1.12.1 // indirect
	github.com/teambition/rrule-go v1.8.2 // indirect
	github.com/yuin/goldmark v1.8.2 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.55.0 // indirect
	golang.org/x/sync v0.22.0 // indirect
	golang.org/x/tools v0.49.0 // indirect
)
