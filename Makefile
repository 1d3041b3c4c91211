# A fresh machine needs Python 3.11+, make and the package registry. `make run`, `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: venv run test accept torture lint bench bench-large books mutants sample clean

# The lock is complete, so nothing is left for pip to resolve.
venv: .venv/.made

.venv/.made: requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	touch $@

# The sample year into out/: lake, warehouse, report; then what the accountant said of its differences.
# Exit code 3 (one workbook is refused on purpose) is success here.
run: venv
	mkdir -p out/prefect
	PREFECT_HOME=$(CURDIR)/out/prefect $(BIN)/python -m flows.nightly --inbox samples/inbox --home out || test $$? -eq 3
	PREFECT_HOME=$(CURDIR)/out/prefect $(BIN)/python -m flows.explain --by 経理係 --reasons samples/explanations.csv --home out

test: venv
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

# With LibreOffice as the user's editor; installs it with apt-get, as root, where it is missing.
accept: venv
	sh tests/accept/install.sh
	$(BIN)/python -m pytest tests/accept

# Every fault at every effect, on both engines; then real workers, terminals and servers, killed. 20 minutes.
torture: venv
	$(BIN)/python -m tests.torture
	$(BIN)/python -m pytest -n 2 tests/torture

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

sample: venv
	$(BIN)/python -m samples.make_year

# Mistakes in the books: whether each is found and named; what a million journal lines cost. Some 8 minutes.
books: venv
	$(BIN)/python -m bench.differences
	$(BIN)/python -m bench.reconciliation

# nenpo beside the floor and beside what people would use instead; the sample year; the guard. Some 20 minutes on
# 2 cores that nothing else uses. Writes the README's section on speed. Exit code 1: a goal is unmet.
bench: venv
	$(BIN)/python -m bench

# 10,000 workbooks; nights over 10,000,000 facts, and what readers wait for over them. Some 40 minutes, 6 GB of disk.
bench-large: venv
	$(BIN)/python -m bench --large

# 1,000 wrong values, and 20 years without one; some 15 minutes on 2 cores. Exit code 1: a goal is unmet.
mutants: venv
	$(BIN)/python -m bench.mutants --write docs/mutants.md

clean:
	rm -rf out
