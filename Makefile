.DEFAULT_GOAL := help
.PHONY: help demo demo-down test bench build run generate verify format cluster-up cluster-down clean

# The instance that cluster-up, cluster-down and run use.
NAME ?= dev

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

demo: ## sets up a cluster and a database on this machine and makes a release, from nothing to the page it serves
	@hack/demo

demo-down: ## stops and removes what the demo started
	@hack/demo down

test: ## runs all tests with everything they need; the last line is "N passed, N failed"
	@hack/run-tests

bench: ## measures client and runtime beside what they are compared with, and rewrites the results in docs/benchmarks.md
	@dotnet run --configuration Release --project tests/Benchmarks -- all --write docs/benchmarks.md

build: ## compiles everything
	@dotnet build Slipway.slnx --nologo --verbosity quiet

run: cluster-up ## runs the operator in the foreground, on the local cluster and database (NAME=dev)
	@hack/postgres up --name $(NAME)
	@eval "$$(hack/cluster env --name $(NAME))" && eval "$$(hack/postgres env --name $(NAME))" && \
	  kubectl apply --validate=false -f config/crd -f config/rbac && dotnet run --project src/Operator -- operator

generate: ## writes definitions and roles (config, the chart's files) and two pages of docs from the code
	@dotnet run --project src/Manifests -- .

verify: ## checks that generated files are current, that nothing warns, and the formatting
	@dotnet build Slipway.slnx --nologo --verbosity quiet -p:Analyze=true
	@dotnet run --no-build --project src/Manifests -- --check .
	@dotnet format whitespace Slipway.slnx --no-restore --verify-no-changes

format: ## formats the code
	@dotnet format Slipway.slnx

cluster-up: ## starts a Kubernetes with a node on this machine (NAME=dev)
	@hack/cluster up --name $(NAME)

cluster-down: ## stops and removes it, and its database (NAME=dev)
	@hack/cluster down --name $(NAME)
	@hack/postgres down --name $(NAME)

clean: ## removes what was built; not the local instances, nor the Kubernetes in ~/.cache/slipway
	@rm -rf artifacts .local/test-results
