#!/usr/bin/env bash
# Whether the agent stays as thin as it is: some 1 000 requests a second for half an hour, over HTTP/1.1 and HTTP/2, while its endpoints change every second and one of them answers 503 now and then.
# Needs Linux, nginx and h2load (Debian's nghttp2-client), and the published file.
#
#   bash tests/Mesh.Benchmarks/soak.sh FILE [MINUTES]     30 minutes by default; FILE is what src/Mesh.Agent/publish.sh made
#
# Prints a line every half minute: resident memory, threads, files, processor time. Holds what the second half took against the first one after its first third: memory at most 10 % more, threads and
# files no more than 10, no request failed. The exit code is 1 otherwise. Ports 25100, 25101, 26101 to 26104 of 127.0.0.1 must be free.
set -uo pipefail

file=${1:?the file that src/Mesh.Agent/publish.sh made}
minutes=${2:-30}
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
pids=()
finish() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done; wait 2>/dev/null; rm -r "$work"; }
trap finish EXIT
trap 'exit 130' INT TERM
for program in nginx h2load curl; do command -v "$program" >/dev/null || { echo "$program is not here. Remedy: on Debian apt-get install nginx nghttp2-client curl"; exit 2; }; done

cat >"$work/nginx.conf" <<C
daemon off; worker_processes 1; pid $work/nginx.pid; error_log $work/nginx.err;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 100000;
  split_clients "\$msec\$connection\$connection_requests" \$bad { 1% 1; * 0; }
  server { listen 127.0.0.1:26101; listen 127.0.0.1:26102; listen 127.0.0.1:26103; location / { return 200 "one hundred bytes, as short answers of services are, so that what is measured is the agent and no more\n"; } }
  server { listen 127.0.0.1:26104; location / { if (\$bad) { return 503; } return 200 "well\n"; } }
}
C
# The file is put in place whole, as an editor does.
write() { # PORTS…
  local list="" port
  for port in "$@"; do list="$list${list:+, }{ \"Address\": \"http://127.0.0.1:$port\" }"; done
  cat >"$work/new.json" <<C
{
  "Agent": { "Outbound": [ "http://127.0.0.1:25101" ], "Admin": "http://127.0.0.1:25100" },
  "Mesh": { "Discovery": { "CacheDirectory": "" }, "Services": { "orders": { "Endpoints": [ $list ], "Timeout": "00:00:10" } } },
  "Logging": { "LogLevel": { "Default": "Error" } }
}
C
  mv "$work/new.json" "$work/agent.json"
}

write 26101 26102 26104
nginx -c "$work/nginx.conf" & pids+=($!)
"$file" run --config "$work/agent.json" >"$work/agent.log" 2>&1 & agent=$!
pids+=("$agent")
for _ in $(seq 100); do curl -sf http://127.0.0.1:25100/readyz >/dev/null && break; sleep 0.1; done

seconds=$((minutes * 60))
h2load --h1 -c 16 --rps 45 -D "$seconds" --connect-to=127.0.0.1:25101 http://orders/ >"$work/h1" 2>&1 & load1=$!
h2load -c 4 -m 8 --rps 70 -D "$seconds" --connect-to=127.0.0.1:25101 http://orders/ >"$work/h2" 2>&1 & load2=$!
pids+=("$load1" "$load2")
sets=("26101 26102 26104" "26102 26103 26104" "26101 26103" "26103 26104" "26101 26102 26103 26104")
for ((second = 0; second < seconds; second++)); do
  # shellcheck disable=SC2086
  write ${sets[second % 5]}
  if [ $((second % 30)) -eq 15 ]; then
    line="$second $(awk '$1 == "VmRSS:" { print $2 } $1 == "Threads:" { print $2 }' "/proc/$agent/status" | paste -sd' ') $(find "/proc/$agent/fd" -mindepth 1 | wc -l) $(awk '{ print ($14 + $15) / 100 }' "/proc/$agent/stat")"
    echo "$line" >>"$work/samples"
    echo "$line" | awk '{ printf "%5d s: %.1f MB, %d threads, %d files, %.1f s of processor\n", $1, $2 / 1024, $3, $4, $5 }'
  fi
  curl -sf http://127.0.0.1:25100/metrics >/dev/null || echo "the metrics did not answer"
  sleep 0.95
done
wait "$load1" "$load2"
grep -E "^requests|^status" "$work/h1" "$work/h2" | sed "s|$work/||"
failed=$(grep -h '^requests' "$work/h1" "$work/h2" | sed 's/.* \([0-9]*\) failed, \([0-9]*\) errored, \([0-9]*\) timeout.*/\1 \2 \3/' | awk '{ n += $1 + $2 + $3 } END { print n + 0 }')
bad=$(grep -h '^status' "$work/h1" "$work/h2" | sed 's/.* \([0-9]*\) 4xx, \([0-9]*\) 5xx.*/\1 \2/' | awk '{ n += $1 + $2 } END { print n + 0 }')
awk -v failed="$failed" -v bad="$bad" '
  { rss[NR] = $2; threads[NR] = $3; files[NR] = $4 }
  END {
    from = int(NR / 6) + 1; half = int(NR / 2)
    for (i = from; i <= half; i++) { a += rss[i]; n++; if (threads[i] > at) at = threads[i]; if (files[i] > af) af = files[i] }
    for (i = half + 1; i <= NR; i++) { b += rss[i]; m++; if (threads[i] > bt) bt = threads[i]; if (files[i] > bf) bf = files[i] }
    printf "memory %.1f, then %.1f MB; threads at most %d, then %d; files at most %d, then %d; %d requests failed, %d answered with an error\n", a / n / 1024, b / m / 1024, at, bt, af, bf, failed, bad
    exit b / m > a / n * 1.1 || bt > at + 10 || bf > af + 10 || failed + bad > 0
  }' "$work/samples" || { echo "It is not steady."; exit 1; }
echo "It is steady."
