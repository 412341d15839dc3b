#!/usr/bin/env bash
# Runs the whole ordinary suite with one command. Needs bash and the .NET 10 SDK; tests against real peers are skipped where those cannot be had.
#
#   bash tests/run.sh              every test project
#   bash tests/run.sh House        the test projects whose name contains "House"
#   bash tests/long.sh             the long forms of the randomised and timed tests
#
# MESH_APPROVE=1        write the public surface as it is now into tests/Mesh.House.Tests/Approved
# MESH_TEST_LIMIT=900   seconds that one test project may take before it is ended and counted as failed
# CI=true               a real server that cannot be had fails its tests; elsewhere they are skipped with the reason
#
# The last line is "N passed, N failed, N skipped". The exit code is 0 only if something ran and nothing failed.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

only=${1:-}
limit=${MESH_TEST_LIMIT:-900}
build_limit=420
results=$root/artifacts/test-results
counts=$results/counts.txt
running=
beside=
passed=0
failed=0
skipped=0

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# What tests need beside the SDK lives here, ignored by git; delete the folder to install it again.
export MESH_TOOLS=$root/.tools
source tests/consul.sh
source tests/grpc-node.sh

say() { printf '\n== %s\n' "$*"; }

close() {
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ] && [ $((passed + failed)) -gt 0 ]
  exit
}

trap '[ -n "$running" ] && kill -TERM -- "-$running" 2>/dev/null; [ -n "$beside" ] && kill -TERM "$beside" 2>/dev/null; exit 130' INT TERM

# limited SECONDS COMMAND…: runs the command in a process group of its own and ends the whole group when the time is up.
# What the command leaves running, such as a compiler server, ends with it, so that nothing holds the caller's pipe open.
limited() {
  local seconds=$1 code watchdog
  shift
  set -m
  "$@" </dev/null &
  running=$!
  set +m
  (
    for ((second = 0; second < seconds; second++)); do
      sleep 1
      kill -0 "$running" 2>/dev/null || exit 0
    done
    echo "-- took longer than $seconds s and was ended: $*"
    kill -TERM -- "-$running" 2>/dev/null
    sleep 5
    kill -KILL -- "-$running" 2>/dev/null
  ) &
  watchdog=$!
  wait "$running"
  code=$?
  kill "$watchdog" 2>/dev/null
  wait "$watchdog" 2>/dev/null
  kill -KILL -- "-$running" 2>/dev/null
  running=
  return $code
}

