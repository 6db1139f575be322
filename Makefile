# One command per verb, the same by hand and in CI.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
export PYTHONUNBUFFERED := 1
# Commands that Python packages bring along: Node.js and npm, newer than Debian's.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help serve test contract faults bench lint check-content release compatibility release-api export openapi explain \
  api-key audit screenshots lock setup setup-dev

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

serve: setup ## set up and serve on http://127.0.0.1:8000 (HOST, PORT)
	$(PYTHON) -m api.serve

test: setup-dev lint check-content ## set up and run every check and test but the next two
	$(PYTHON) -m pytest -q -n auto --dist loadfile --ignore tests/contract --ignore tests/faults

contract: setup-dev ## hold the running service to its contract, with the tools that others use
	npm ci --prefix tests/contract --no-audit --no-fund --loglevel error
	$(PYTHON) -m pytest -q tests/contract

faults: setup-dev ## break the running service in every way we know
	@./setup.sh requirements-dev.txt faketime:faketime zzuf:zzuf
	$(PYTHON) -m pytest -q tests/faults

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

compatibility: setup ## what the contract breaks of the last released one
	$(PYTHON) -m api.compatibility

release-api: openapi ## keep the contract as released: clients may rely on it from then on
	$(PYTHON) -m api.compatibility --release

openapi: setup ## write the contract to openapi/
	$(PYTHON) -m api.contract

bench: ## measure it all, side by side with other servers
	@./setup.sh requirements-bench.txt wrk:wrk nginx:nginx
	$(PYTHON) -m tests.benchmarks.engine
	$(PYTHON) -m tests.benchmarks.evaluation
	$(PYTHON) -m tests.benchmarks.published

screenshots: setup-dev ## pictures of every page and component, in screenshots/
	$(PYTHON) -m tests.browser.screenshots screenshots

api-key: setup ## a new key for an app, and the setting that knows it: make api-key NAME=my-app
	@$(PYTHON) -m api.make_key $(NAME)

audit: setup-dev ## known holes in the packages that are served (needs a network)
	@$(PYTHON) -m tests.audit

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
	@./setup.sh requirements-dev.txt chromium:chromium nginx:nginx redis-server:redis-server
