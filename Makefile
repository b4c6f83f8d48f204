# Entrada. "make run" and "make test" are all that most people need; both
# install what is missing on Debian and Ubuntu and name the packages elsewhere.

SHELL       := /bin/bash
GO          ?= go
VERSION     := $(shell sed -n 's/^Version *= *"\(.*\)"/\1/p' FyneApp.toml)
# x11: no Wayland headers needed, XWayland serves the rest. no_emoji: 4 MB less.
# no_animations: a blinking cursor alone keeps a tenth of a core busy.
# release, migrated_fynedo: only in what is shipped, so that tests and
# development report every touch of a widget from a foreign goroutine.
TAGS         := x11,no_emoji,no_animations
RELEASE_TAGS := $(TAGS),release,migrated_fynedo
# Our own code without inlining: pages and wiring gain nothing by it, and the
# window is 0.6 MB smaller.
GCFLAGS      := entrada/...=-l
LDFLAGS      := -s -w -X entrada/internal/netclient.Version=$(VERSION)
STATICCHECK  := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# Debian packages by what they are needed for.
PKG_BUILD   := gcc pkg-config libgl1-mesa-dev xorg-dev libxkbcommon-dev
PKG_TEST    := xvfb openbox xdotool imagemagick x11-utils xclip libgl1-mesa-dri \
               tesseract-ocr tesseract-ocr-eng dbus dbus-x11 gnome-keyring libsecret-tools chromium xdg-utils fonts-dejavu-core mandoc \
               age poppler-utils python3-dotenv systemd
PKG_WINDOWS := gcc-mingw-w64-x86-64
PKG_PACKAGE := zip
PKG_EMPTY   := debootstrap util-linux git
PKG_WINE    := wine wine64 $(PKG_WINDOWS)

.PHONY: run test package deps-package test-windows pictures tours tour build build-windows lint bench clean vet-elsewhere unit deps-build deps-test deps-windows deps-wine deps-empty empty-machine help

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

run: build ## open the wizard on the practice organisation
	@if [[ "$$(uname)" == Linux && -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]]; then \
	  echo "There is no display here, so no window can open. Doing 'make tour' instead: the same on a virtual display."; \
	  $(MAKE) tour; \
	else bin/entrada --practice; fi

build: deps-build bin/entrada bin/entrada-cli bin/practice-tenant ## bin/entrada, bin/entrada-cli, bin/practice-tenant

# Go knows best what is up to date; it relinks only what changed.
.PHONY: bin/entrada bin/entrada-cli bin/practice-tenant
bin/entrada:
	$(GO) build -trimpath -tags $(RELEASE_TAGS) -gcflags "$(GCFLAGS)" -ldflags "$(LDFLAGS)" -o $@ ./cmd/entrada
bin/entrada-cli bin/practice-tenant:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "$(LDFLAGS)" -o $@ ./cmd/$(@F)

build-windows: deps-windows ## bin/entrada.exe and bin/entrada-cli.exe
	GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc \
	  $(GO) build -trimpath -tags no_emoji,no_animations,release,migrated_fynedo -gcflags "$(GCFLAGS)" -ldflags "$(LDFLAGS) -H=windowsgui" -o bin/entrada.exe ./cmd/entrada
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 $(GO) build -trimpath -ldflags "$(LDFLAGS)" -o bin/entrada-cli.exe ./cmd/entrada-cli

# A folder that can be unpacked over /usr/local, and one for Windows.
package: build build-windows deps-package ## what people download: an archive each for Linux and Windows, in dist/
	rm -rf dist && mkdir -p dist/linux/entrada-$(VERSION) dist/windows/entrada-$(VERSION)
	cd dist/linux/entrada-$(VERSION) && mkdir -p bin share/applications share/icons/hicolor/256x256/apps share/man/man1 \
	  share/bash-completion/completions share/zsh/site-functions share/doc/entrada
	install bin/entrada bin/entrada-cli bin/practice-tenant dist/linux/entrada-$(VERSION)/bin
	install -m 644 assets/entrada.desktop dist/linux/entrada-$(VERSION)/share/applications/app.entrada.desktop
	install -m 644 assets/icon.png dist/linux/entrada-$(VERSION)/share/icons/hicolor/256x256/apps/app.entrada.desktop.png
	install -m 644 README.md LICENSE assets/LICENCES.txt dist/linux/entrada-$(VERSION)/share/doc/entrada
	bin/entrada-cli manual --to dist/linux/entrada-$(VERSION)/share/man/man1
	bin/entrada-cli completion bash > dist/linux/entrada-$(VERSION)/share/bash-completion/completions/entrada-cli
	bin/entrada-cli completion zsh > dist/linux/entrada-$(VERSION)/share/zsh/site-functions/_entrada-cli
	install -m 644 bin/entrada.exe bin/entrada-cli.exe README.md LICENSE assets/LICENCES.txt dist/windows/entrada-$(VERSION)
	tar -C dist/linux --sort=name --owner=0 --group=0 --numeric-owner -czf dist/entrada-$(VERSION)-linux-$$($(GO) env GOARCH).tar.gz entrada-$(VERSION)
	cd dist/windows && zip -q -X -r ../entrada-$(VERSION)-windows-amd64.zip entrada-$(VERSION)
	rm -rf dist/linux dist/windows
	cd dist && sha256sum *.tar.gz *.zip > SHA256SUMS && cat SHA256SUMS

test: deps-test vet-elsewhere unit test-windows tour-test ## every test, the browser, keychain and window ones included
	@echo "All tests passed."

