# Everything a developer does with Scarp. `make help` lists it. Works in a folder of any name.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint bench strings docs package clean

RUNTIME := .venv/runtime/bin/python
QGIS := .venv/qgis/bin/python
SHIPPED := $(wildcard __init__.py plugin.py metadata.txt LICENSE README.md CHANGELOG.md algorithms core models resources)
CODE := $(filter %.py algorithms core models,$(SHIPPED))

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## Install QGIS if need be and make both environments (.venv/qgis, .venv/runtime)
	@tools/setup.sh

demo: setup ## Map a generated landslide event through real QGIS; results in demo/
	@$(RUNTIME) tools/demo.py

test: setup ## All tests: the library, then the algorithms in real QGIS
	@status=0; \
	$(RUNTIME) -m pytest tests/core tests/models $(wildcard tests/test_*.py) || status=1; \
	QT_QPA_PLATFORM=offscreen SCARP_PYTHON="$$PWD/$(RUNTIME)" $(QGIS) -m pytest tests/algorithms || status=1; \
	exit $$status

lint: setup ## Style, types, and the checks of the plugin site
	@$(RUNTIME) -m ruff check .
	@$(RUNTIME) -m ruff format --check .
	@# mypy accepts no package in a folder whose name is no identifier: it looks through a link.
	@mkdir -p .check && ln -sfn .. .check/scarp
	@cd .check && "../$(RUNTIME)" -m mypy --config-file ../pyproject.toml --cache-dir ../.mypy_cache \
		-p scarp.core -p scarp.models -p scarp.algorithms -m scarp $(if $(wildcard plugin.py),-m scarp.plugin)
	@$(RUNTIME) -m bandit --quiet --ignore-nosec --recursive $(CODE)
	@git ls-files -z -- $(SHIPPED) | xargs -0 .venv/runtime/bin/detect-secrets-hook
	@echo "lint: no findings"

bench: setup ## Speed and memory, as ratios within one run
	@for file in tests/benchmarks/bench_*.py; do \
		[ -e "$$file" ] || { echo "bench: no tests/benchmarks/bench_*.py yet"; exit 0; }; \
		echo "$$file"; $(RUNTIME) "$$file" || exit 1; \
	done

strings: setup ## Collect the text for users into resources/i18n, and compile the translations
	@$(QGIS) tools/strings.py

package: setup ## The plugin as dist/scarp-VERSION.zip, from the last commit: checked, installed in QGIS and run
	@$(RUNTIME) tools/package.py

docs: setup ## The generated parts of the user guide: algorithms, checkpoints, and (after `make demo`) pictures
	@$(QGIS) tools/algorithm_pages.py
	@$(RUNTIME) tools/checkpoint_pages.py
	@$(RUNTIME) tools/screenshots.py

clean: ## Remove what is generated, the environments included
	rm -rf .venv .check .mypy_cache .ruff_cache .pytest_cache .hypothesis build demo dist scarp.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
