# Everything runs in an environment of its own, made on first use; Python 3.11 is all that is needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

EXTENSION := clients/vscode
MODULES := $(EXTENSION)/node_modules/.package-lock.json

.PHONY: demo test lint unit docs bench vsix vscode test-editors screenshots measure-editors clean

demo: $(READY)  ## The real server on the example prompts, printed as an editor shows them
	$(BIN)/python -m scripts.demo

test: lint unit  ## Lint, types, unit, property and end-to-end tests

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m scripts.generate_docs --check

unit: $(READY)
	$(BIN)/python -m pytest --ignore=tests/clients

docs: $(READY)  ## Write the generated pages anew
	$(BIN)/python -m scripts.generate_docs

bench: $(READY)  ## The figures of the README, each against its alternative in the same run
	$(BIN)/python -m benchmarks

vsix: $(READY) $(MODULES)  ## The VS Code extension for this platform, with all it needs, in dist/
	$(BIN)/python -m scripts.bundle_wheels
	cd $(EXTENSION) && npm run --silent package

vscode: vsix  ## The extension in a real VS Code on examples/; prints the address
	cd $(EXTENSION) && npm run --silent try

test-editors: vsix  ## End-to-end tests in the real editors
	cd $(EXTENSION) && PROMPTLS_PYTHON=$(abspath $(BIN)/python) npm run --silent check
	cd $(EXTENSION) && npm run --silent test:host && npm run --silent test:browser
	$(BIN)/python -m pytest tests/clients || $(BIN)/python -m pytest tests/clients --last-failed  # a busy machine can be too slow for an editor once

measure-editors: vsix  ## Size, activation, time to the first hints, typing: the figures of the README
	cd $(EXTENSION) && npm run --silent measure

screenshots: vsix  ## The pictures of the README and the walkthrough, from the real editor
	cd $(EXTENSION) && PYTHON=$(abspath $(BIN)/python) npm run --silent screenshots

$(MODULES): $(EXTENSION)/package.json $(EXTENSION)/package-lock.json
	cd $(EXTENSION) && npm ci --no-audit --no-fund --loglevel=error
	touch $@

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "promptls needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) $(EXTENSION)/node_modules $(EXTENSION)/dist $(EXTENSION)/out $(EXTENSION)/bundled .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
