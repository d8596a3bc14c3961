# make help lists what there is. Go is the only thing needed; make test finds the rest or says so.

BIN      := bin/tallystick
LINT     := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 60s
PKG      ?= ./...
RACE     ?= 0
ARGS     ?=
COUNT    ?= 2000x

.DEFAULT_GOAL := help
.PHONY: help build run test race lint format vuln fuzz bench microbench verify clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/tallystick, one static binary
	CGO_ENABLED=0 go build -trimpath -o $(BIN) ./cmd/tallystick

run: build ## build and serve on http://127.0.0.1:8080, SQLite under ./data (ARGS="--flag …")
	$(BIN) serve $(ARGS)

test: ## run all tests, with PostgreSQL when it can be had (PKG=./store/... RACE=1)
	@RACE=$(RACE) PKG='$(PKG)' scripts/test.sh

race: ## the same with the race detector
	@RACE=1 PKG='$(PKG)' scripts/test.sh

lint: ## run the linters of .golangci.yml (the first time builds them: minutes)
	scripts/tool.sh $(LINT) golangci-lint run $(PKG)

format: ## format all Go files as lint wants them
	scripts/tool.sh $(LINT) golangci-lint fmt

vuln: ## look for known vulnerabilities that the code can reach (network)
	scripts/vuln.sh

fuzz: ## run every fuzz target for FUZZTIME (default 60s)
	FUZZTIME=$(FUZZTIME) scripts/fuzz.sh

bench: ## measure the three workloads on SQLite and PostgreSQL (COUNT=2000x)
	go test -run "^$$" -bench . -benchtime $(COUNT) ./internal/bench

microbench: ## run the Go benchmarks of the packages (PKG=./rules/...)
	go test -run '^$$' -bench . -benchmem $(PKG)

verify: ## format, go.mod, vet and the rules of the house (internal/tidy): quick
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo 'not formatted:'; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go mod tidy -diff
	go vet ./...
	go test -count=1 ./internal/tidy

clean: ## delete what was built (data stay)
	rm -rf bin
