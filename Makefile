# `make run` and `make test` set up what they need; a second time they find it done.
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
WHEEL := models/nb_core_news_sm/dist
ENCODER := models/encoder/dist
QUIET := RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=3 PYTHONWARNINGS=ignore::DeprecationWarning

.PHONY: run test setup setup-dev train chat evaluate bench bench-nlu thresholds compare lint validate requirements clean help

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: setup ## Set up what is missing and start the guide on http://localhost:5005
	@exec $(BIN)/foreldreveiviseren run

test: setup-dev ## Set up what is missing and run all tests
	@$(BIN)/foreldreveiviseren prepare
	@$(QUIET) $(BIN)/python -m pytest

chat: setup ## Talk to the running guide in the terminal
	@$(BIN)/foreldreveiviseren chat

train: setup ## Train anew for the present data
	@$(BIN)/foreldreveiviseren train

validate: setup ## Rasa's own check of the data
	@$(QUIET) $(BIN)/rasa data validate

lint: setup-dev ## Style of the Python code
	@$(BIN)/ruff check .

evaluate: setup-dev ## Train and measure the understanding (docs/evaluation/)
	@$(BIN)/foreldreveiviseren evaluate

bench: setup-dev ## Measure against Rasa's default assistant (docs/benchmark.md)
	@$(QUIET) $(BIN)/python -m benchmarks.against_stock

bench-nlu: setup-dev ## Time of understanding a message, against Rasa's default (docs/nlu_speed.md)
	@$(QUIET) $(BIN)/python -m benchmarks.nlu_speed

thresholds: setup-dev ## Curves to choose the thresholds by (docs/thresholds.md)
	@$(QUIET) $(BIN)/python -m benchmarks.thresholds

compare: setup-dev ## Compare the intent classifiers (docs/classifiers.md)
	@$(QUIET) $(BIN)/python -m benchmarks.classifiers

setup: .venv/.installed
setup-dev: .venv/.installed-dev

$(UV): requirements-setup.txt
	@echo "Setting up: the installer (uv)."
	@$(PYTHON) -m venv .tools || { echo "Python can't make environments here. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt
	@touch $@

.venv/.created: $(UV) .python-version
	@echo "Setting up: a Python 3.10 environment in .venv."
	@$(UV) venv --quiet --clear --python 3.10 .venv 2>/dev/null || { echo "Python 3.10 is needed and could not be found or fetched. Install it (for example: pyenv install 3.10, or uv python install 3.10) and run make again."; exit 1; }
	@touch $@

.venv/.installed: requirements.txt pyproject.toml $(WHEEL)/SHA256SUMS $(ENCODER)/SHA256SUMS .venv/.created
	@echo "Setting up: the pinned packages (about 1.7 GB)."
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements.txt
	@cd $(WHEEL) && sha256sum --check --quiet SHA256SUMS
	@cd $(ENCODER) && sha256sum --check --quiet SHA256SUMS
	@$(UV) pip install --quiet --no-deps --python $(BIN)/python $(WHEEL)/nb_core_news_sm-*.whl
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	@echo "Setting up: the packages for the tests."
	@$(UV) pip install --quiet --require-hashes --python $(BIN)/python -r requirements-dev.txt
	@touch $@

requirements: $(UV) ## Pin the newest allowed versions (after a change of pyproject.toml)
	@$(UV) pip compile --quiet --upgrade --generate-hashes --no-emit-index-url pyproject.toml -o requirements.txt
	@$(UV) pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## Remove environments, databases and trained models
	rm -rf .venv .tools var .rasa models/*.tar.gz
