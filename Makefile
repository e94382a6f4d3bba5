# Everything is built on demand: each environment once, and again when its lock changes.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= python3
IN := .venv/bin
# The register never speaks to AWS from here; without these the SDK would look for real keys and a region.
TOOLS := AWS_DEFAULT_REGION=eu-central-1 AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none SAM_CLI_TELEMETRY=0
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
PIP_COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(IN)/pip-compile --quiet --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options $(UPGRADE)

# $(call environment,folder): an empty virtual environment, or what to do when that is impossible.
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not one." >&2; \
		echo "Install it, or name another one: make PYTHON=/path/to/python3.13 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv and pip are missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(1)/bin/python && $(1)/bin/python -m pip --version >/dev/null 2>&1 \
		|| { rm -rf $(1); $(PYTHON) -m venv $(1); }
endef

# $(call install,folder,lock,purpose): the locked packages, quietly.
define install
	@echo "Installing $(3) into $(1) (once) ..."
	@$(1)/bin/python $(PIP_INSTALL) --requirement $(2) || { \
		echo "pip could not install $(2); is there a way to the internet?" >&2; exit 1; }
endef

.PHONY: help
help: ## Say what there is
	@echo "Clusterregister. Settings of make run: PORT=8000 HOST=127.0.0.1 DATA_DIR=.local/data SAMPLE_DATA=1"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: .venv/run.stamp .venv-engine/stamp ## Serve the register with its sample data on this machine
	@exec $(IN)/python -m infra.local

.PHONY: key
key: .venv/run.stamp ## Keys of partners (ARGS="create --organisation org_… --scopes events:write", list, rotate, revoke)
	@$(IN)/python -m infra.keys $(ARGS)

.PHONY: import
import: .venv/run.stamp ## Send a file of import rows (FILE=rows.ndjson URL=http://127.0.0.1:8000/v1 KEY=crk_…, DRY_RUN=1)
	@test -n "$(FILE)" && test -n "$(URL)" || { echo "Name a file and a register: FILE=rows.ndjson URL=http://127.0.0.1:8000/v1" >&2; exit 2; }
	@$(IN)/python -m infra.import_file $(if $(DRY_RUN),--dry-run) "$(FILE)" "$(URL)"

.PHONY: follow
follow: .venv/run.stamp ## Mirror a register into SQLite (URL=http://127.0.0.1:8000/v1 FILE=mirror.sqlite, ONCE=1)
	@test -n "$(FILE)" && test -n "$(URL)" || { echo "Name a register and a file: URL=http://127.0.0.1:8000/v1 FILE=mirror.sqlite" >&2; exit 2; }
	@$(IN)/python -m infra.follow $(if $(ONCE),--once) "$(URL)" "$(FILE)"

.PHONY: publish-site
publish-site: .venv/run.stamp ## Bring the homepage's files to a deployed stack (ARGS="--stack NAME")
	@$(IN)/python -m infra.publish_site $(ARGS)

.PHONY: restore
restore: .venv/run.stamp ## Write an old version of a record anew (ID=org_… VERSION=7; NETWORK=org_…, AS_NEW=1, URL=…, KEY=…)
	@test -n "$(ID)" && test -n "$(VERSION)" || { echo "Name a record and one of its versions: ID=org_… VERSION=7" >&2; exit 2; }
	@$(IN)/python -m infra.restore_version $(if $(URL),--url "$(URL)") $(if $(NETWORK),--network "$(NETWORK)") \
		$(if $(AS_NEW),--as-new) "$(ID)" "$(VERSION)"

.PHONY: erase-again
erase-again: .venv/run.stamp ## Repeat all erasures of persons after a restore (ARGS="--stack NAME" for a deployed one)
	@$(IN)/python -m infra.erase_again $(ARGS)

.PHONY: renew-epoch
renew-epoch: .venv/run.stamp ## Begin a new epoch after a restore (ARGS="--stack NAME --restored SUFFIX" for a deployed one)
	@$(IN)/python -m infra.renew_epoch $(ARGS)

.PHONY: verify
verify: .venv/run.stamp ## Say what does not fit together in the register (ARGS="--stack NAME --restored SUFFIX")
	@$(IN)/python -m infra.verify $(ARGS)

.PHONY: test
test: .venv/dev.stamp .venv-engine/stamp ## Run the tests (TESTS=tests/models for some of them)
ifdef TESTS
	@$(TOOLS) $(IN)/python -m pytest $(TESTS)
