# make demo: route the example package `duo` into out/duo.   make test: run all tests.   make lint: style and types.
# make klayout: install the KLayout program for the tests, where Debian's packages can be had.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test klayout lint clean

demo: .venv/.installed
	$(BIN)/rdl route duo -o out/duo

test: .venv/.installed-dev klayout
	$(BIN)/pytest

klayout:
	@tests/install_klayout

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet -e .
	touch $@

.venv/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	touch .venv/.installed $@
