#!/usr/bin/env bash
# A fleet of real processes under 500 calls a second while something breaks each second: real Consul and Redis, eight instances, the agent and a program in Node. Says at its end what was done, what became of the calls and which
# invariants held. The exit code is 0 only if all of them did. The same seed gives the same faults again.
#
#   bash tests/chaos.sh [--seed N] [--minutes M]     the seed is drawn, and one minute, by default
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
source tests/whole.sh
seed=$RANDOM
minutes=1
while [ $# -gt 0 ]; do
  case $1 in
    --seed) whole --seed "${2:-}" 0; seed=$2; shift 2 ;;
    --minutes) whole --minutes "${2:-}" 1; minutes=$2; shift 2 ;;
    *) echo "unknown: $1. Remedy: bash tests/chaos.sh [--seed N] [--minutes M]"; exit 2 ;;
  esac
done

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MESH_TOOLS=${MESH_TOOLS:-$root/.tools} MESH_SEED=$seed MESH_MINUTES=$minutes MESH_WATCHED=1 CI=true
for program in consul redis; do
  [ -e "$MESH_TOOLS/$program" ] || { echo "There is no $program under $MESH_TOOLS. Remedy: bash tests/run.sh Chaos installs it."; exit 2; }
done
dotnet build tests/Mesh.Chaos -c Release -v quiet
echo "seed $seed, $minutes min"
exec dotnet exec tests/Mesh.Chaos/bin/Release/net10.0/Mesh.Chaos.dll -noLogo -noColor -reporter quiet -method '*InvariantsHold'
