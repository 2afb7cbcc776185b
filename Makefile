# Everything below needs Python 3.11 or newer and make; each target does its own set-up.

PYTHON ?= $(shell python3.11 -c '' 2>/dev/null && echo python3.11 || echo python3)
BIN := .venv/bin
STAMP := .venv/.installed
BENCH_STAMP := .venv/.installed-bench
INTERFACE := src/standclear/web/static/DIGEST
INTERFACE_SOURCES := $(shell find ui -type f -not -path "*/node_modules/*" -not -name README.md)

.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench soak clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMP) $(INTERFACE) ## start a centre, play the exercise, show the verdicts and the interface; Ctrl-C ends it
	@$(BIN)/standclear demo

test: $(STAMP) $(INTERFACE) ## run the tests, a worker on each core; all of a file on one
	@.ci/have-chromium
	@$(BIN)/pytest -n logical --dist loadfile

check: $(STAMP) $(INTERFACE) ## format, lint, types and layers, changing nothing
	@$(BIN)/ruff format --check --output-format concise .
	@$(BIN)/ruff check --output-format concise .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python hatch_build.py check

fix: $(STAMP) ## put format and imports right
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(BENCH_STAMP) ## measure the engine beside its peers, and signed commands
	@$(BIN)/python bench/run.py

soak: $(STAMP) ## the geometry's properties and the faults at length, with figures (an hour or more)
	@STANDCLEAR_SOAK=1 $(BIN)/pytest -s --timeout=7200 tests/geometry tests/faults

clean: ## remove what was made here
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist src/standclear/web/static ui/node_modules
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements.lock pyproject.toml .ci/make-venv
	@PYTHON='$(PYTHON)' .ci/make-venv
	@echo 'Installing the locked packages into .venv (about half a minute) ...'
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(INTERFACE): $(STAMP) $(INTERFACE_SOURCES) hatch_build.py ui/requirements-node.lock
	@$(BIN)/python hatch_build.py has-node || { \
	    echo 'No Node that is new enough: fetching one into .venv ...'; \
	    $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r ui/requirements-node.lock \
        || echo 'No Node could be fetched.' >&2; }
	@$(BIN)/python hatch_build.py
	@if [ -f $@ ]; then touch $@; fi

$(BENCH_STAMP): $(STAMP) bench/requirements.lock
	@echo 'Installing the peers that are measured beside the engine ...'
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r bench/requirements.lock
	@touch $@
