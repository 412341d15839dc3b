#!/usr/bin/env bash
# Runs every scenario of the simulated fleet and writes its figures into docs/simulation.md and its plots into docs/simulation/. Options go on to the program: --seed 2, --size large.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
dotnet build tests/Mesh.Simulation -c Release -v quiet -nologo || exit 1
exec dotnet exec tests/Mesh.Simulation/bin/Release/net10.0/Mesh.Simulation.dll all --docs docs "$@"
