#!/usr/bin/env bash
# Whether anything grows in a process that calls: 1 000 calls a second through the library over real sockets, while one of its endpoints is replaced each second. A line with the figures each minute, and a judgement:
# of the last two thirds the second half may not come down less far than the first one: a tenth of memory and a few handles, timers and threads apart; no call may fail. The exit code is 0 only then. The agent has a soak of its own, tests/Mesh.Benchmarks/soak.sh.
#
#   bash tests/soak.sh [--minutes M]     30 by default
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
source tests/whole.sh
minutes=30
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) whole --minutes "${2:-}" 1; minutes=$2; shift 2 ;;
    *) echo "unknown: $1. Remedy: bash tests/soak.sh [--minutes M]"; exit 2 ;;
  esac
done

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MESH_MINUTES=$minutes MESH_WATCHED=1
dotnet build tests/Mesh.Chaos -c Release -v quiet
dotnet exec tests/Mesh.Chaos/bin/Release/net10.0/Mesh.Chaos.dll -noLogo -noColor -reporter quiet -method '*NothingGrows' && echo "Nothing grows."
