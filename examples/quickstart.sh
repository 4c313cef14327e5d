#!/bin/sh
# Builds ddbproxy, starts four stand-in DolphinDB nodes and the proxy with the tutorial's configuration.
set -eu
usage() {
  cat <<WORDS
usage: sh examples/quickstart.sh [--once] [--free-ports]

Installs what is missing, builds ddbproxy, starts four stand-in DolphinDB nodes and the proxy with the tutorial's
configuration (examples/tutorial.cfg), runs a query through it and stays until Ctrl-C.

  --once        ends by itself after the query
  --free-ports  takes any free ports; without it only in the place of those that others listen on
  --help        shows this

DDBPROXY=<path> names a program that is built already.
WORDS
}
once= free=
for word; do
  case $word in
    --once) once=yes ;;
    --free-ports) free=--free ;;
    -h | --help) usage; exit 0 ;;
    *) echo "quickstart: what is '$word'?" >&2; usage >&2; exit 2 ;;
  esac
done

cd "$(dirname "$0")/.."
. examples/install.sh

program=${DDBPROXY:-}
if [ -z "$program" ]; then
  provide
  [ -f build/build.ninja ] || meson setup build --buildtype=release >/dev/null
  echo "building build/ddbproxy, which takes some minutes the first time ..."
  quiet=--quiet
  [ -t 1 ] && quiet=
  ninja -C build $quiet ddbproxy
  program=build/ddbproxy
else
  provide python3
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

# wait_until PROCESS COMMAND...: a start that takes more than five seconds has failed, and so has one that ended.
wait_until() {
  starting=$1 tries=0
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ $tries -ge 50 ] || ! kill -0 "$starting" 2>/dev/null; then
      echo "quickstart: it did not start:" >&2
      cat "$here"/*.log >&2
      exit 1
    fi
    sleep 0.1
  done
}

ports=$(python3 examples/own_ports.py examples/tutorial.cfg "$here/tutorial.cfg" $free)
eval "$ports"
clients=${binds% *} page=${binds#* }
# Who takes one of these ports now is told so, and not given half of our clients.
printf 'global\n    noreuseport\n' >"$here/alone.cfg"

query() { python3 test/support/ddb_client.py "127.0.0.1:$clients" "$@"; }

python3 test/support/ddb_node.py --count 4 --port $servers >"$here/nodes.log" 2>&1 &
nodes=$!
wait_until $nodes grep -q '"node4"' "$here/nodes.log"

"$program" -db -f "$here/tutorial.cfg" -f "$here/alone.cfg" >"$here/proxy.log" 2>&1 &
proxy=$!
wait_until $proxy query 1+1

answer=$(query 1+1)
names=$(query --connections 8 'getNodeAlias()')
[ "$answer" = 2 ] || { echo "quickstart: 1+1 through the proxy is '$answer'" >&2; exit 1; }
echo "1+1 through the proxy is $answer"
echo "Eight connections were answered by:" $names
changed=
cmp -s examples/tutorial.cfg "$here/tutorial.cfg" || changed=", with these ports"
cat <<WORDS
Clients connect to        127.0.0.1:$clients
The statistics page is    http://127.0.0.1:$page/haproxyamdin   (user admin, password admin)
The configuration is      examples/tutorial.cfg$changed
WORDS
[ -z "$once" ] || exit 0
echo "Ctrl-C ends it."
wait "$proxy"
