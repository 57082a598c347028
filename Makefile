# `make run` runs the bot, `make test` all tests. Both install what they need in .venv/ once.

PYTHON ?= python3
VENV := .venv
STAND_INS := .stand-ins
BIN := $(VENV)/bin
BEETS := 2.14.1
DATA ?= data
OUT ?= var/study
WORKERS ?= 2

.PHONY: help install install-dev stand-ins system run test lint bench study picture clean

help:
	@echo "make run     set up, then run the bot; on the web page if no other platform is configured"
	@echo "make test    set up, then run every test"
	@echo "make lint    ruff and mypy"
	@echo "make bench   measure the figures in the README"
	@echo "make system  install Chromium, fonts and npm for some tests (Debian, as root)"

install: $(VENV)/installed
install-dev: $(VENV)/installed-dev
stand-ins: $(STAND_INS)/beets-$(BEETS) $(STAND_INS)/local-slack/package.json

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Soundslike needs Python 3.11 or newer; set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt requirements-bot.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements.txt requirements-bot.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/installed

# Tests read the recorded Spotify replies in beets' source distribution.
$(STAND_INS)/beets-$(BEETS): | $(BIN)/python
	@mkdir -p $(STAND_INS)
	-$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps \
		--no-binary beets --dest $(STAND_INS) beets==$(BEETS) \
		&& tar xzf $(STAND_INS)/beets-$(BEETS).tar.gz -C $(STAND_INS)

# local-slack is a mock Slack server. Its tests are skipped if npm is missing or fails.
$(STAND_INS)/local-slack/package.json: tests/stubs/local_slack/package.json
	@mkdir -p $(@D)
	@cp $< $@
	npm install --silent --no-package-lock --no-audit --no-fund --prefix $(@D) || rm $@

system:
	apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-noto-core \
		fonts-noto-color-emoji \
		$$(command -v npm >/dev/null || echo npm)

run: install
	@exec $(BIN)/python -m bot run

test: install-dev stand-ins
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST)

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: install-dev
	$(BIN)/python -m tests.bench

study: install
	$(BIN)/python -m training study --data $(DATA) --out $(OUT)

picture: install-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "simcord[preview]==3.2.1"
	$(BIN)/python -m tests.browser.picture docs
	$(BIN)/python -m tests.browser.discord_picture docs
	$(BIN)/python -m tests.pictures.architecture docs

clean:
	rm -rf $(VENV) $(STAND_INS) .mypy_cache .pytest_cache .ruff_cache .hypothesis
