# The words of the README. Each target sets up what it needs first; steps that are done are skipped.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

TOOLS := $(or $(CONSOLE_TOOLS),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/channel-console)
# Cargo looks for its subcommands in its own bin folder first, unless PATH names that: named last, ours are found.
export PATH := $(TOOLS)/rust/bin:$(TOOLS)/bin:$(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

.PHONY: help run setup-run dev test torture check screenshots bench sbom catalogue clean

help:
	@echo "make run    set up, build and serve http://127.0.0.1:3000"
	@echo "make dev    the same, rebuilt and reloaded at every change"
	@echo "make test   set up and run every test, browser tests included"
	@echo "make torture  what make test does a few times, many times: kills under load, malformed and random requests, fuzzing"
	@echo "make check  formatting, lints, dependencies, the catalogue"
	@echo "make screenshots  pictures of every page into end2end/screenshots"
	@echo "make bench  benchmarks"
	@echo "make sbom   what the program is made of, in target/sbom"
	@echo "make catalogue  note the catalogue's new revisions in its lock file"

run: setup-run target/release/site.built
	@exec target/release/channel-console serve

setup-run:
	@.setup/setup.sh run

# Compressing the site takes longer than looking whether anything changed.
SOURCES := $(shell find app server migrations style public Cargo.toml Cargo.lock .cargo -type f -not -path '*/tests/*')
target/release/site.built: $(SOURCES) | setup-run
	@cargo leptos build --release --precompress --cargo-locked
	@touch $@

dev:
	@.setup/setup.sh run
	@cargo leptos watch

# One build serves all: the packages' tests, the HTTP tests and the browser tests share profile and flags.
test:
	@.setup/setup.sh test
	@cargo leptos build --cargo-locked
	@.setup/with-postgres.sh cargo test --locked --workspace
	@cd end2end && npx playwright test

# Some three hours; SMALL=1 asks a few times only, TORTURE="surviving fuzz" names parts. Every part runs, then comes a summary.
torture:
	@.setup/setup.sh torture
	@.setup/torture.sh $(if $(SMALL),small)

check:
	@.setup/setup.sh check
	@cargo fmt --all --check
	@cargo clippy --locked --workspace --all-targets -- -D warnings
	@cargo clippy --locked -p app --features hydrate --target wasm32-unknown-unknown -- -D warnings
	@.setup/deny.sh
	@cargo test --locked --quiet -p domain

# Of a console that `demo` has filled. README=1 makes the README's pictures, too.
screenshots:
	@.setup/setup.sh test
	@cargo leptos build --cargo-locked
	@cd end2end && npx playwright test --config pictures.config.ts

# Some 40 minutes, for a machine that does nothing else. What the figures mean: server/benches/README.md.
bench: target/release/site.built
	@.setup/setup.sh bench
	@cargo bench --locked -p domain --bench catalogue --bench resolve
	@cargo build --locked --workspace --example payment_core
	@node server/benches/http.mjs sqlite 1000 channel resolve-v1 resolve-v2
	@node server/benches/http.mjs sqlite 100000
	@PG_FSYNC=1 .setup/with-postgres.sh node server/benches/http.mjs postgres 100000
	@node server/benches/flood.mjs
	@node server/benches/login_timing.mjs
	@node server/benches/credential_timing.mjs

sbom:
	@.setup/sbom.sh

catalogue:
	@CATALOGUE_LOCK=write cargo test --locked --quiet -p domain --test catalogue_revisions

clean:
	@rm -rf target end2end/node_modules
