# Every target works on a fresh machine with Node 20 or newer, npm and Go 1.26: what is missing is installed or built first.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The pinned Node comes with the packages; npm itself runs on the machine's own.
NODE := node_modules/.bin/node
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

node_modules: package.json package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer (https://nodejs.org)" >&2; exit 1; }
	npm ci --no-audit --no-fund --loglevel=error
	@touch node_modules

.PHONY: help demo test e2e build image image-test sbom licences audit run bench cluster-up cluster-down lint format unit integration coverage chart clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: node_modules build ## show a failover on a real Kubernetes (KEEP=1 leaves it running; KUBECONFIG uses your cluster)
	@$(NODE) test/demo/main.ts

test: node_modules ## lint, type check, unit tests, tests on a real control plane (E2E=1: `make e2e` too, where it can be run)
	@$(NODE) scripts/test.ts $(if $(E2E),--e2e)

build: node_modules ## bundle the operator, dist/zen-lead.js, and the kubectl plugin, dist/kubectl-leader
	@$(NODE) scripts/build.ts

image: node_modules ## build the container image (ENGINE=docker or podman; see docs/image.md)
	@$(NODE) scripts/image.ts

image-test: node_modules ## run that image on a real control plane: PID 1, read-only, not root (the same ENGINE)
	@npm run --silent test:image

sbom: node_modules ## what is in the bundle, as CycloneDX: dist/zen-lead.cdx.json
	@$(NODE) scripts/sbom.ts

licences: node_modules ## check the licences of what is in the bundle; write docs/bundle.md and their texts
	@$(NODE) scripts/licences.ts

audit: node_modules ## ask npm's registry about what is in the bundle: deprecated, advisories, newer versions
	@$(NODE) scripts/audit.ts

run: node_modules build ## run the operator against the current kubectl context (ARGS="--namespace x")
	@$(NODE) --enable-source-maps dist/zen-lead.js $(or $(ARGS),--all-namespaces)

bench: node_modules build ## time failovers against kube-controller-manager and a bare loop (ARGS="--help")
	@$(NODE) test/bench/main.ts $(ARGS)

cluster-up: node_modules ## start a local Kubernetes control plane; prints export KUBECONFIG=...
	@$(NODE) test/cluster/main.ts up --nodes 3

cluster-down: node_modules ## stop it
	@$(NODE) test/cluster/main.ts down

lint: node_modules ## ESLint, Prettier, tsc
	@npm run --silent lint && npm run --silent typecheck

format: node_modules ## fix what ESLint and Prettier can fix
	@npm run --silent format

unit: node_modules ## unit tests alone, with coverage
	@npm run --silent coverage

integration: node_modules ## tests on the real control plane alone
	@npm run --silent test:integration && npm run --silent test:faults

e2e: node_modules ## tests on a real node: kubelet, kube-proxy, PostgreSQL (Linux, root; half an hour the first time)
	@npm run --silent test:e2e

chart: node_modules ## tests of the Helm chart alone (SUITE=1: all integration tests with the chart's rights)
	@npm run --silent test:chart$(if $(SUITE),:suite)

clean: ## remove what was built (not the cached control plane)
	rm -rf dist coverage out
