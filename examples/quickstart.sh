#!/bin/sh
# quickstart.sh [--once]: installs what is missing, builds ddbproxy, starts four stand-in DolphinDB nodes and the proxy
# with the tutorial's configuration, runs a query through it and stays until Ctrl-C; with --once it ends by itself.
# DDBPROXY names a program that is built already.
set -eu
cd "$(dirname "$0")/.."
. examples/install.sh

program=${DDBPROXY:-}
if [ -z "$program" ]; then
  install_packages g++ meson ninja-build pkg-config libevent-dev libfmt-dev libcli11-dev libpcre2-dev python3
  [ -f build/build.ninja ] || meson setup build --buildtype=release >/dev/null
  echo "building build/ddbproxy, which takes some minutes the first time ..."
  quiet=--quiet
  [ -t 1 ] && quiet=
  ninja -C build $quiet ddbproxy
  program=build/ddbproxy
fi

here=$(mktemp -d)
nodes= proxy=
finish() {
  trap - EXIT INT TERM
  [ -z "$proxy" ] || kill "$proxy" 2>/dev/null || :
  [ -z "$nodes" ] || kill "$nodes" 2>/dev/null || :
  wait
  rm -rf "$here"
}
trap finish EXIT
trap 'exit 0' INT TERM

# wait_until COMMAND...: a start that takes more than five seconds has failed.
wait_until() {
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { echo "quickstart: it never came to: $*" >&2; cat "$here"/* >&2; exit 1; }
    sleep 0.1
  done
}

query() { python3 test/support/ddb_client.py 127.0.0.1:8080 "$@"; }

python3 test/support/ddb_node.py --count 4 --port 9301 >"$here/nodes" 2>&1 &
nodes=$!
wait_until grep -q '"node4"' "$here/nodes"

"$program" -db -f examples/tutorial.cfg 2>"$here/proxy" &
proxy=$!
wait_until query 1+1

echo "1+1 through the proxy is $(query 1+1)"
echo "Eight connections were answered by:" $(query --connections 8 'getNodeAlias()')
cat <<WORDS
Clients connect to        127.0.0.1:8080
The statistics page is    http://127.0.0.1:1080/haproxyamdin   (user admin, password admin)
The configuration is      examples/tutorial.cfg
WORDS
[ "${1:-}" = --once ] && exit 0
echo "Ctrl-C ends it."
wait "$proxy"
