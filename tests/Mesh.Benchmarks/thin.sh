#!/usr/bin/env bash
# How thin the agent is: from start to ready, memory with nothing to do and under load, and what a request costs. Needs curl, nginx and wrk, and Linux.
#
#   bash tests/Mesh.Benchmarks/thin.sh                    publishes the agent first (minutes)
#   bash tests/Mesh.Benchmarks/thin.sh FILE [SECONDS]     with a file that src/Mesh.Agent/publish.sh made; each load takes 10 s unless told otherwise
#
# Ports 25000, 25001 and 26000 of 127.0.0.1 must be free. On a machine that does other things too, look at the processor time and not at the clock.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
file=${1:-$(bash "$root/src/Mesh.Agent/publish.sh" | tail -n 1)}
seconds=${2:-10}
folder=$(mktemp -d)
agent=
end() {
  [ -n "$agent" ] && kill "$agent" 2>/dev/null && wait "$agent" 2>/dev/null
  [ -f "$folder/nginx.pid" ] && kill "$(cat "$folder/nginx.pid")"
  rm -rf "$folder"
}
trap end EXIT

cat >"$folder/agent.json" <<JSON
{
  "Agent": { "Outbound": [ "http://127.0.0.1:25001" ], "Admin": "http://127.0.0.1:25000" },
  "Mesh": { "Discovery": { "CacheDirectory": "" }, "Services": { "orders": { "Endpoints": [ { "Address": "http://127.0.0.1:26000" } ] } } }
}
JSON
cat >"$folder/nginx.conf" <<CONF
worker_processes 1; pid $folder/nginx.pid; error_log $folder/nginx.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 100000000;
  server { listen 127.0.0.1:26000 backlog=4096; location / { return 200 "one hundred bytes, as short answers of services are, so that what is measured is the hop and no more\n"; } }
}
CONF
nginx -c "$folder/nginx.conf"

memory() { awk -v key="$1:" '$1 == key { printf "%.0f", $2 / 1024 }' "/proc/$agent/status"; }
processor() { awk '{ print ($14 + $15) * 10 }' "/proc/$agent/stat"; }
start() {
  "$file" run --config "$folder/agent.json" >"$folder/agent.log" 2>&1 &
  agent=$!
  until curl -s -f -o /dev/null http://127.0.0.1:25000/readyz; do
    kill -0 "$agent" || { cat "$folder/agent.log"; exit 1; }
    sleep 0.005
  done
}

echo "file: $(($(stat -c %s "$file") / 1000000)) MB"
for _ in 1 2 3 4 5 6 7; do
  before=$(date +%s%N)
  start
  echo "$((($(date +%s%N) - before) / 1000000)) $(processor)"
  kill "$agent"
  wait "$agent" || true
done | sort -n | awk '{ clock[NR] = $1; cpu[NR] = $2 } END { print "start to ready: " clock[int((NR + 1) / 2)] " ms (median of " NR ", from " clock[1] " to " clock[NR] "), of processor time " cpu[int((NR + 1) / 2)] " ms" }'

start
sleep 3
echo "with nothing to do: $(memory VmRSS) MB"
for connections in 16 64 256; do
  before=$(processor)
  wrk -t1 -c"$connections" -d"${seconds}s" -H 'Host: orders' http://127.0.0.1:25001/today >"$folder/wrk"
  requests=$(awk '/requests in/ { print $1 }' "$folder/wrk")
  echo "$connections connections: $(awk '/Requests\/sec/ { print $2 }' "$folder/wrk") requests/s, $((($(processor) - before) * 1000 / requests)) µs of processor time each, at most $(memory VmHWM) MB$(grep Non-2xx "$folder/wrk" || true)"
done
sleep 5
echo "5 s after it: $(memory VmRSS) MB"