else
	@failed=0; \
	$(TOOLS) $(IN)/python -m pytest --numprocesses auto --dist loadfile --ignore tests/concurrency || failed=1; \
	$(TOOLS) $(IN)/python -m pytest tests/concurrency || failed=1; \
	exit $$failed
endif

.PHONY: instructions
instructions: .venv/dev.stamp ## Whether answers, cold and warm, take no more instructions than they may (needs valgrind; two minutes)
	@$(TOOLS) $(IN)/python -m infra.bench.gate

.PHONY: bench-site
bench-site: .venv/dev.stamp ## How soon a slow phone can use the homepage that runs (URL=http://127.0.0.1:8000; needs chromium)
	@$(IN)/python -m infra.bench.site "$(or $(URL),http://127.0.0.1:8000)" $(ARGS)

.PHONY: e2e
e2e: .venv/dev.stamp .venv-engine/stamp ## Deploy the template to an emulated AWS and try all of it there (about two minutes)
	@$(TOOLS) $(IN)/python -m pytest tests/end_to_end

.PHONY: bench
bench: .venv/dev.stamp .venv-engine/stamp .venv-bench/stamp ## Measure the register, side by side with others (about five minutes)
	@$(TOOLS) $(IN)/python -m infra.bench

.PHONY: attack
attack: .venv/dev.stamp .venv-engine/stamp .venv-attack/stamp ## Attack a register of its own by its OpenAPI document (ten to twenty minutes; ARGS=--quick)
	@$(TOOLS) $(IN)/python -m infra.attack $(ARGS)

.PHONY: soak
soak: .venv/dev.stamp .venv-engine/stamp ## Minutes of load and faults on the local server, and whether all held (MINUTES=10; Linux)
	@$(TOOLS) $(IN)/python -m infra.soak --minutes "$(or $(MINUTES),10)" $(ARGS)

.PHONY: fuzz
fuzz: .venv/dev.stamp ## Look for what breaks a property of the tests, with ever new examples (MINUTES=5)
	@$(TOOLS) $(IN)/python -m infra.fuzz --minutes "$(or $(MINUTES),5)" $(ARGS)

.PHONY: screenshots
screenshots: .venv/dev.stamp ## Take the pictures of the README anew, of the homepage that runs (URL=…; needs chromium)
	@$(IN)/python -m infra.screenshots "$(or $(URL),http://127.0.0.1:8000)"

.PHONY: check
check: static test ## The gate: everything that must hold

.PHONY: static
static: style types openapi-check template ## The gate without the tests

.PHONY: style
style: .venv/dev.stamp ## Formatting and lint
	$(IN)/ruff format --check
	$(IN)/ruff check

.PHONY: types
types: .venv/dev.stamp ## Types
	$(IN)/mypy

.PHONY: template
template: .venv/dev.stamp .venv-sam/stamp ## Whether template.yaml is valid, and what SAM makes of it
	$(IN)/cfn-lint template.yaml
	@mkdir -p .cache && $(TOOLS) $(IN)/python -m infra.transformed > .cache/transformed.json
	$(IN)/cfn-lint .cache/transformed.json
	@$(TOOLS) .venv-sam/bin/sam validate --lint

.PHONY: template-scan
template-scan: .venv/dev.stamp .venv-checkov/stamp ## Whether what SAM makes of the template keeps to Checkov's rules of security
	@mkdir -p .cache/checkov && $(TOOLS) $(IN)/python -m infra.transformed > .cache/checkov/template.json
	@CKV_SKIP_PACKAGE_UPDATE_CHECK=true .venv-checkov/bin/checkov --config-file infra/lint/checkov.yaml \
		--file .cache/checkov/template.json | tee .cache/checkov/report
	@# It ends well with a file that it cannot read, too.
	@grep -qE '^Passed checks: [1-9][0-9]*, Failed checks: 0, Skipped checks: 0$$' .cache/checkov/report

.PHONY: openapi
openapi: .venv/dev.stamp ## Write the OpenAPI document anew
	@$(TOOLS) $(IN)/python -m infra.openapi

.PHONY: openapi-check
openapi-check: .venv/dev.stamp ## Whether the OpenAPI document says what the code does, and still what was released
	@$(TOOLS) $(IN)/python -m infra.openapi --check
	@$(TOOLS) $(IN)/python -m infra.openapi.compatibility