# attribute FILE NAME: the sum of a number over the <assembly> elements of an xUnit XML report.
attribute() {
  tr '>' '\n' <"$1" | grep '<assembly ' | sed -n "s/.* $2=\"\([0-9][0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

# gRPC for Python: this machine's if it has it, else Debian's with what it needs, unpacked into a folder, which leaves the machine as it is.
install_grpc_python() {
  local folder=$MESH_TOOLS/grpc-python sources=/etc/apt/sources.list.d/debian.sources try='import google.protobuf.message_factory, grpc.aio' python
  [ -x "$folder/python" ] && "$folder/python" -c "$try" 2>/dev/null && return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  for python in /usr/bin/python3 python3; do
    if "$python" -c "$try" >/dev/null 2>&1; then
      printf '#!/bin/sh\nexec %s "$@"\n' "$python" >"$folder/python"
      chmod +x "$folder/python"
      return 0
    fi
  done

  (
    cd "$folder" && mkdir -p apt/lists/partial apt/cache/archives/partial || exit
    options=(-q -y -o "Dir::Etc::sourcelist=$sources" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache")
    options+=(-o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2 -o Debug::NoLocking=1)
    apt-get "${options[@]}" update && apt-get "${options[@]}" install --download-only --no-install-recommends python3-grpcio python3-protobuf || exit
    for deb in apt/cache/archives/*.deb; do
      dpkg -x "$deb" unpacked || exit
    done
    printf '#!/bin/sh\nhere=$(dirname "$0")/unpacked/usr/lib\nexport LD_LIBRARY_PATH=$(echo "$here"/*-linux-gnu*) PYTHONPATH=$here/python3/dist-packages\nexec /usr/bin/python3 "$@"\n' >python
    chmod +x python
    rm -rf apt
    ./python -c "$try"
  ) >"$MESH_TOOLS/grpc-python.log" 2>&1 && return 0
  rm -rf "$folder"
  echo "-- no gRPC for Python could be installed. Remedy: install grpcio and protobuf for python3, on Debian by apt-get install python3-grpcio"
  tail -n 5 "$MESH_TOOLS/grpc-python.log"
  return 1
}

# Redis comes from the machine's own mirror, with the libraries that the machine may lack, unpacked and not installed.
install_redis() {
  local folder=$MESH_TOOLS/redis
  [ -x "$folder/redis-server" ] && return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  if command -v redis-server >/dev/null; then
    ln -s "$(command -v redis-server)" "$folder/redis-server"
    return 0
  fi

  if [ "$(uname -s)" != Linux ] || ! command -v apt-get >/dev/null; then
    echo "-- no Redis: this machine has no apt. Remedy: put a redis-server of version 5 or later at $folder/redis-server"
    return 1
  fi

  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  (
    cd "$folder" || exit
    options=(-q -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2)
    apt-get "${options[@]}" update || exit
    needed=$(apt-cache "${options[@]}" depends redis-tools | sed -n 's/^ *Depends: *\(lib[a-z0-9.+-]*\)$/\1/p' | grep -vx libc6)
    for package in redis-tools $needed; do
      apt-get "${options[@]}" download "$package"
    done
    for file in *.deb; do dpkg -x "$file" unpacked; done
    # The program looks at the name that it was started by.
    ln -sf redis-check-rdb unpacked/usr/bin/redis-server
    libraries=$(find "$PWD/unpacked" -name '*.so*' -printf '%h\n' | sort -u | paste -sd :)
    printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' "$libraries" "$PWD/unpacked/usr/bin/redis-server" >redis-server
    chmod +x redis-server
  ) >"$MESH_TOOLS/redis.log" 2>&1
  rm -rf "$folder/lists" "$folder/cache" "$folder"/*.deb
  if ! "$folder/redis-server" --version >/dev/null 2>&1; then
    echo "-- no Redis could be installed:"
    tail -n 5 "$MESH_TOOLS/redis.log"
    rm -rf "$folder"
    return 1
  fi
}

# Chromium for the dashboard: this machine's if it has one, else Debian's with what it needs, unpacked into a folder, which leaves the machine as it is.
install_chromium() {
  local folder=$MESH_TOOLS/chromium sources=/etc/apt/sources.list.d/debian.sources program
  [ -x "$folder/chromium" ] && "$folder/chromium" --version >/dev/null 2>&1 && return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  for program in chromium chromium-browser google-chrome; do
    if command -v "$program" >/dev/null; then
      printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v "$program")" >"$folder/chromium"
      chmod +x "$folder/chromium"
      "$folder/chromium" --version >/dev/null 2>&1 && return 0
    fi
  done

  (
    cd "$folder" && mkdir -p apt/lists/partial apt/cache/archives/partial || exit
    options=(-q -y -o "Dir::Etc::sourcelist=$sources" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache")
    options+=(-o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2 -o Debug::NoLocking=1)
    apt-get "${options[@]}" update && apt-get "${options[@]}" install --download-only --no-install-recommends chromium fonts-dejavu-core || exit
    for deb in apt/cache/archives/*.deb; do
      dpkg -x "$deb" unpacked || exit
    done
    libraries=$(find "$PWD/unpacked" -name '*.so*' -printf '%h\n' | sort -u | paste -sd :)
    printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' "$libraries" "$PWD/unpacked/usr/lib/chromium/chromium" >chromium
    chmod +x chromium
    rm -rf apt
    ./chromium --version
  ) >"$MESH_TOOLS/chromium.log" 2>&1 && return 0
  rm -rf "$folder"
  echo "-- no chromium could be installed. Remedy: put one at $folder/chromium, on Debian by apt-get install chromium"
  tail -n 5 "$MESH_TOOLS/chromium.log"
  return 1
}

# nginx for the agent's back end: this machine's if it has one, else Debian's with what it needs, unpacked into a folder, which leaves the machine as it is.
install_nginx() {
  local folder=$MESH_TOOLS/nginx sources=/etc/apt/sources.list.d/debian.sources program libraries
  [ -x "$folder/nginx" ] && "$folder/nginx" -v 2>/dev/null && return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  for program in nginx /usr/sbin/nginx; do
    if command -v "$program" >/dev/null; then
      ln -s "$(command -v "$program")" "$folder/nginx"
      "$folder/nginx" -v 2>/dev/null && return 0
    fi
  done

  (
    cd "$folder" && mkdir -p apt/lists/partial apt/cache/archives/partial || exit
    options=(-q -y -o "Dir::Etc::sourcelist=$sources" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache")
    options+=(-o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2 -o Debug::NoLocking=1)
    apt-get "${options[@]}" update && apt-get "${options[@]}" install --download-only --no-install-recommends nginx || exit
    for deb in apt/cache/archives/*.deb; do
      dpkg -x "$deb" unpacked || exit
    done
    libraries=$(find "$PWD/unpacked" -name '*.so*' -printf '%h\n' | sort -u | paste -sd :)
    printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' "$libraries" "$PWD/unpacked/usr/sbin/nginx" >nginx
    chmod +x nginx
    rm -rf apt
    ./nginx -v
  ) >"$MESH_TOOLS/nginx.log" 2>&1 && return 0
  rm -rf "$folder"
  echo "-- no nginx could be installed. Remedy: put one at $folder/nginx, on Debian by apt-get install nginx"
  tail -n 5 "$MESH_TOOLS/nginx.log"
  return 1
}

install_tools() {
  # Each tool that a test needs gets a function of its own here, which installs into $MESH_TOOLS and does nothing if it is there already.
  # Where one cannot be had, the tests that need it say so: they fail with CI=true and are skipped elsewhere.
  say "Tools: Consul, Redis, gRPC for Node and Python, chromium, nginx"
  limited 120 install_consul && "$MESH_TOOLS/consul/consul" version | head -n 1
  limited 120 install_redis && "$MESH_TOOLS/redis/redis-server" --version
  limited 120 install_grpc_node && echo "Node $("$MESH_TOOLS/grpc-node/node" --version)"
  limited 120 install_grpc_python && "$MESH_TOOLS/grpc-python/python" -c 'import grpc; print("grpcio", grpc.__version__)'
  limited 180 install_chromium && "$MESH_TOOLS/chromium/chromium" --version
  limited 120 install_nginx && "$MESH_TOOLS/nginx/nginx" -v 2>&1
}

run_project() {
  local project=$1 name dll report log started code ok bad skip
  name=$(basename "$project" .csproj)
  dll=$(dirname "$project")/bin/Release/net10.0/$name.dll
  report=$results/$name.xml
  log=$results/$name.log
  say "$name: running, at most $limit s"
  if [ ! -f "$dll" ]; then
    echo "-- $dll was not built. Remedy: dotnet sln add $project"
    echo "0 1 0" >>"$counts"
    return
  fi

  started=$SECONDS
  limited "$limit" dotnet exec "$dll" -noLogo -noColor -reporter verbose -xml "$report" >"$log" 2>&1
  code=$?
  grep -vE ' \[(STARTING|FINISHED)\]' "$log"
  if [ ! -s "$report" ]; then
    echo "-- $name: what had begun and not ended:"
    awk '{ test = $0; sub(/ \[(STARTING|FINISHED)\].*/, "", test) } / \[STARTING\]$/ { open[test] } / \[FINISHED\]/ { delete open[test] } END { for (test in open) print test }' "$log" | head -n 40
  fi

  if [ ! -s "$report" ]; then
    echo "-- $name: no report, exit code $code; counted as one failure"
    echo "0 1 0" >>"$counts"
    return
  fi

  ok=$(attribute "$report" passed)
  bad=$(($(attribute "$report" failed) + $(attribute "$report" errors)))
  skip=$(attribute "$report" skipped)
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "-- $name: exit code $code though no test failed; counted as one failure"
    bad=1
  fi

  if [ $((ok + bad + skip)) -eq 0 ]; then
    echo "-- $name: no test in it; counted as one failure"
    bad=1
  fi

  echo "$ok $bad $skip" >>"$counts"
  echo "-- $name: $ok passed, $bad failed, $skip skipped in $((SECONDS - started)) s"
}

rm -rf "$results"
mkdir -p "$results" "$MESH_TOOLS"
: >"$counts"

install_tools

say "Restore: packages of Mesh.Client.sln from your own sources"
if ! limited "$build_limit" dotnet restore Mesh.Client.sln -v quiet; then
  echo "-- the restore failed; counted as one failure"
  failed=1
  close
fi

say "Build: Mesh.Client.sln in Release, warnings are errors"
if ! limited "$build_limit" dotnet build Mesh.Client.sln -c Release --no-restore -warnaserror -v quiet -nologo; then
  echo "-- the build failed; counted as one failure"
  failed=1
  close
fi

projects=()
for project in tests/*/*.csproj; do
  if grep -q '"xunit.v3"' "$project" && [[ $(basename "$project") == *"$only"* ]]; then
    projects+=("$project")
  fi
done

# The tests with real servers wait most of their time, so the other projects run beside them, one after the other. They are shown at the end.
if [ "${#projects[@]}" -gt 1 ] && [ -z "${MESH_LONG:-}" ]; then
  for project in "${projects[@]}"; do
    if [[ $project == *IntegrationTests.csproj ]]; then
      set -m
      (trap '[ -n "$running" ] && kill -TERM -- "-$running" 2>/dev/null; exit 130' TERM; run_project "$project") >"$results/beside.txt" 2>&1 </dev/null &
      beside=$!
      set +m
    fi
  done
fi

for project in "${projects[@]}"; do
  if [ -z "$beside" ] || [[ $project != *IntegrationTests.csproj ]]; then
    run_project "$project"
  fi
done

if [ -n "$beside" ]; then
  wait "$beside"
  cat "$results/beside.txt"
fi

read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$counts")
close
