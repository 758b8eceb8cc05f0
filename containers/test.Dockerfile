# The suite, inside a container: development packages, Debian's servers, the whole tree. `docker compose run --rm test`.
# A file of its own: the older builder makes every stage of a file, wanted or not.
ARG NODE_IMAGE=node:26-bookworm-slim

FROM ${NODE_IMAGE} AS test
WORKDIR /app
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    postgresql redis-server mariadb-server faketime git make >/dev/null \
 && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --no-update-notifier --cache=/tmp/npm \
 && rm -rf /tmp/npm node_modules/node-linux-* node_modules/.bin/node && chown 1000:1000 /app
COPY --chown=1000:1000 . .
RUN mkdir -p node_modules/.cache && chown 1000:1000 node_modules node_modules/.cache
USER 1000:1000
ENV HOME=/tmp CENTRALITA_IN_CONTAINER=1
HEALTHCHECK NONE
CMD ["node", "test/run.ts"]
