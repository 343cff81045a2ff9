# Two commands matter: `make demo` and `make test`. Both make their own virtual environment.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check lint format schema bench clean

demo: $(VENV)/.installed
	$(BIN)/evidence demo demo

test: $(VENV)/.installed-dev
	$(MAKE) --no-print-directory check

check: lint
	$(BIN)/pytest -n auto --dist worksteal

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(VENV)/.installed
	$(BIN)/evidence db schema > db/schema.sql

bench: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python benchmarks/extract.py
	$(BIN)/python benchmarks/resolve.py

clean:
	rm -rf $(VENV) demo

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group dev
	touch $@
