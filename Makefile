# make help lists what there is. Go is the only thing needed; make test finds the rest or says so.

BIN      := bin/tallystick
LINT     := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 60s
PKG      ?= ./...
RACE     ?= 0
ARGS     ?=
QUICK    ?=
ONLY     ?=
JSON     ?=
BASE     ?=

# How much of each ordeal make kill runs; 0 leaves one out.
ROUNDS_SQLITE   ?= 1000
ROUNDS_POSTGRES ?= 300
TAKEOVERS       ?= 20
PAUSES          ?= 50
RESTARTS        ?= 20
CUTS            ?= 300
PROMOTIONS      ?= 5
HISTORY_SECONDS ?= 120

# How much make sim runs, and in how many processes.
CASES  ?= 1000000
SHARDS ?= $(shell nproc)

.DEFAULT_GOAL := help
.PHONY: help build run test race lint format vuln fuzz bench bench-scale bench-compare microbench kill sim pairs verify clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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

BENCH := BENCH_QUICK='$(QUICK)' BENCH_ONLY='$(ONLY)' BENCH_JSON='$(abspath $(JSON))' BENCH_BASE='$(abspath $(BASE))' \
	go test -run '^$$' -benchtime 1x -timeout 3h

bench: ## measure the table of docs/performance.md (QUICK=1 ONLY=W2/postgres/64 JSON=file): a quarter of an hour
	$(BENCH) -bench '^BenchmarkTable$$' ./internal/bench

bench-scale: ## the same for a million stored and a hundred thousand open instances: half an hour, 20 GB
	$(BENCH) -bench '^BenchmarkScale$$' ./internal/bench

bench-compare: ## bench, and every figure as a multiple of an older run (BASE=file written by JSON=file)
	@test -n '$(BASE)' || { echo 'BASE=file is needed'; exit 2; }
	$(BENCH) -bench '^BenchmarkTable$$' ./internal/bench

microbench: ## run the Go benchmarks of the packages (PKG=./rules/...)
	go test -run '^$$' -bench . -benchmem $(PKG)

kill: ## kill, cut, restart and promote under load, 40 minutes (ROUNDS_SQLITE=1000 ROUNDS_POSTGRES=300 …)
	ROUNDS_SQLITE=$(ROUNDS_SQLITE) ROUNDS_POSTGRES=$(ROUNDS_POSTGRES) TAKEOVERS=$(TAKEOVERS) PAUSES=$(PAUSES) RESTARTS=$(RESTARTS) \
	CUTS=$(CUTS) PROMOTIONS=$(PROMOTIONS) HISTORY_SECONDS=$(HISTORY_SECONDS) TALLYSTICK_REQUIRE_POSTGRES=1 \
	go test -count=1 -v -timeout 6h ./internal/ordeal

SHARDS ?= $(shell getconf _NPROCESSORS_ONLN)
CASES ?= 1000000

sim: ## simulate CASES=1000000 cases under faults (SHARDS processes), then every crash point
	@mkdir -p bin && go test -c -o bin/sim.test ./internal/sim
	cd internal/sim && ../../bin/sim.test -test.run '^TestSimulation$$' -test.timeout 0 -sim.cases=$(CASES) -sim.shards=$(SHARDS)
	cd internal/sim && ../../bin/sim.test -test.run '^TestCrashPoints$$' -test.timeout 0 -test.v -sim.all

PAIRS ?= 100000
PAIRS_SEED ?= 1

pairs: ## run PAIRS=100000 random models in the engine and in the reference interpreter (PAIRS_SEED=1)
	go test -count=1 -v -timeout 0 -run '^TestPairs$$' ./internal/pairs -pairs.count=$(PAIRS) -pairs.seed=$(PAIRS_SEED)

verify: ## format, go.mod, vet and the rules of the house (internal/tidy): quick
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo 'not formatted:'; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go mod tidy -diff
	go vet ./...
	go test -count=1 ./internal/tidy

clean: ## delete what was built (data stay)
	rm -rf bin
