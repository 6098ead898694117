# Everything runs in an environment of its own, made on first use; Python 3.11 is all that is needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint unit docs bench clean

demo: $(READY)  ## The real server on the example prompts, printed as an editor shows them
	$(BIN)/python -m scripts.demo

test: lint unit  ## Lint, types, unit, property and end-to-end tests

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m scripts.generate_docs --check

unit: $(READY)
	$(BIN)/python -m pytest

docs: $(READY)  ## Write the generated pages anew
	$(BIN)/python -m scripts.generate_docs

bench: $(READY)  ## The figures of the README, each against its alternative in the same run
	$(BIN)/python -m benchmarks

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "promptls needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
