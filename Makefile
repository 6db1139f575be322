# One command per verb, the same by hand and in CI.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
export PYTHONUNBUFFERED := 1

.PHONY: help serve test bench lint check-content release export openapi explain screenshots lock setup setup-dev

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

serve: setup ## set up and serve on http://127.0.0.1:8000 (HOST, PORT)
	$(PYTHON) -m api.serve

test: setup-dev lint check-content ## set up and run every check and test
	$(PYTHON) -m pytest -q -n auto --dist loadfile

lint: setup-dev ## style and types
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

check-content: setup ## every problem of content/, with file and line
	$(PYTHON) -m api.check_content

release: setup ## record the content as a release, in the words of content/releases/next.yaml
	$(PYTHON) -m api.release
	$(PYTHON) -m api.contract

export: setup ## write a static mirror with its nginx configuration: make export OUT=dir
	@$(PYTHON) -m api.export $(OUT) $(if $(LISTEN),--listen $(LISTEN)) $(if $(LIVE),--live $(LIVE))

openapi: setup ## write the contract to openapi/
	$(PYTHON) -m api.contract

bench: ## measure it all, side by side with other servers
	@./setup.sh requirements-bench.txt wrk:wrk nginx:nginx
	$(PYTHON) -m tests.benchmarks.engine
	$(PYTHON) -m tests.benchmarks.evaluation
	$(PYTHON) -m tests.benchmarks.published

screenshots: setup-dev ## pictures of every page and component, in screenshots/
	$(PYTHON) -m tests.browser.screenshots screenshots

explain: setup ## how answers come to their urgency: make explain ANSWERS=file.yaml
	@$(PYTHON) -m api.explain $(ANSWERS)

lock: setup-dev ## renew the locked requirements (needs a package index)
	$(PYTHON) -m pip install -q pip-tools==7.6.2
	$(PYTHON) -m piptools compile -q --generate-hashes --strip-extras --no-header --upgrade \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o requirements.txt pyproject.toml
	$(PYTHON) -m piptools compile -q --generate-hashes --strip-extras --no-header --upgrade --allow-unsafe \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra dev -c requirements.txt \
	  -o requirements-dev.txt pyproject.toml
	$(PYTHON) -m piptools compile -q --generate-hashes --strip-extras --no-header --upgrade --allow-unsafe \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra bench -c requirements.txt \
	  -o requirements-bench.txt pyproject.toml

setup:
	@./setup.sh requirements.txt

setup-dev:
	@./setup.sh requirements-dev.txt node:nodejs chromium:chromium nginx:nginx
