# make demo   the main job on real data     make lint   ruff and mypy
# make test   all tests                     make docs   the pages, warnings are errors
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV ?= .venv
# The first Python that polytask takes.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
    $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
    && echo $$p && break; done)
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --no-compile -c constraints.txt

# Small matrices on two cores: more threads per matrix make every run slower (docs/compare.md).
export OMP_NUM_THREADS ?= 1

.PHONY: help demo test lint format types docs survey constraints clean

help:
	@sed -n 's/^# make/make/p' Makefile

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "polytask needs Python 3.11, 3.12 or 3.13 on the PATH." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# One stamp per set of extras: a second call installs nothing.
$(VENV)/.demo: $(VENV)/pyvenv.cfg pyproject.toml constraints.txt
	$(PIP) -e ".[report,data]"
	@touch $@

$(VENV)/.all: $(VENV)/pyvenv.cfg pyproject.toml constraints.txt
	$(PIP) -e ".[all]"
	@touch $@

demo: $(VENV)/.demo
	$(BIN)/polytask demo --html out/demo.html

test: $(VENV)/.all
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.all
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.all
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

survey: $(VENV)/.all
	$(BIN)/python docs/make_survey.py

# The local build tag of torch is cut off: no index offers it.
constraints: $(VENV)/.all
	{ sed -n '/^#/p' constraints.txt; \
	  $(BIN)/python -m pip freeze --exclude-editable | sed 's/^\(torch==[0-9.]*\)+.*/\1/'; } > constraints.new
	mv constraints.new constraints.txt

clean:
	rm -rf $(VENV) build dist out docs/_build docs/_generated .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find polytask tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
