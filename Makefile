# Shuke: what people type. Each target installs what it needs; see scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test test-sql sql lint gen accuracy bench soak dist deb web e2e clean-data tools

NEXTEST := $(shell cargo nextest --version >/dev/null 2>&1 && echo "cargo nextest run --no-fail-fast" || echo "cargo test --no-fail-fast")
# Tests wait for turns to end, disks to sync and databases to answer: more of them than processors.
export NEXTEST_TEST_THREADS ?= $(shell echo $$((2 * $$(nproc))))
export RUST_TEST_THREADS ?= $(NEXTEST_TEST_THREADS)
DATA ?= $(CURDIR)/data
PORT ?= 8080
SHUKE_TESTDATA ?= $(CURDIR)/../shared/data
export SHUKE_TESTDATA

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 12

tools: ## check the toolchain, install what tests and pages need
	@scripts/tools.sh all

web: ## build the console (cached by its lock file and sources)
	@scripts/tools.sh node
	@scripts/web.sh

run: ## build everything and start Shuke with a sample shop on http://127.0.0.1:$(PORT)
	@scripts/tools.sh rust node
	@scripts/web.sh
	cargo build --release --bin shuke
	@$(or $(CARGO_TARGET_DIR),target)/release/shuke demo --points --data "$(DATA)" --listen 127.0.0.1:$(PORT)

test: ## every test: rules, both stores, HTTP, OpenAPI, console in Chromium
	@scripts/tools.sh all
	@scripts/web.sh
	cargo build --workspace --bins
	$(NEXTEST) --workspace
	scripts/gen.sh --check
	@# Schemathesis has one worker: what needs no server runs beside it.
	scripts/schemathesis.sh & schema=$$!; scripts/console.sh; console=$$?; wait $$schema && exit $$console
	scripts/e2e.sh

sql: ## the program that answers questions in SQL, beside shuke
	cargo build --release --manifest-path crates/sql/Cargo.toml --target-dir "$(or $(CARGO_TARGET_DIR),target)"

test-sql: ## questions in SQL: the crate's tests, and the whole with both real programs
	@scripts/tools.sh rust
	cargo build --bin shuke
	cargo build --manifest-path crates/sql/Cargo.toml --target-dir "$(or $(CARGO_TARGET_DIR),target)"
	cargo fmt --manifest-path crates/sql/Cargo.toml --check
	cargo clippy --manifest-path crates/sql/Cargo.toml --target-dir "$(or $(CARGO_TARGET_DIR),target)" --all-targets -- -D warnings
	$(NEXTEST) --manifest-path crates/sql/Cargo.toml --target-dir "$(or $(CARGO_TARGET_DIR),target)"

lint: ## formatting, clippy, front-end types
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@scripts/tools.sh node
	@scripts/web.sh modules
	cd web/console && npm run check

gen: ## OpenAPI document, TypeScript client, CLI and configuration reference
	@scripts/gen.sh

accuracy: ## against the data sets in $$SHUKE_TESTDATA
	scripts/accuracy.sh

bench: ## make bench NAME=import|orders|start|report|reports|search|segments|equality|columns|living|ledger|claims|trial|price
	@test -n "$(NAME)$(word 2,$(MAKECMDGOALS))" || { echo "which? make bench import | orders | start | report | reports | search | segments | equality | columns | living | ledger | claims | trial | price"; exit 2; }
	scripts/bench.sh $(or $(NAME),$(word 2,$(MAKECMDGOALS)))

soak: ## make soak store|segments|columns|living|ledger|pricing|histories: long campaigns, entries in docs/soak.md
	@test -n "$(NAME)$(word 2,$(MAKECMDGOALS))" || { echo "which? make soak store | segments | columns | living | ledger | pricing | histories"; exit 2; }
	scripts/soak.sh $(or $(NAME),$(word 2,$(MAKECMDGOALS)))

dist: ## the small, slow-built binaries that a release ships
	@scripts/web.sh
	cargo build --profile dist --bin shuke
	cargo build --profile dist --manifest-path crates/sql/Cargo.toml --target-dir "$(or $(CARGO_TARGET_DIR),target)"

deb: dist ## a Debian package
	packaging/deb.sh

clean-data: ## throw the sample shop of `make run` away
	rm -rf "$(DATA)"

# `make bench import` and `make soak store` name their subject as a second word.
ifneq ($(filter bench soak,$(firstword $(MAKECMDGOALS))),)
import orders start report reports search segments equality columns living ledger trial price store pricing histories:
	@:
.PHONY: import orders start report reports search segments equality columns living ledger trial price store pricing histories
endif
