# Set-up is done by whatever needs it; nothing has to be installed first but Python 3.11+ and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check fmt types imports assets schema screenshots bench e2e shell setup lock

python := .venv/bin/python
# Paths or options for pytest: make test ARGS="tests/events -x"
ARGS ?=

help: ## This list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-11s %s\n", $$1, $$2 }'
	@echo
	@echo '  PORT, HOST, DATA_DIR, DATABASE_URL and REDIS_URL change what make run serves.'

run: ## Set up everything and serve on http://127.0.0.1:8000 (PORT=…)
	@scripts/setup.sh runtime
	@exec $(python) -m scripts.serve

test: ## The whole suite: SQLite, PostgreSQL, real worker, browser (ARGS=…)
	@scripts/setup.sh dev
	@exec $(python) -m scripts.test $(ARGS)

e2e: ## The browser journeys alone
	@scripts/setup.sh dev
	@exec $(python) -m scripts.test --stage browser $(ARGS)

check: ## Style, types, import walls, templates, migrations, production settings
	@scripts/setup.sh dev
	@exec $(python) -m scripts.check

fmt: ## Put the code into its one format
	@scripts/setup.sh dev
	@$(python) -m ruff check --fix --quiet . || true
	@$(python) -m ruff format .

types: ## mypy --strict
	@scripts/setup.sh dev
	@$(python) -m mypy

imports: ## The walls between the apps and their rooms
	@scripts/setup.sh dev
	@.venv/bin/lint-imports

assets: ## Compile style sheets and scripts into static/dist
	@scripts/setup.sh runtime

schema: ## Write docs/openapi.yaml from the code
	@scripts/setup.sh dev
	@$(python) -m scripts.check --write-schema

screenshots: ## Take the pictures of docs/screenshots anew
	@scripts/setup.sh dev
	@exec $(python) -m scripts.screenshots

bench: ## Figures as ratios to a floor measured in the same run
	@scripts/setup.sh dev
	@$(python) -m scripts.bench $(ARGS)

shell: ## A Python prompt with the models at hand
	@scripts/setup.sh runtime
	@exec $(python) manage.py shell

setup: ## Everything that the other commands need, without running them
	@scripts/setup.sh dev

lock: ## Resolve pyproject.toml anew into requirements/ (needs an index)
	@scripts/setup.sh dev
	@scripts/lock.sh
