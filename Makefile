# `make run` and `make test` do everything they need; `make setup` is the installing half of both.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup run test conformance hostile reference lint types arch lock clean

setup: $(VENV)/.installed
	@$(BIN)/koutu models install

$(VENV)/.installed: pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

run: setup
	@$(BIN)/koutu serve --first-key

test: setup lint
	$(BIN)/pytest

# Every action through every official client; the first run installs the clients.
conformance: setup
	$(BIN)/python tests/conformance/install.py
	$(BIN)/pytest tests/conformance -m long

# Bad requests and bad files by the hundred.
hostile: setup
	$(BIN)/pytest tests/hostile -m ""

# The pages of docs/ that are made from the contract and the tests.
reference: $(VENV)/.installed
	$(BIN)/python scripts/action_reference.py
	$(BIN)/python scripts/error_reference.py
	$(BIN)/python scripts/coverage_table.py

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock:
	$(PYTHON) scripts/lock.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
