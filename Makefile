# Each target sets up what it needs in .venv, once.
#
#   make learn [BROWSER=no] [PORT=8888] [PYTHON=python3.12]
#   make hub [PORT=8000] [HUB=/srv/despatch963-hub]      make hub-clean
#   make test [ARGS="-k study"]      make build      make bench      make lock [ARGS=--upgrade]      make clean

SHELL = /bin/sh
.DEFAULT_GOAL = learn
.PHONY: learn test build hub hub-clean hub-to-test bench lock clean

VENV = .venv
BIN = $(VENV)/bin
ARGS =

# The first Python that is new enough and can make an environment, else nothing.
find_python = for python in $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3 python); do \
    "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
    && { echo "$$python"; exit; }; done
no_python = Python 3.11 or newer with its venv module is needed: \
    "apt install python3 python3-venv" (Debian, Ubuntu), "brew install python" (macOS) or python.org, then run this again

# An environment whose Python was removed, or that was left half made, does not run: it is made anew.
runs := $(shell $(BIN)/python -c 'import sys, pip; print(sys.version_info >= (3, 11))' 2>/dev/null)
ifneq ($(runs),True)
.PHONY: $(VENV)/made
endif

learn: $(VENV)/ready
	@$(BIN)/despatch963 learn $(if $(filter no,$(BROWSER)),--no-browser) $(if $(PORT),--port $(PORT))

test: $(VENV)/ready-to-test $(VENV)/browser $(VENV)/ngshare/ready hub-to-test
	HUB=$(HUB) $(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

build: $(VENV)/ready
	@$(BIN)/despatch963 build

# The hub and its people live outside this checkout, which holds the keys; without root, they are you.
HUB = $(if $(filter 0,$(shell id -u)),/srv/despatch963-hub,hub/state)
trial = $(HUB)/venv/bin/python hub/trial.py

hub: $(HUB)/ready
	@$(trial) start $(HUB) $(if $(PORT),--port $(PORT))

hub-clean:
	@$(if $(wildcard $(HUB)/venv),$(trial) clean $(HUB),echo "There is no hub in $(HUB).")

bench: $(VENV)/ready-to-test $(VENV)/browser hub-to-test
	@$(BIN)/python benchmarks/start.py
	@$(BIN)/python benchmarks/answering.py
	@$(BIN)/python benchmarks/grading.py --more 1000 10000
	@$(BIN)/python benchmarks/in_browser.py
	@HUB=$(HUB) $(BIN)/python benchmarks/hub.py

$(VENV)/made:
ifneq ($(runs),True)
	$(eval PYTHON_FOUND := $(shell $(find_python)))
	$(if $(PYTHON_FOUND),,$(error $(no_python)))
	@echo "Setting up $(VENV) with $(PYTHON_FOUND), once; this takes a few minutes."
	@$(PYTHON_FOUND) -m venv --clear $(VENV)
endif
	@touch $@

# Everything is installed by the hashes in the lock, then the course itself from this folder.
install = $(BIN)/python -m pip install -qq --disable-pip-version-check
install_course = $(install) --no-index --no-deps --no-build-isolation --editable .

$(VENV)/ready: $(VENV)/made requirements.lock pyproject.toml
	@$(install) --require-hashes -r requirements.lock
	@$(install_course)
	@touch $@

# The campus's exchange is tried too; why with --no-deps, hub/kubernetes/exchange.in says.
$(VENV)/ready-to-test: $(VENV)/made requirements-test.lock hub/kubernetes/exchange.lock pyproject.toml
	@$(install) --require-hashes -r requirements-test.lock
	@$(install) --no-deps --require-hashes -r hub/kubernetes/exchange.lock
	@$(install_course)
	@touch $(VENV)/ready $@

# Its server needs an environment of its own: hub/kubernetes/ngshare.in.
$(VENV)/ngshare/ready: $(VENV)/made hub/kubernetes/ngshare.lock
	@$(BIN)/python -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
	    -r hub/kubernetes/ngshare.lock \
	    || echo "ngshare cannot be installed here: the tests that need it will be skipped."
	@touch $@

# The first Python as above that others than root can run too: one of the system's own, its full path.
others = $(if $(filter 0,$(shell id -u)),PATH=/usr/local/bin:/usr/bin:/bin \
    setpriv --reuid=65534 --regid=65534 --clear-groups --)
find_python_for_all = for python in $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3); do \
    $(others) "$$python" -c 'import sys, venv, ensurepip; sys.version_info < (3, 11) and sys.exit(1); \
    print(sys.executable)' 2>/dev/null && exit; done

# Everyone on the hub must be able to read its Python, whatever root's umask is.
$(HUB)/ready: requirements-hub.lock hub/package-lock.json
	$(eval PYTHON_FOUND := $(shell $(find_python_for_all)))
	$(if $(PYTHON_FOUND),,$(error $(no_python). Users of the hub must be able to run it, so none in a home folder))
	@echo "Setting up the hub in $(HUB); the first time this takes a few minutes."
	@umask 022 && mkdir -p $(HUB)/proxy \
	    && { $(HUB)/venv/bin/python -m pip --version >/dev/null 2>&1 \
	        || $(PYTHON_FOUND) -m venv --clear $(HUB)/venv; } \
	    && $(HUB)/venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
	        -r requirements-hub.lock \
	    && cp hub/package.json hub/package-lock.json $(HUB)/proxy \
	    && PATH="$(abspath $(HUB))/venv/bin:$$PATH" npm ci --no-audit --no-fund --loglevel=error \
	        --prefix $(HUB)/proxy
	@touch $@

# Tests on a hub need Unix users, so root; without the network to make a hub they skip as well.
hub-to-test:
	@$(if $(filter 0,$(shell id -u)),$(MAKE) --no-print-directory $(HUB)/ready \
	    || echo "No hub could be set up: the tests that need one will be skipped.")

# Tests in a browser take the machine's own; without one they try Playwright's, else they skip.
$(VENV)/browser: $(VENV)/ready-to-test
	@$(BIN)/python tests/browser.py || $(BIN)/python -m playwright install chromium \
	    || echo "No browser found or fetched: the tests that need one will be skipped."
	@touch $@

# The test lock is the learners' lock and more, never other versions. ARGS=--upgrade takes newer ones.
pin = $(BIN)/python -m uv pip compile --quiet $(ARGS) --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
compile = $(pin) --group editable pyproject.toml

lock: $(VENV)/made
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(install) uv
	$(compile) -o requirements.lock
	$(compile) --extra hub -c requirements.lock -o requirements-hub.lock
	$(compile) --extra test --extra campus -c requirements.lock -o requirements-test.lock
	$(compile) --extra cluster hub/kubernetes/requirements.in -c requirements.lock \
	    -o hub/kubernetes/requirements.lock
	$(pin) --no-deps hub/kubernetes/exchange.in -o hub/kubernetes/exchange.lock
	$(pin) hub/kubernetes/ngshare.in -o hub/kubernetes/ngshare.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache
