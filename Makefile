# `make run` and `make test` do everything they need; `make setup` is the installing half of all targets but `run`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup run test conformance console-test cut-test hostile docs docs-serve docs-pictures readme-picture docs-test reference eval bench gallery lint lock clean chaos overload soak fuzz ops-test faults cluster-test

setup: $(VENV)/.installed
	@$(BIN)/koutu models install

$(VENV)/.installed: pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# What serving needs, and the SDKs that the printed code uses; nothing to test or document with.
$(VENV)/.serving: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock \
		--constraint requirements-dev.lock alibabacloud-imageseg20191230 aliyun-python-sdk-imageseg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

run: $(VENV)/.serving
	@$(BIN)/koutu models install
	@$(BIN)/koutu serve --first-key

test: setup lint
	$(BIN)/pytest

# Every action through every official client; the first run installs the clients.
conformance: setup
	$(BIN)/python tests/conformance/install.py
	$(BIN)/pytest tests/conformance -m long

# The console in headless Chromium (apt-get install chromium); KOUTU_SCREENSHOTS=FOLDER keeps pictures of every page.
console-test: setup
	$(BIN)/python tests/conformance/install.py
	$(BIN)/pytest tests/console -m long

# `koutu cut` over 200 files of which ten are broken, killed three times on the way.
cut-test: setup
	$(BIN)/pytest tests/cli -m long

# Bad requests and bad files by the hundred.
hostile: setup
	$(BIN)/pytest tests/hostile -m ""

# The documentation site in English and Chinese, into site/; its pictures are drawn once, from the samples.
docs: $(VENV)/.installed build/pictures
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# The site on 127.0.0.1:8000, built anew at every change.
docs-serve: $(VENV)/.installed build/pictures
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve

docs-pictures: setup
	$(BIN)/python -m scripts.docs.pictures

# The one picture of the documentation that is committed: the READMEs' strip.
readme-picture: setup
	$(BIN)/python -m scripts.docs.pictures --strip docs/assets/strip.webp

build/pictures:
	$(MAKE) docs-pictures

# Every code block of the site and the READMEs, run for real.
docs-test: setup
	$(BIN)/python tests/conformance/install.py
	$(BIN)/pytest tests/docs -m ""

# The table of what is tested, made from the contract and the tests.
reference: $(VENV)/.installed
	$(BIN)/python scripts/coverage_table.py

# Figures per action on the validation split of the development data (KOUTU_DEV_DATA).
eval: setup
	$(BIN)/python -m benchmarks.quality

# Speed and memory beside the peers (installed on first use), into docs/benchmarks.md.
bench: setup
	$(BIN)/python -m benchmarks.speed --write

# Contact sheets of an action's results: make gallery ACTION=segment_hair
gallery: setup
	$(BIN)/python -m benchmarks.gallery $(ACTION) out/$(ACTION).png

# The shipped heads anew: make train-face, train-human, train-things.scene, ... PyTorch stays out of the serving environment.
TRAIN := .venv-train
$(TRAIN)/.installed: training/requirements.txt
	$(PYTHON) -m venv $(TRAIN)
	$(TRAIN)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock --requirement training/requirements.txt
	@touch $@

train-%: $(TRAIN)/.installed
	PYTHONPATH=src:. $(TRAIN)/bin/python -m training.$*

# Load and faults, each with the bars of docs/scaling.md; the full forms are the defaults.
JOBS ?= 10000
KILLS ?= 20
chaos: setup
	$(BIN)/python -m benchmarks.load.chaos --jobs $(JOBS) --kills $(KILLS)

overload: MINUTES ?= 5
overload: REFUSED_MS ?= 50
overload: setup
	$(BIN)/python -m benchmarks.load.overload --minutes $(MINUTES) --refused-ms $(REFUSED_MS)

soak: MINUTES ?= 30
soak: GROWTH ?= 0.05
soak: setup
	$(BIN)/python -m benchmarks.load.soak --minutes $(MINUTES) --growth $(GROWTH)

fuzz: MINUTES ?= 10
fuzz: setup
	$(BIN)/python -m benchmarks.load.fuzz --minutes $(MINUTES)

# Short forms of chaos, overload and soak that ask for no speed: what CI runs of them.
ops-test: setup
	$(BIN)/python -m benchmarks.load.chaos --jobs 100 --kills 3
	$(BIN)/python -m benchmarks.load.overload --short
	$(BIN)/python -m benchmarks.load.soak --short

# kill -9 at every stage of a call, and other faults that take servers of their own.
faults: setup
	$(BIN)/pytest tests/faults -m ""

# A cluster of processes with a node killed under load; in an environment of its own, for it needs Ray, an S3 server and nginx.
CLUSTER := .venv-cluster
$(CLUSTER)/.installed: pyproject.toml requirements-cluster.lock
	$(PYTHON) -m venv $(CLUSTER)
	$(CLUSTER)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-cluster.lock
	$(CLUSTER)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

cluster-test: $(CLUSTER)/.installed
	$(CLUSTER)/bin/koutu models install
	$(CLUSTER)/bin/pytest tests/cluster -m "" -s

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock:
	$(PYTHON) scripts/lock.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
