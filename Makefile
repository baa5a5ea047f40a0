# `make help` lists the targets.

CARGO ?= cargo
ZONE := testdata/zones/kalundborg
# What tests had to leave out on this machine, told at the end of `make test`.
LEFT_OUT := target/left-out.txt

.DEFAULT_GOAL := help
.PHONY: help deps demo test check bench deny

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install what the build needs, or name the line to run
	@sh .ci/deps

demo: deps ## build, then match the park of Kalundborg and print the plan
	$(CARGO) build --package boucle
	target/debug/boucle match $(ZONE)/flows.xlsx --zone Kalundborg --distances $(ZONE)/distances.csv

# The Python tests come first so that the output ends with those of cargo, and with what was left out.
test: deps ## run every test; those this machine has no tools for are named at the end
	$(CARGO) test --workspace --no-run
	@mkdir -p target && : >$(LEFT_OUT)
	sh .ci/clients $(LEFT_OUT)
	$(CARGO) test --workspace
	@if [ -s $(LEFT_OUT) ]; then \
		echo; echo "left out:"; sed 's/^/  /' $(LEFT_OUT); \
		[ -z "$$NOTHING_LEFT_OUT" ]; \
	fi

check: deps ## formatting, lints and documentation, warnings as errors
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --quiet

bench: deps ## measure the solver on generated zones
	$(CARGO) bench --package boucle-benches

deny: ## licences and known flaws of dependencies (needs cargo-deny)
	$(CARGO) deny check
