.DEFAULT_GOAL := help
.PHONY: help start test check format bench soak

# What Node 26 of the lockfile runs. bin/setup itself needs only the machine's own Node.
WITH_NODE := PATH="$(CURDIR)/node_modules/.bin:$$PATH"

help: ## esta lista · this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

start: ## todo en un proceso, sobre SQLite · everything in one process, on SQLite
	@bin/setup && exec bin/centralita start $(ROLES)

test: ## todas las pruebas que no piden Docker · every test that needs no Docker (ONLY=outbox: some)
	@bin/setup && $(WITH_NODE) exec node test/run.ts $(ONLY)

check: ## tipos, estilo, formato, reglas de la casa, ficheros generados · types, lint, format, house rules, generated files
	@bin/setup && exec bin/check

format: ## da formato al código · formats the code
	@bin/setup && $(WITH_NODE) oxfmt

bench: ## las medidas, junto a las de otros · the measurements, beside the peers'
	@bin/setup && $(WITH_NODE) exec bench/run.sh

soak: ## las pruebas largas: matar y cargar · the long kill and load runs
	@bin/setup && $(WITH_NODE) exec node test/soak.ts
