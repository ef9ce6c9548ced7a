# Every target sets up what it needs; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo sample dev dashboard refresh test test-spark quick check lint types defs docs screenshots bench engines scale lock clean

PYTHON ?= python3
RFM_LANDING ?= data/landing
LANDING ?= $(RFM_LANDING)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-strip-extras pyproject.toml
# conftest.py says which tests share a process, so that their servers start once; the longest come first.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder
# pip compiles on one core, which is half of its time, and compiles what nothing here imports.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
COMPILE := $(BIN)/python -m compileall -qq -j 0 \
	-x '/(tests?|testing|kubernetes|sympy|moto|networkx|cfnlint|pip|setuptools|mypyc?)/' $(VENV)/lib || true

# Keep compiled modules: else every command compiles the package again, and every process of the tests their assertions.
unexport PYTHONDONTWRITEBYTECODE

# Dagster reads dagster.yaml here, and the command line and the UI share one history.
export DAGSTER_HOME := $(CURDIR)
export RFM_LANDING := $(LANDING)

help: ## list what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(READY) ## make .venv from the lock file (the other targets do it by themselves)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Python 3.11 or newer is needed, {sys.executable} is {v[0]}.{v[1]}: make PYTHON=python3.12 setup")'
	@echo "setting up $(VENV) from requirements.lock (a minute or two, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(COMPILE)
	@touch $@

$(READY_DEV): $(READY) requirements-dev.lock
	@echo "adding what tests need from requirements-dev.lock (once)"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(COMPILE)
	@touch $@

ifdef EXPORT
demo: $(READY) # in a folder of the shop's own; `for one` goes over the list as it was at first
	@unset DAGSTER_HOME RFM_LANDING; rfm="$(CURDIR)/$(BIN)/rfm"; \
	if [ -e "$$EXPORT" ]; then set -- "$$EXPORT"; else set -- $$EXPORT; fi; \
	name=$$(basename "$$1"); shop="data/shops/$${name%%.*}"; \
	for one; do set -- "$$@" --from "$$one"; shift; done; \
	"$$rfm" init --no-hint "$$shop" "$$@" $${PROFILE:+--profile "$$PROFILE"} $${CURRENCY:+--currency "$$CURRENCY"} && \
	cd "$$shop" && "$$rfm" land && "$$rfm" refresh && \
	echo "these commands work in $$PWD"
else
demo: $(READY) ## the whole history of every table in one run: the sample shop, LANDING=folder, EXPORT=file [PROFILE=, CURRENCY=]
	@if [ ! -d "$(LANDING)" ] && [ "$(LANDING)" = data/landing ]; then \
		$(BIN)/rfm sample --to data/.landing && mv data/.landing data/landing; fi
	@$(BIN)/rfm refresh
endif

sample: $(READY) ## write the sample shop's daily files into LANDING (rfm sample --help: any size)
	@$(BIN)/rfm sample --to "$(LANDING)"

dev: $(READY) ## open the Dagster UI on http://127.0.0.1:3000
	@$(BIN)/rfm dev

dashboard: $(READY) ## open the dashboard on http://127.0.0.1:8501
	@$(BIN)/rfm dashboard

test: $(READY_DEV) ## all tests
	@$(BIN)/pytest $(PARALLEL)

test-spark: $(READY_DEV) ## both engines on the real daily files, and a cluster that loses a worker (needs Java 17)
	@RFM_TEST_SPARK=1 $(BIN)/pytest rfm_assets_tests/spark \
		rfm_assets_tests/benchmarks/test_smoke.py::test_both_engines_store_the_same_tables --durations 5

quick: $(READY_DEV) ## the tests that start no server and are not slow
	@$(BIN)/pytest $(PARALLEL) -m "not e2e and not slow"

check: lint types defs test ## everything a change must pass

lint: $(READY_DEV) ## format and lint
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(READY_DEV) ## static types, strictly
	@$(BIN)/mypy

defs: $(READY_DEV) ## load the graph as Dagster does
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/dg check defs

docs: $(READY_DEV) ## write the contract's page and the graph's picture from the code, and record columns
	@$(BIN)/python -m rfm_assets.warehouse.recorded_schema
	@$(BIN)/python -m docs.write_data_contract > docs/data-contract.md
	@$(BIN)/python -m docs.draw_asset_graph > docs/images/asset-graph.svg

screenshots: $(READY_DEV) ## take the screenshots of the docs again (needs Chromium)
	@$(BIN)/python -m docs.take_screenshots
	@$(BIN)/python -m docs.dashboard_screenshots

bench: $(READY_DEV) ## the table of docs/performance.md, on LANDING
	@$(BIN)/python benchmarks/history.py "$(LANDING)"

engines: $(READY_DEV) ## DuckDB, Spark and plain scripts side by side, on LANDING (needs Java 17)
	@PYTHONPATH=. $(BIN)/python benchmarks/engines.py "$(LANDING)"

scale: $(READY_DEV) ## how cost grows with size, on sample data (benchmarks/scale.py --help)
	@$(BIN)/python benchmarks/scale.py

lock: $(READY_DEV) ## resolve the newest allowed versions into the lock files
	@$(LOCK) --extra dashboard --extra postgres --extra kubernetes --output-file requirements.lock
	@$(LOCK) --extra dashboard --extra postgres --extra kubernetes --extra dev --constraints requirements.lock --output-file requirements-dev.lock

clean: ## remove .venv, caches and Dagster's records; data/ stays
	@rm -rf $(VENV) .dagster .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
