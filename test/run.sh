#!/bin/sh
# Installs what the tests need on a bare Debian 12, builds ddbproxy and runs every test; the last line is
# "N passed, N failed". Builds are kept in build-test, build-asan and build-tsan, so a second run is quick.
set -u
cd "$(dirname "$0")/.."

packages="g++ clang libclang-rt-14-dev llvm meson ninja-build pkg-config ccache mold libevent-dev libfmt-dev libcli11-dev libpcre2-dev libssl-dev libxxhash-dev catch2 python3
  varnish haproxy socat curl clang-format clang-tidy man-db mandoc hatop tmux netcat-openbsd prometheus chromium chromium-driver
  debootstrap dpkg-dev iproute2"
# The audit of the page comes from npm; who has one from elsewhere keeps it.
command -v npm >/dev/null || packages="$packages npm"
. examples/install.sh
install_packages $packages || exit 1

# What a test needs is there: none leaves itself out.
export EVERY_TEST=1
export CCACHE_NOHASHDIR=1 PYTHONWARNINGS=ignore PYTHONDONTWRITEBYTECODE=1
command -v mold >/dev/null && export CXX_LD=mold
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:abort_on_error=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=$PWD/test/thread_sanitizer.supp
logs=
output=$(mktemp)
trap 'rm -f "$output"' EXIT
# What was interrupted has not passed.
trap 'logs="$logs interrupted=missing"; sum; exit 130' INT TERM

sum() {
  say "sum"
  python3 test/count.py $logs
}

say() { echo "== $(date +%H:%M:%S) $*"; }

# build DIRECTORY COMPILER OPTIONS...: sets up once and compiles.
build() {
  directory=$1 compiler=$2
  shift 2
  say "building $directory"
  [ -f "$directory/build.ninja" ] || CXX="ccache $compiler" meson setup "$directory" "$@" >"$output" 2>&1 ||
    { cat "$output"; return 1; }
  ninja -C "$directory" all tests >"$output" 2>&1 || { tail -60 "$output"; return 1; }
}

# check LABEL DIRECTORY SUITES...: runs suites and remembers the log of their results.
check() {
  label=$1 directory=$2
  shift 2
  say "$label"
  rm -f "$directory/meson-logs/testlog.json"
  suites=
  for suite; do suites="$suites --suite $suite"; done
  expected=$(meson test -C "$directory" --no-rebuild --list $suites 2>/dev/null | wc -l)
  # Most of these tests wait for sockets, so more of them than there are processors may run at once.
  meson test -C "$directory" --no-rebuild --num-processes "${JOBS:-4}" --print-errorlogs $suites 2>&1 |
    grep -av ' OK  *[0-9.]*s'
  mv "$directory/meson-logs/testlog.json" "$directory/$label.results" 2>/dev/null
  logs="$logs $label=$directory/$label.results:$expected"
}

clean() { rm -f build-test/*.results build-asan/*.results build-tsan/*.results; }

clean
if build build-test g++ --werror -Dbuildtype=debug; then
  check style build-test style
  check unit build-test unit support
  check e2e build-test e2e
  check haproxy build-test e2e-oracle
  check comparison build-test oracle
  check browser build-test browser
  check examples build-test examples
  check soak build-test soak
else
  logs="$logs build-test=missing"
fi

# Unity builds compile in a third of the time; the build above is the one that proves every file on its own.
# clang's own warnings, both sanitizers and the fuzzers' coverage come from one build.
if build build-asan clang++ --werror -Db_sanitize=address,undefined -Db_lundef=false -Dbuildtype=debug -Doptimization=1 \
    -Dcpp_args=-fsanitize=fuzzer-no-link -Dunity=on; then
  check asan-unit build-asan unit
  check asan-e2e build-asan e2e
  check fuzz build-asan fuzz
else
  logs="$logs build-asan=missing"
fi

if build build-tsan clang++ --werror -Db_sanitize=thread -Db_lundef=false -Dbuildtype=debug -Doptimization=1 \
    -Dunity=on; then
  check tsan-unit build-tsan unit
  check tsan-e2e build-tsan e2e
else
  logs="$logs build-tsan=missing"
fi

sum
