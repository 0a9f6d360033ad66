# Two commands for a fresh machine with python3 and make: `make demo`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := scraper classifier models corpus

.PHONY: demo test lint bench bench-score bench-batch bench-store bench-collect bench-accuracy bench-train compare train clean

$(BIN)/nac: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@$(BIN)/python -m compileall -q $(PACKAGES)  # as pip does for what it copies; an editable installation is left as source
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

bench: bench-collect bench-store bench-score  ## collecting, store, a score: ratios beside a named reference (takes minutes); bench-batch, bench-train and bench-accuracy are apart

bench-score: $(VENV)/.test  ## a score: cold start, memory, releases a second, growth with length
	$(BIN)/python -m benchmarks.speed

bench-batch: $(VENV)/.test  ## many texts at once, as ratios beside named references
	$(BIN)/python -m benchmarks.batch

bench-store: $(VENV)/.test  ## releases kept a second beside plain sqlite3; memory from 2,000 to 20,000 pages (takes minutes)
	$(BIN)/python -m benchmarks.store

bench-collect: $(VENV)/.test  ## the reader beside trafilatura; memory of a collection as the site grows
	$(BIN)/python -m benchmarks.reader
	$(BIN)/python -m benchmarks.collecting

bench-accuracy: $(VENV)/.test  ## figures of the time split and of the Council's register
	$(BIN)/python -m benchmarks.accuracy

compare: $(VENV)/.test  ## which scores moved since the last tag, if lexicon, context or model changed
	$(BIN)/python -m benchmarks.compare --changed

bench-train: $(VENV)/.test  ## training beside a grid search of scikit-learn: time, memory, weighted F1
	$(BIN)/python -m benchmarks.training

train: $(VENV)/.test  ## rebuild the shipped model from ../shared/data
	$(BIN)/nac train --recipe models/stance-1/recipe.toml --data ../shared/data

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
