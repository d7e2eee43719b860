# vietlao: everything a stranger needs is `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install demo test crawl lint format peers bench-extract bench-relevance pins clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed  ## set up .venv (done once, and again when the pins change)

$(VENV)/.installed: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is %d.%d; try make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

demo: install  ## crawl the embedded sample web, store it, render a digest into demo/
	$(BIN)/vietlao demo

test: install  ## all tests (no network needed)
	$(BIN)/python -m pytest -n auto

crawl: install  ## crawl the live sources and render a digest, state in the current folder
	$(BIN)/vietlao run

lint: install  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

peers: build/peers/.installed  ## an environment with the programs that benchmarks compare with

# ours last: some peers ask for older versions than they need, and everything is measured on the same ones
build/peers/.installed: benchmarks/peers.txt requirements.txt
	$(PYTHON) -m venv build/peers
	build/peers/bin/python -m pip install --quiet --requirement benchmarks/peers.txt
	build/peers/bin/python -m pip install --quiet --requirement requirements.txt
	build/peers/bin/python -m pip install --quiet --no-deps --editable .
	@touch $@

bench-extract: peers  ## text, time and author on the recorded pages, with the peers beside it
	build/peers/bin/python benchmarks/extraction.py

bench-relevance: peers  ## articles judged a second, and pages a second of a real stream, with the peers beside it
	build/peers/bin/python benchmarks/relevance_speed.py
	build/peers/bin/python benchmarks/relevance_triage.py

pins:  ## renew requirements.txt from pyproject.toml
	rm -rf build/pins && $(PYTHON) -m venv build/pins
	build/pins/bin/python -m pip install --quiet '.[browser,dask,test]'
	{ echo '# Every version that an installation gets, run and test alike. Renew with: make pins'; \
	  build/pins/bin/python -m pip freeze --exclude vietlao | grep '=='; } > requirements.txt
	rm -rf build/pins

format:  ## put the code into its one style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove what make made
	rm -rf $(VENV) demo build *.egg-info
