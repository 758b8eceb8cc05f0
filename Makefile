.DEFAULT_GOAL := help
.PHONY: help start test check format bench soak build up down logs test-containers

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

build: ## la imagen de los contenedores · the containers' image
	@containers/compose build app

up: ## levanta los contenedores y espera a que estén sanos · starts the containers, waits until they are healthy (SHAPE=small│split│sqlite)
	@containers/compose up -d --wait --wait-timeout 180

down: ## los para y los quita; los datos quedan en sus volúmenes · stops and removes them; the data stay in their volumes
	@containers/compose down

logs: ## lo que dicen, según llega · what they say, as it comes
	@containers/compose logs -f

test-containers: ## las pruebas con contenedores de verdad · the tests with real containers (ONLY=nginx: some)
	@bin/setup && $(WITH_NODE) exec node test/containers/run.ts $(ONLY)
