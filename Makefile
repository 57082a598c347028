# `make run` runs the bot, `make test` all tests. Both install what they need in .venv/ once.

PYTHON ?= python3
VENV := .venv
STAND_INS := .stand-ins
BIN := $(VENV)/bin
BEETS := 2.14.1
DATA ?= data
OUT ?= var/study
WORKERS ?= 2

PIP = $(BIN)/python -m pip install --disable-pip-version-check --no-input
# What pip says, as one short line for each package that it downloads.
PROGRESS = /^Collecting/ { sub(/==.*/, "", $$2); print "  " $$2; fflush() } \
	/^Installing collected/ { print "  downloaded; unpacking"; fflush() }
LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 $(UPGRADE) \
	--generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock"

# TensorFlow, which converts the networks of the tagger, needs other versions than the rest.
CONVERT := training/sound/convert
CONVERT_VENV := .venv-convert
CONVERTED ?= var/tagger
HEARD := training/sound/figures/genres_on_the_test_clips.json
CONVERT_PIP = python -m pip install --quiet --disable-pip-version-check --no-input
LOCK_CONVERT = $(BIN)/uv pip compile --quiet --python-version 3.11 $(UPGRADE) --generate-hashes \
	--no-annotate --no-emit-index-url --custom-compile-command "make lock"

.PHONY: help install install-dev stand-ins system run test lint lock audit pin bench bench-audio bench-learning faults study \
	tagger picture clean

help:
	@echo "make run      set up, then run the bot; on the web page if no other platform is configured"
	@echo "make test     set up, then run every test"
	@echo "make install  set up the bot and training"
	@echo "make lint     ruff and mypy"
	@echo "make lock     pin the dependencies of pyproject.toml; UPGRADE=--upgrade takes newer ones"
	@echo "make audit    look up known vulnerabilities of the pinned packages"
	@echo "make pin      pin the base images of Dockerfile and compose.yaml by digest"
	@echo "make study    rebuild docs/study.html from the tables in data/; 25 minutes"
	@echo "make bench    measure the figures in the README"
	@echo "make bench-audio  measure what is heard on ../shared/audio, or on labelled clips in FOLDER=..."
	@echo "make bench-learning  what corrections do to a weakened model, on the tables in data/"
	@echo "make faults   what happens when things go wrong, docs/reliability.md; an hour"
	@echo "make tagger   convert the networks that listen to sound again; needs Python 3.11 or 3.12"
	@echo "make system   install Chromium, fonts, npm and PgBouncer for some tests (Debian, as root)"

install: $(VENV)/installed
install-dev: $(VENV)/installed-dev
stand-ins: $(STAND_INS)/beets-$(BEETS) $(STAND_INS)/local-slack/package.json

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Soundslike needs Python 3.11 or newer; set PYTHON=/path/to/python"; exit 1; }
	@echo "Making a virtual environment in $(VENV)/"
	@$(PYTHON) -m venv $(VENV)

# What is in an environment: the bot alone, with training, or with the tools for tests as well.
$(VENV)/installed-bot: LOCKED = requirements-bot.txt
$(VENV)/installed: LOCKED = requirements.txt
$(VENV)/installed-dev: LOCKED = requirements-dev.txt
$(VENV)/installed-bot: requirements-bot.txt
$(VENV)/installed: requirements.txt
$(VENV)/installed-dev: requirements-dev.txt
$(VENV)/installed-bot $(VENV)/installed $(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing $$(grep -c '==' $(LOCKED)) packages of $(LOCKED) in $(VENV)/; this happens once."
	@{ $(PIP) --require-hashes -r $(LOCKED); echo $$? > $(VENV)/status; } | awk '$(PROGRESS)'; \
		exit $$(cat $(VENV)/status)
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(if $(filter %-bot,$@),,$(VENV)/installed-bot) \
		$(if $(filter %-dev,$@),$(VENV)/installed)

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
		fonts-noto-color-emoji pgbouncer \
		$$(command -v npm >/dev/null || echo npm)

run: $(VENV)/installed-bot
	@exec $(BIN)/python -m bot run

test: install-dev stand-ins
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST)

lock: install-dev
	$(LOCK) --all-extras --group build --group dev --output-file requirements-dev.txt
	$(LOCK) --all-extras --group build --constraint requirements-dev.txt --output-file requirements.txt
	$(LOCK) --extra audio --extra postgres --extra s3 --group build --constraint requirements-dev.txt \
		--output-file requirements-bot.txt
	$(LOCK_CONVERT) $(CONVERT)/requirements.in --output-file $(CONVERT)/requirements.txt
	$(LOCK_CONVERT) --no-deps $(CONVERT)/musicnn.in --output-file $(CONVERT)/musicnn.txt

audit: install-dev
	@$(BIN)/python .ci/audit

pin:
	@$(PYTHON) .ci/pin-images

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: install-dev
	$(BIN)/python -m tests.bench --write docs/bench.md

# The figures of the clips for tests are in the tagger's card; those of another folder are printed.
bench-audio: install
	@$(BIN)/python -m training.sound.bench $(if $(FOLDER),"$(FOLDER)",--write $(HEARD))
	@$(BIN)/python -m training.sound.card

bench-learning: install-dev
	$(BIN)/python -m tests.bench.learning --data $(DATA) --write docs

faults: install-dev
	$(BIN)/python -m tests.faults $(FAULTS)

study: install
	@$(BIN)/python -m training study --data $(DATA) --out $(OUT) $(STUDY)
	@$(BIN)/python -m training.study.publish $(OUT) docs

# musicnn asks for older versions than its networks need, so it is installed without them.
tagger: install
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' \
		|| { echo "TensorFlow 2.16 needs Python 3.11 or 3.12; set PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -m venv --clear $(CONVERT_VENV)
	@echo "Installing TensorFlow in $(CONVERT_VENV)/: 2.3 GB, some minutes."
	@$(CONVERT_VENV)/bin/$(CONVERT_PIP) --require-hashes -r $(CONVERT)/requirements.txt
	@$(CONVERT_VENV)/bin/$(CONVERT_PIP) --require-hashes --no-deps -r $(CONVERT)/musicnn.txt
	@$(CONVERT_VENV)/bin/python -W ignore::UserWarning $(CONVERT)/convert.py $(CONVERTED)
	@$(BIN)/python -m training.sound.publish $(CONVERTED)
	@$(BIN)/python -m training.sound.card

picture: install-dev
	$(BIN)/python -m tests.browser.picture docs
	$(BIN)/python -m tests.browser.discord_picture docs
	$(BIN)/python -m tests.browser.slack_picture docs
	$(BIN)/python -m tests.pictures.share_card docs
	$(BIN)/python -m tests.pictures.architecture docs

clean:
	rm -rf $(VENV) $(CONVERT_VENV) $(STAND_INS) .mypy_cache .pytest_cache .ruff_cache .hypothesis
