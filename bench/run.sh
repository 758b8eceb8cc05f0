#!/bin/sh
# Installs the peers from the lockfile, then measures. QUICK=1 for a short run; --only T1,T2 for some targets.
set -eu
cd "$(dirname "$0")"
node=../node_modules/.bin/node
[ -x "$node" ] || { echo "bench: first 'npm ci' at the root (make does it)" >&2; exit 2; }
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent
# Not /tmp: on many systems that is memory, where a sync costs nothing.
TMPDIR=${BENCH_DATA_DIR:-/var/tmp}
export TMPDIR
exec "$node" --disable-warning=ExperimentalWarning run.ts "$@"
