# Régie's commands. Nothing here needs root, a database, Node or a browser, and nothing
# calls a system package manager: what is missing comes from the Python and npm indexes.

VENV := .venv
PYTHON := $(VENV)/bin/python
STAMPS := $(VENV)/stamps
PIP := $(PYTHON) -m pip -qq --no-input
LOCALE := src/regie/web/locale/fr/LC_MESSAGES/django

# A bare environment has no locale: text is UTF-8 whatever the machine says.
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_NO_WARN_SCRIPT_LOCATION := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test test-long check format bench audit front translations docs \
	requirements clean setup setup-test

help: ## List these commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: setup front translations ## Install everything, then serve the demo network until Ctrl-C
	@exec $(VENV)/bin/regie demo

# Three workers even on two cores: a third of the time goes to waiting for browsers and disks.
test: setup-test front translations ## Install what tests need, then run all but the long ones
	@$(PYTHON) tools/browser.py
	$(PYTHON) -m pytest -n 3 --dist worksteal -m "not long"

test-long: setup-test front translations ## Run the tests that take minutes
	@$(PYTHON) tools/browser.py
	$(PYTHON) -m pytest -m long

check: setup-test front translations ## Lint, types, walls between floors, fast tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	@$(PYTHON) tools/node.py npm run --silent --prefix frontend types
	$(VENV)/bin/lint-imports --no-logo
	$(PYTHON) -m pytest -q -n 3 --dist worksteal -m "not slow and not long and not browser"

format: setup-test ## Put the code in the project's form
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: setup-test front ## Measure, and write docs/benchmarks.md
	$(PYTHON) -m bench

audit: setup-test front ## Look for known vulnerabilities in what we depend on
	@$(PYTHON) tools/audit.py

front: setup ## Build the style sheet and the scripts, when their sources changed
	@$(PYTHON) tools/front.py

translations: setup ## Compile the French catalogue
	@$(if $(wildcard $(LOCALE).po),$(PYTHON) tools/translations.py compile,:)

docs: setup-test ## Write the reference, then check that every link leads somewhere
	PYTHONPATH=. $(PYTHON) tools/reference.py
	$(PYTHON) tools/documentation.py

requirements: $(STAMPS)/compile ## Pin what requirements/*.in ask for (UPGRADE=1: the newest)
	@for file in build base test front compile; do \
		echo "requirements/$$file.txt"; \
		$(VENV)/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 \
			--generate-hashes --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) \
			requirements/$$file.in -o requirements/$$file.txt || exit 1; \
	done
	@$(PYTHON) tools/lockfile.py frontend/package-lock.json frontend/browser/package-lock.json

clean: ## Remove what was installed and built (the demo's data in .demo stay)
	rm -rf $(VENV) .tools .build frontend/node_modules src/regie/web/static/build src/*.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis $(LOCALE).mo

# The stamps make a second call take no time: each step runs again only when its pins changed.
# Tests hold all that the application needs, so an environment made for them serves both.
setup: $(STAMPS)/package
setup-test: $(STAMPS)/test $(STAMPS)/package

$(STAMPS)/venv:
	@python=$$(sh tools/find-python) && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/build: requirements/build.txt | $(STAMPS)/venv
	@$(PIP) install --require-hashes --requirement requirements/build.txt
	@touch $@

$(STAMPS)/base: requirements/base.txt | $(STAMPS)/venv
	@echo "Installing what Régie needs"
	@$(PIP) install --require-hashes --requirement requirements/base.txt
	@touch $@

$(STAMPS)/test: requirements/test.txt | $(STAMPS)/venv
	@echo "Installing what the tests need"
	@$(PIP) install --require-hashes --requirement requirements/test.txt
	@touch $@

$(STAMPS)/package: pyproject.toml $(STAMPS)/build $(STAMPS)/base
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/compile: requirements/compile.txt | $(STAMPS)/venv
	@$(PIP) install --require-hashes --requirement requirements/compile.txt
	@touch $@
