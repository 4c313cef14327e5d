#!/bin/sh
# run_fuzzer.sh FUZZER SEEDS [DICTIONARY]: a short run on the seeds; what makes the program fall is left beside it.
set -eu
fuzzer=$1 seeds=$2 dictionary=${3:-}
found="$fuzzer.found"
mkdir -p "$found"
[ -d "$seeds" ] || seeds=
# Short texts, many of them; and libFuzzer's statistics of rare features would take half of the time.
exec "$fuzzer" -max_total_time="${FUZZ_SECONDS:-15}" -timeout=10 -rss_limit_mb=2000 -max_len=256 -entropic=0 -error_exitcode=1 -verbosity=0 \
  -print_final_stats=1 -artifact_prefix="$fuzzer.crash-" ${dictionary:+-dict="$dictionary"} "$found" $seeds
