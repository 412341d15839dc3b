#!/usr/bin/env bash
# What a proxy on the way costs: wrk -> proxy -> nginx, with the agent, YARP, nginx and HAProxy as the proxy, each at its best settings and with kept connections.
# The proxy has a processor of its own, the load and the server share another; the proxies take turns. Needs Linux, wrk, nginx, HAProxy and the .NET SDK.
#
#   bash tests/Mesh.Benchmarks/hop.sh [ROUNDS [SECONDS]]      9 rounds of 4 seconds by default, after one that does not count
#
# AGENT=FILE            the agent to measure; by default the one that is built here. A published one is measured by its name
# CONNECTIONS=32        of the load
# ONLY="agent yarp"     some of: direct agent agent-in yarp forwarder nginx haproxy
#
# Prints for each the requests a second, the median of the latency, the processor time of the proxy for each request, and that as a ratio to YARP's in the same round.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=${1:-9}
seconds=${2:-4}
connections=${CONNECTIONS:-32}
wanted=${ONLY:-direct agent agent-in yarp forwarder nginx haproxy}
agent=${AGENT:-$root/src/Mesh.Agent/bin/Release/net10.0/Mesh.Agent.dll}
bench=$root/tests/Mesh.Benchmarks/bin/Release/net10.0/Mesh.Benchmarks.dll
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
started=()

for program in wrk nginx haproxy taskset; do
  command -v "$program" >/dev/null || { echo "$program is not here. Remedy: on Debian apt-get install wrk nginx haproxy util-linux"; exit 2; }
done
if [ "$(nproc)" -lt 2 ]; then echo "It takes two processors: one for the proxy, one for the load and the server."; exit 2; fi
if [ ! -f "$bench" ] || [ ! -e "$agent" ]; then
  dotnet build "$root/tests/Mesh.Benchmarks" -c Release -v quiet -nologo && dotnet build "$root/src/Mesh.Agent" -c Release -v quiet -nologo || exit 2
fi

finish() { for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; done; wait 2>/dev/null; rm -r "$work"; }
trap finish EXIT
trap 'exit 130' INT TERM

declare -A url pid
start() { # NAME PROCESSOR COMMAND…
  local name=$1 processor=$2
  shift 2
  taskset -c "$processor" "$@" >"$work/$name.log" 2>&1 &
  pid[$name]=$!
  started+=("$!")
}

# The server: two ports of one worker, 100 bytes at once.
body=$(printf '%0100d' 0)
cat >"$work/server.conf" <<C
daemon off; worker_processes 1; pid $work/server.pid; error_log $work/server.err;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; server { listen 127.0.0.1:28081 reuseport; listen 127.0.0.1:28082 reuseport; location / { default_type text/plain; return 200 "$body"; } } }
C
cat >"$work/nginx.conf" <<C
daemon off; worker_processes 1; pid $work/nginx.pid; error_log $work/nginx.err;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 100000000;
  upstream orders { server 127.0.0.1:28081; server 127.0.0.1:28082; keepalive 128; keepalive_requests 100000000; }
  server { listen 127.0.0.1:28103 reuseport; location / { proxy_pass http://orders; proxy_http_version 1.1; proxy_set_header Connection ""; } }
}
C
cat >"$work/haproxy.cfg" <<C
global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
  http-reuse always
frontend in
  bind 127.0.0.1:28104
  default_backend orders
backend orders
  balance leastconn
  server a 127.0.0.1:28081
  server b 127.0.0.1:28082
C
# The whole policy: what a service has without a word, and a rate limit, a limit on what is under way, a total timeout and a route beside it.
cat >"$work/agent.json" <<C
{
  "Agent": {
    "Outbound": [ "http://127.0.0.1:28101" ], "Admin": "",
    "Inbound": [ { "Service": "web", "Listen": "http://127.0.0.1:28106", "Forward": "http://127.0.0.1:28081" } ]
  },
  "Mesh": {
    "Local": { "Service": "web" }, "Discovery": { "CacheDirectory": "" },
    "Services": { "orders": {
      "Endpoints": [ { "Address": "http://127.0.0.1:28081" }, { "Address": "http://127.0.0.1:28082" } ],
      "Timeout": "00:00:10", "Concurrency": { "Limit": 10000 }, "RateLimits": [ { "Name": "all", "Permits": 10000000 } ],
      "Routes": [ { "Name": "reports", "Match": { "Path": "/reports/**" }, "Timeout": "00:01:00" } ]
    } }
  },
  "Logging": { "LogLevel": { "Default": "Warning" } }
}
C

start server 0 nginx -c "$work/server.conf"
# What the agent sets for itself, so that YARP has it too.
export DOTNET_TieredPGO=1 DOTNET_gcServer=0 DOTNET_gcConcurrent=1 DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1
case "$agent" in *.dll) run=(dotnet "$agent") ;; *) run=("$agent") ;; esac
start agent 1 "${run[@]}" run --config "$work/agent.json"
start yarp 1 dotnet "$bench" --yarp proxy 28102 http://127.0.0.1:28081 http://127.0.0.1:28082
start forwarder 1 dotnet "$bench" --yarp forwarder 28105 http://127.0.0.1:28081
start nginx 1 nginx -c "$work/nginx.conf"
start haproxy 1 haproxy -f "$work/haproxy.cfg"
url[direct]=http://127.0.0.1:28081/ url[agent]=http://127.0.0.1:28101/ url[agent-in]=http://127.0.0.1:28106/ url[yarp]=http://127.0.0.1:28102/
url[forwarder]=http://127.0.0.1:28105/ url[nginx]=http://127.0.0.1:28103/ url[haproxy]=http://127.0.0.1:28104/
pid[agent-in]=${pid[agent]}

