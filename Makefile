# Kaiyuan 开园. `make` alone lists what can be done. Nothing is needed but make and Python 3.11 or newer;
# each target builds what it lacks in .venv, once.

PYTHON ?= python3
UV     ?= uv
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check install

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-slow lint types architecture packs bench docs docs-check screenshots requirements clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | \
	  while IFS="$$(printf '\t')" read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

demo: $(VENV)/ready-run  ## run both packs over 2,000 synthetic enterprises, then serve the site with them until Ctrl-C
	$(BIN)/kaiyuan demo run --brief
	$(BIN)/kaiyuan site demo

test: $(VENV)/ready-test  ## the fast tests: nothing needed but Python
	$(BIN)/python -m pytest -q -n 2 -m "not slow and not browser"

test-slow: $(VENV)/ready-slow  ## the tests that need PostgreSQL, Spark, Chromium or minutes
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "slow or browser"

test-all: test test-slow  ## every test

lint: $(VENV)/ready-lint  ## style
	$(BIN)/ruff check .

types: $(VENV)/ready-lint  ## mypy --strict on src
	KAIYUAN_MODE=test KAIYUAN_DATA=out/test $(BIN)/mypy

architecture: $(VENV)/ready-lint  ## the rooms point one way
	$(BIN)/lint-imports --no-logo

packs: $(VENV)/ready-run  ## run the cases of every pack
	$(BIN)/kaiyuan packs check

bench: $(VENV)/ready-run  ## ours against its peers, in one run; BENCH=--quick for a short one
	$(BIN)/python bench/run.py $(BENCH)

docs: $(VENV)/ready-run  ## write the generated documents anew
	$(BIN)/python docs/generate.py

screenshots: $(VENV)/ready-slow  ## take the README's pictures of the site; needs Chromium
	$(BIN)/python docs/screenshots.py

docs-check: $(VENV)/ready-run  ## fail if a generated document is not up to date
	$(BIN)/python docs/generate.py --check

clean:  ## remove environments, caches and output
	rm -rf $(VENV) .env-bench build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environments -------------------------------------------------------------------------------------
# One environment, filled as far as a target needs; every file has the same versions, so they add up.
# All that is installed is pinned with hashes; the project itself is linked in place by the pinned hatchling.

$(VENV)/ready-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Kaiyuan needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/ready-build: requirements-build.txt pyproject.toml | $(VENV)/ready-python
	$(PIP) --require-hashes -r requirements-build.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-run: requirements.txt $(VENV)/ready-build
	$(PIP) --require-hashes -r $<
	@touch $@

$(VENV)/ready-test $(VENV)/ready-lint: $(VENV)/ready-%: requirements-%.txt $(VENV)/ready-build
	$(PIP) --require-hashes -r $<
	@touch $@

# PySpark comes as source only: it is built here by the pinned setuptools, not by one fetched aside.
$(VENV)/ready-slow: requirements-slow.txt $(VENV)/ready-build
	$(PIP) --require-hashes --no-build-isolation -r $<
	@touch $@

# Maintainers only, needs uv: resolve once for every platform, then cut the files from that one resolution.
requirements:  ## resolve the pinned requirements anew (maintainers; needs uv)
	UV="$(UV)" ./requirements-compile.sh
