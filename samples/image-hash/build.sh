#!/bin/sh
# Builds `bootstrap`, linked statically so that it needs nothing of the machine it runs on.
set -e
cd "$(dirname "$0")"
exec "${CC:-cc}" -O2 -std=gnu11 -Wall -Wextra -static -o bootstrap bootstrap.c runtime_api.c json.c image.c inflate.c
