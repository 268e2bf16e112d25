# `make` alone lists what there is. Written for GNU make 3.81 (macOS) and later.

.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9

# Where it is set, each of the hundreds of processes that the tests start would compile the whole application anew.
unexport PYTHONDONTWRITEBYTECODE

# More arguments for demo, test, torture and bench: make test ARGS="-k majority"
ARGS :=

# A virtual environment holds absolute paths: one that was moved here, or whose Python has gone, is made again.
ifneq ($(shell $(BIN)/python -c '' 2>/dev/null && cat $(VENV)/.created 2>/dev/null),$(CURDIR))
$(shell rm -f $(VENV)/.created)
endif

.PHONY: help setup demo test torture check format coverage bench pictures lock clean

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.installed ## everything that is needed, in .venv; quick when it is there already
	@:

demo: setup ## the Kent night of 2023 replayed before your eyes, on http://127.0.0.1:8000/
	@exec $(BIN)/declared demo $(ARGS)

test: setup ## every test, in a real browser too
	@chromium=$$(scripts/chromium.sh) || exit 1; \
	DECLARED_TEST_CHROMIUM="$$chromium" exec $(BIN)/python -m pytest \
		--numprocesses $$(($$(getconf _NPROCESSORS_ONLN) + 2)) --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

torture: setup ## what is promised, tried very often, into docs/promises.md; QUICK=1 tries it briefly
	@chromium=$$(scripts/chromium.sh) || exit 1; \
	DECLARED_TEST_CHROMIUM="$$chromium" $(if $(QUICK),,DECLARED_TORTURE=full) exec $(BIN)/python -m pytest \
		-m promise -o faulthandler_timeout=0 --promises=$(if $(QUICK)$(ARGS),build,docs)/promises.md $(ARGS)

check: setup ## linters and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup ## put the code into the house style
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

coverage: setup ## the tests of app/domain and app/live, which must reach every branch of them
	@$(BIN)/python -m pytest tests/domain tests/live --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --include 'app/domain/*,app/live/*' --fail-under 100

bench: setup ## the benchmarks
	@exec $(BIN)/python -m bench $(ARGS)

pictures: setup ## the pictures of pages in docs/images, taken anew; ARGS="council phone" takes those
	@chromium=$$(scripts/chromium.sh) || exit 1; \
	DECLARED_TEST_CHROMIUM="$$chromium" exec $(BIN)/python scripts/take_pictures.py $(ARGS)

lock: ## requirements*.lock made again from pyproject.toml; UPGRADE=1 takes the newest of everything
	@python=$$(scripts/find-python.sh) || exit 1; \
	"$$python" -m venv build/lock && build/lock/bin/python -m pip install -qq uv==$(UV_VERSION)
	@build/lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header $(if $(UPGRADE),--upgrade) --extra build --extra dev --output-file requirements.lock
	@build/lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --extra build --constraint requirements.lock --output-file requirements-runtime.lock
	@echo "requirements.lock and requirements-runtime.lock are up to date."

clean: ## remove .venv and what tools left behind; never a database
	@rm -rf $(VENV) build dist .coverage .coverage.* htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.created:
	@python=$$(scripts/find-python.sh) || exit 1; \
	echo "Making $(VENV) with $$python"; \
	rm -rf $(VENV); \
	"$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
	@echo "$(CURDIR)" > $@

$(VENV)/.locked: requirements.lock $(VENV)/.created
	@echo "Installing what requirements.lock lists: a minute or so, the first time"
	@# Python compiles what it imports, which is little of all this: to compile everything takes as long as to install it.
	@$(BIN)/python -m pip install --disable-pip-version-check -qq --no-compile --no-deps --only-binary :all: \
		--require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	@$(BIN)/python -m pip install --disable-pip-version-check -qq --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip check
	@touch $@
