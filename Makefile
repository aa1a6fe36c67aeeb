# Everything here is a script in scripts/; `make help` lists the targets.

ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help build demo test check bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build the web app and target/release/crowdsmith
	@scripts/build

demo: ## Build everything and start the demo (ARGS=--no-crowd to work alone)
	@scripts/demo $(ARGS)

test: ## Install what the tests need and run them all
	@scripts/test

check: ## Format, lints, types and licences, without running tests
	@scripts/check

bench: ## Measure the statistics and the hot path on this machine
	@scripts/bench

clean: ## Remove what builds and tests made; data folders stay
	cargo clean
	rm -rf web/app/dist web/app/node_modules web/elements/dist web/elements/node_modules e2e/node_modules e2e/screenshots python/.venv* python/target