.PHONY: openapi-release
openapi-release: .venv/dev.stamp ## Keep the OpenAPI document as the one that clients are written against
	@$(TOOLS) $(IN)/python -m infra.openapi.compatibility --release

.PHONY: openapi-lint
openapi-lint: .cache/lint/stamp ## Whether the OpenAPI document keeps to the rules of OpenAPI, OWASP, Redocly and Zalando (needs npm)
	@cp infra/lint/spectral.yaml infra/lint/redocly.yaml .cache/lint/
	@cd .cache/lint && REDOCLY_TELEMETRY=off node_modules/.bin/redocly lint --config redocly.yaml "$(CURDIR)/infra/openapi.json"
	@cd .cache/lint && node_modules/.bin/spectral lint --fail-severity hint --ruleset spectral.yaml \
		"$(CURDIR)/infra/openapi.json"

.PHONY: format
format: .venv/dev.stamp ## Format the code and mend what can be mended
	$(IN)/ruff check --fix-only --quiet
	$(IN)/ruff format

.PHONY: build
build: .venv-sam/stamp ## Build what sam deploy uploads
	@$(TOOLS) PYTHON="$(CURDIR)/.venv-sam/bin/python" .venv-sam/bin/sam build

.PHONY: lock
lock: .venv/dev.stamp ## Lock the dependencies anew (UPGRADE=--upgrade for the newest)
	@$(PIP_COMPILE) --output-file requirements.lock pyproject.toml
	@$(PIP_COMPILE) --extra run --constraint requirements.lock --output-file infra/locks/run.lock pyproject.toml
	@$(PIP_COMPILE) --extra run --extra dev --constraint requirements.lock \
		--output-file infra/locks/dev.lock pyproject.toml
	@$(PIP_COMPILE) --output-file infra/locks/engine.lock infra/locks/engine.in
	@$(PIP_COMPILE) --output-file infra/locks/sam.lock infra/locks/sam.in
	@$(PIP_COMPILE) --constraint requirements.lock --output-file infra/locks/bench.lock infra/locks/bench.in
	@$(PIP_COMPILE) --output-file infra/locks/checkov.lock infra/locks/checkov.in
	@$(PIP_COMPILE) --output-file infra/locks/attack.lock infra/locks/attack.in

.PHONY: clean
clean: ## Remove everything that was built; the local register's data in .local stays
	rm -rf .venv .venv-engine .venv-sam .venv-bench .venv-checkov .venv-attack .aws-sam .cache .hypothesis build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run.stamp: infra/locks/run.lock
	$(call environment,.venv)
	$(call install,.venv,infra/locks/run.lock,the runtime)
	@touch $@

.venv/dev.stamp: infra/locks/dev.lock infra/locks/run.lock
	$(call environment,.venv)
	$(call install,.venv,infra/locks/dev.lock,runtime and tools)
	@touch .venv/run.stamp $@

.venv-engine/stamp: infra/locks/engine.lock
	$(call environment,.venv-engine)
	$(call install,.venv-engine,infra/locks/engine.lock,the DynamoDB engine)
	@touch $@

.venv-sam/stamp: infra/locks/sam.lock
	$(call environment,.venv-sam)
	$(call install,.venv-sam,infra/locks/sam.lock,the SAM CLI)
	@touch $@

.venv-bench/stamp: infra/locks/bench.lock
	$(call environment,.venv-bench)
	$(call install,.venv-bench,infra/locks/bench.lock,what the register is compared with)
	@touch $@

.venv-checkov/stamp: infra/locks/checkov.lock
	$(call environment,.venv-checkov)
	$(call install,.venv-checkov,infra/locks/checkov.lock,Checkov)
	@touch $@

.venv-attack/stamp: infra/locks/attack.lock
	$(call environment,.venv-attack)
	$(call install,.venv-attack,infra/locks/attack.lock,what attacks the register)
	@touch $@

.cache/lint/stamp: infra/lint/package.json infra/lint/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing. On Debian and Ubuntu: apt-get install nodejs npm" >&2; exit 1; }
	@echo "Installing the document's linters into .cache/lint (once) ..."
	@mkdir -p .cache/lint && cp infra/lint/package.json infra/lint/package-lock.json .cache/lint/
	@cd .cache/lint && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@
