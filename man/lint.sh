#!/bin/sh
# Fails when a manual page has something that man, or mandoc where it is installed, warns about.
set -eu
page=$1
complaints=$(MANWIDTH=100 LC_ALL=C.UTF-8 man --warnings=w -E UTF-8 -l "$page" 2>&1 >/dev/null || true)
if command -v mandoc >/dev/null; then
  complaints="$complaints$(mandoc -T lint -W warning "$page" 2>&1 || true)"
fi
[ -z "$complaints" ] || { echo "$complaints"; exit 1; }
