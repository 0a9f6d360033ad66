# Two commands for a fresh machine with python3 and make: `make demo`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint bench bench-accuracy train clean

$(BIN)/nac: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: $(BIN)/nac
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test,lint]'
	@touch $@

demo: $(BIN)/nac  ## install, then score a statement of ours
	$(BIN)/nac score corpus/demo.txt

test: $(VENV)/.test  ## everything that can run on this machine
	$(BIN)/python -m pytest

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test  ## speed and memory, as ratios beside a named reference
	$(BIN)/python -m benchmarks.speed

bench-accuracy: $(VENV)/.test  ## figures of the time split and of the Council's register
	$(BIN)/python -m benchmarks.accuracy

train: $(VENV)/.test  ## rebuild the shipped model from ../shared/data
	$(BIN)/python -m classifier.learning.train --data ../shared/data

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
