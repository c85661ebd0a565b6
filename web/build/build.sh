#!/usr/bin/env bash
# Builds the dashboard into web/dist/ when its sources are newer; part of the build of src/Server.
#
# Where Node.js, npm or the npm registry is missing it leaves no dist/ behind and says so: the program is whole without.
# LAMBENT_NO_DASHBOARD=1 leaves everything as it is.
set -euo pipefail

web=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd "$web"
[[ -z ${LAMBENT_NO_DASHBOARD:-} ]] || exit 0

# Two builds at once, such as Debug and Release, take turns; the second finds the work done.
exec 9>"$web/build.lock"
! command -v flock >/dev/null || flock 9

is_fresh() {
    [[ -e dist/index.html ]] &&
        [[ -z $(find src build/*.sh build/*.mjs public index.html package.json package-lock.json vite.config.ts \
            -newer dist/index.html -print -quit 2>/dev/null) ]]
}
is_fresh && exit 0

go_without() { # WHY
    rm -rf dist
    printf 'note: the dashboard is not built: %s\n' "$1" >&2
    exit 0
}
command -v node >/dev/null && command -v npm >/dev/null || go_without 'it takes Node.js 18 and npm'
[[ $(node -p 'parseInt(process.versions.node)') -ge 18 ]] || go_without "it takes Node.js 18, there is $(node --version)"

# What the tests have installed besides is left there.
if [[ ! -e node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]; then
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund >npm.log 2>&1 </dev/null ||
        go_without "npm ci failed: $(grep -m 1 'npm error' npm.log || tail -n 1 npm.log)"
    touch node_modules/.package-lock.json
    rm -f npm.log
fi

# A source that changes while it is built is newer than the build.
touch build.begun
rm -rf dist.new
node node_modules/vite/bin/vite.js build --logLevel warn --outDir dist.new --emptyOutDir </dev/null
node build/compress.mjs dist.new

# The mark of freshness is written last, so that a build that broke off is done again.
rm -rf dist
mv dist.new dist
touch -r build.begun dist/index.html
rm build.begun
