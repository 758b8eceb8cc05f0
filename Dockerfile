# One image for every role. Plain instructions only: it builds with BuildKit, with the older builder, and where no registry
# is reachable (--build-arg NODE_IMAGE=centralita/node:local, made by containers/local-images/make).
ARG NODE_IMAGE=node:26-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app

# What runs: no development packages, and no second Node (the optional packages are only that).
FROM base AS packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error --no-update-notifier --cache=/tmp/npm \
 && npm sbom --package-lock-only --omit=dev --omit=optional --sbom-format=cyclonedx >/tmp/sbom.json \
 && node -e "const fs=require('fs'),s=JSON.parse(fs.readFileSync('/tmp/sbom.json'));delete s.serialNumber;delete s.metadata.timestamp;fs.writeFileSync('sbom.json',JSON.stringify(s))" \
 && find node_modules \( -name '*.md' -o -name '*.map' -o -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' \) -type f -delete \
 && rm -rf /tmp/npm node_modules/.package-lock.json

FROM base AS build
COPY package.json ./
COPY src src
COPY assistants assistants
COPY bin/centralita bin/centralita
COPY containers/health containers/warm containers/
RUN find src assistants -name '*.test.ts' -delete && mkdir -p data logs
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/sbom.json sbom.json
# Compiled code kept from one start to the next: the root file system is read-only where it runs. Node keeps it by uid.
RUN install -d -o 1000 -g 1000 node_modules/.cache \
 && CENTRALITA_IMAGE=1 HOME=/tmp setpriv --reuid=1000 --regid=1000 --clear-groups containers/warm \
 && chown -R 0:0 node_modules/.cache && rm containers/warm \
 && node -e "import('/app/src/roles.ts').then(({roles})=>console.log(Object.keys(roles).filter((one)=>roles[one].health==='port').join(' ')))" >containers/doors \
 && find . -exec touch -h -d @0 {} + && chown 1000:1000 data logs

FROM base AS app
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="centralita" \
      org.opencontainers.image.description="Una centralita de asistentes: nada se pierde, nada se repite" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /app /app
ENV NODE_ENV=production CENTRALITA_IMAGE=1 HOME=/tmp
USER 1000:1000
EXPOSE 8000
STOPSIGNAL SIGTERM
# The first look comes after one interval; a start takes two or three seconds. It gives up by itself after four.
HEALTHCHECK --interval=5s --timeout=10s --start-period=90s --retries=3 CMD ["containers/health"]
ENTRYPOINT ["bin/centralita"]
CMD ["start"]