for name in $wanted; do
  for _ in $(seq 200); do
    (exec 3<>"/dev/tcp/127.0.0.1/$(sed 's/.*:\([0-9]*\).*/\1/' <<<"${url[$name]}")") 2>/dev/null && break
    sleep 0.1
  done
done

# Clock ticks of a process and its children, 100 a second.
ticks() { local all=0 p; for p in "$1" $(pgrep -P "$1"); do all=$((all + $(awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$p/stat"))); done; echo "$all"; }

measure() { # NAME SECONDS: "requests/s  p50 in us  us of processor for each request  errors"
  local before=0 after=0
  [ "$1" = direct ] || before=$(ticks "${pid[$1]}")
  taskset -c 0 wrk -t1 -c"$connections" -d"$2"s --latency -H 'Host: orders' "${url[$1]}" >"$work/wrk"
  [ "$1" = direct ] || after=$(ticks "${pid[$1]}")
  awk -v ticks=$((after - before)) '
    function us(t) { return t ~ /us$/ ? t + 0 : t ~ /ms$/ ? t * 1000 : t * 1000000 }
    $1 == "50%" { p50 = us($2) } / requests in / { n = $1 } /^Requests\/sec/ { rate = $2 } /Non-2xx|Socket errors/ { bad = 1 }
    END { printf "%.0f %.0f %.2f %d\n", rate, p50, n ? ticks * 10000 / n : 0, bad }' "$work/wrk"
}

for name in $wanted; do [ "$name" = direct ] || measure "$name" 12 >/dev/null; done
for ((round = 1; round <= rounds; round++)); do
  for name in $wanted; do
    result=$(measure "$name" "$seconds")
    echo "$name $result" >>"$work/results"
    echo "round $round: $name $result" >&2
    case "$result" in *" 1") echo "$name answered with errors:"; cat "$work/wrk" "$work/$name.log"; exit 1 ;; esac
  done
done

middle() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
column() { awk -v name="$1" -v c="$2" '$1 == name { print $c }' "$work/results"; }
printf '\n| proxy | requests/s | p50, us | CPU of the proxy, us a request | ÷ YARP (least to most) |\n| --- | --- | --- | --- | --- |\n'
for name in $wanted; do
  ratios=$(paste -d' ' <(column "$name" 4) <(column yarp 4) | awk 'NF == 2 && $2 > 0 { printf "%.3f\n", $1 / $2 }' | sort -n)
  ratio=-
  [ "$name" != direct ] && [ -n "$ratios" ] && ratio="$(middle <<<"$ratios") ($(head -n 1 <<<"$ratios") to $(tail -n 1 <<<"$ratios"))"
  printf '| %s | %s | %s | %s | %s |\n' "$name" "$(column "$name" 2 | middle)" "$(column "$name" 3 | middle)" "$(column "$name" 4 | middle)" "$ratio"
done
