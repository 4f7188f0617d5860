# `make` lists the targets. Each installs what it lacks (scripts/install-deps.sh), as far as it may.
PREFIX ?= /usr/local
DESTDIR ?=
BENCH_ROUNDS ?= 3
BENCH_SECONDS ?= 5
BENCH_IO ?= syscalls,io_uring

dist := $(CURDIR)/dist/culvert
installed := $(DESTDIR)$(PREFIX)/lib/culvert
link := $(DESTDIR)$(PREFIX)/bin/culvert

.DEFAULT_GOAL := help
.PHONY: help build test leaktest soak demo bench bench-jmh bench-nat install uninstall image-offline e2e docs fmt clean

help: ## list the targets
	@echo "make TARGET:"
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do \
	    printf '  %-14s %s\n' "$$target" "$$text"; done

build: ## leave the program in dist/culvert, with its own Java runtime
	@scripts/install-deps.sh build
	./mvnw -q package -DskipTests
	@echo "built: $(dist)/bin/culvert"

test: ## run the unit tests and, as root, the tests in network namespaces
	@scripts/install-deps.sh build test
	@scripts/test.sh

leaktest: ## try every way past the kill switch, in network namespaces (root)
	@scripts/install-deps.sh build test
	@rm -f killswitch/target/leak-matrix.txt
	@scripts/test.sh -pl killswitch,app -am -Dtest.groups=leaktest
	@cat killswitch/target/leak-matrix.txt

soak: ## run what takes minutes of real time: beyond a session's two minutes (10 min)
	@scripts/install-deps.sh build test
	@scripts/test.sh -pl app -am -Dtest.groups=soak -Dtest.excludedGroups=

demo: ## build, and show a tunnel between two network namespaces and the kill switch
	@scripts/install-deps.sh build demo
	./mvnw -q package -DskipTests
	@scripts/demo.sh

bench: ## compare with wireguard-go, in turn (BENCH_ROUNDS=3 BENCH_SECONDS=5 BENCH_IO=syscalls,io_uring)
	@scripts/install-deps.sh build bench
	./mvnw -q verify -DskipTests -Pbench -Dbench.rounds=$(BENCH_ROUNDS) -Dbench.seconds=$(BENCH_SECONDS) -Dbench.io=$(BENCH_IO)

bench-jmh: ## measure the pieces one by one, and what they allocate (JMH_ARGS="-f 1 Aead" to choose)
	@scripts/install-deps.sh build bench
	./mvnw -q verify -DskipTests -DskipDist -Pbench-jmh $(if $(JMH_ARGS),"-Djmh.arguments=$(JMH_ARGS)")

bench-nat: ## throughput of a forwarded client with address translation and without, in turn (BENCH_ROUNDS=3)
	@[ -x "$(dist)/runtime/bin/java" ] || $(MAKE) build
	BENCH_ROUNDS=$(BENCH_ROUNDS) scripts/bench-nat.sh

install: ## put the program into PREFIX=/usr/local (DESTDIR= in front of it), building it first if need be
	@[ -x "$(dist)/runtime/bin/java" ] || $(MAKE) build
	rm -rf "$(installed)"
	mkdir -p "$(installed)" "$(dir $(link))"
	cp -Rp "$(dist)/." "$(installed)/"
	ln -sfn ../lib/culvert/bin/culvert "$(link)"

uninstall: ## remove what install put there
	rm -rf "$(installed)"
	rm -f "$(link)"

image-offline: ## build the container image without a registry, and run it
	@scripts/install-deps.sh image
	@scripts/image-offline.sh

e2e: ## run the stacks of examples/ on a Docker of their own (root, 10 min), and print a table
	@scripts/install-deps.sh image e2e
	@scripts/e2e.sh

docs: ## print the tables of docs/ from what the program reads
	@scripts/install-deps.sh build
	./mvnw -q test -pl app -am -DskipDist -Dtest=ManualTest -Dsurefire.failIfNoSpecifiedTests=false -Dmanual.write=true

fmt: ## format the sources
	@scripts/install-deps.sh build
	./mvnw -q spotless:apply

clean: ## remove what was built
	@scripts/install-deps.sh build
	./mvnw -q clean