# Windows is where most admins sit: type-check it on every run. On macOS a
# window needs Apple's own compiler; the rest is checked.
vet-elsewhere:
	CGO_ENABLED=0 GOOS=windows $(GO) vet -tags ci ./...
	CGO_ENABLED=0 GOOS=darwin $(GO) vet -tags ci ./cmd/entrada-cli ./internal/clipboard

# What meets Windows itself: its Credential Manager, access lists, file names
# and clipboard. The rest of the tests is about the same code as here.
WINE_PACKAGES := connections safefile clipboard console handover guides explain entra secret signin
# Looked up when it is used: the same run may have installed it a moment before.
WINE          := $$(command -v wine64 || echo /usr/lib/wine/wine64)
WINE_HOME     := $(CURDIR)/build/wine
export WINEPREFIX := $(WINE_HOME)/prefix
export WINEDEBUG  := -all

test-windows: deps-wine build/wine/ready ## the tests that meet Windows itself, on Wine
	@set -o pipefail; for p in $(WINE_PACKAGES); do \
	  GOOS=windows CGO_ENABLED=0 $(GO) test -tags ci -c -o $(WINE_HOME)/$$p.exe ./internal/$$p && \
	  (cd internal/$$p && timeout 300 "$(WINE)" $(WINE_HOME)/$$p.exe -test.count=1 | sed "s|^PASS|ok  entrada/internal/$$p on Windows|") || exit 1; \
	done

build/wine/ready: internal/tour/testdata/wine/processprng.c
	rm -rf $(WINE_HOME) && mkdir -p $(WINE_HOME)
	x86_64-w64-mingw32-gcc -shared -O2 -o $(WINE_HOME)/bcryptprimitives.dll $< -ladvapi32
	WINEDLLOVERRIDES="mscoree,mshtml=d;winemenubuilder.exe=d" timeout 300 "$(WINE)" wineboot -i >$(WINE_HOME)/boot.log 2>&1
	cp $(WINE_HOME)/bcryptprimitives.dll $(WINEPREFIX)/drive_c/windows/system32/
	touch $@

# ci: Fyne without OpenGL and without the machine's own fonts.
unit:
	$(GO) test -race -tags ci -timeout 20m ./...

# Not part of "make test": it runs "make test" in a Debian that has nothing.
empty-machine: deps-empty ## the README's two commands, "make run" and "make test", in an empty Debian
	@GO="$(GO)" .ci/empty-machine

tour-test: build
	$(GO) test -tags ci,tour -timeout 40m -parallel 2 ./internal/tour

VENDOR ?= oxfordiq
tour: deps-test build ## the real window, driven by keyboard, with screenshots in build/tour/
	rm -rf build/tour
	$(GO) test -tags ci,tour -count=1 -timeout 20m -v ./internal/tour -vendor $(VENDOR) -out $(CURDIR)/build/tour

tours: deps-test build ## the tour with every vendor
	rm -rf build/tour
	$(GO) test -tags ci,tour -count=1 -timeout 40m -parallel 2 -v ./internal/tour -out $(CURDIR)/build/tour

pictures: ## every page and part as a picture, in build/pages/ and build/gallery/
	CGO_ENABLED=0 $(GO) test -tags ci -count=1 ./internal/ui/pages ./internal/ui/gallery -pictures

lint: ## formatting, lines of at most 120 columns but for samples in backticks, vet and staticcheck
	@git ls-files '*.go' | xargs perl -CSD -n -e 'chomp; (my $$l = $$_) =~ s/\t/    /g;' \
	  -e '(print "$$ARGV:$$.: ", length $$l, " columns\n"), $$long = 1 if length $$l > 120 && !/`/;' \
	  -e 'close ARGV if eof; END { exit 1 if $$long }'
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [[ -z "$$unformatted" ]] || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) mod tidy -diff
	$(GO) vet -tags ci,tour,bench ./...
	CGO_ENABLED=0 GOOS=windows $(GO) vet -tags ci ./...
	CGO_ENABLED=0 GOOS=darwin $(GO) vet -tags ci ./cmd/entrada-cli ./internal/clipboard
	$(GO) run $(STATICCHECK) -tags ci,tour,bench ./...

bench: build ## the budgets, as a table of ratios
	$(GO) test -tags ci,bench -count=1 -v ./internal/bench

clean: ## what the build made; the Go build cache stays
	rm -rf bin build dist

deps-build:  ; @$(call need,$(PKG_BUILD))
deps-test:   ; @$(call need,$(PKG_BUILD) $(PKG_TEST))
deps-windows:; @$(call need,$(PKG_WINDOWS))
deps-package:; @$(call need,$(PKG_PACKAGE))
deps-wine:   ; @$(call need,$(PKG_WINE))
deps-empty:  ; @$(call need,$(PKG_EMPTY))

# need: install the Debian packages that are missing, or name them.
define need
	if [[ "$$(uname)" != Linux ]]; then exit 0; fi; \
	if ! command -v dpkg-query >/dev/null; then echo "Not Debian or Ubuntu: please see that you have the equivalents of: $(1)"; exit 0; fi; \
	missing=$$(for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || echo $$p; done); \
	if [[ -n "$$missing" ]]; then \
	  echo "Installing:" $$missing; \
	  if [[ $$EUID -eq 0 ]]; then sudo=; elif command -v sudo >/dev/null; then sudo=sudo; else echo "Please install, as root:" $$missing; exit 1; fi; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef
