#!/usr/bin/env bash
# Makes the agent as it is installed: one file that needs no .NET, trimmed and compiled ahead.
#
#   bash src/Mesh.Agent/publish.sh                          for this machine, to artifacts/mesh-agent/linux-x64/mesh-agent
#   bash src/Mesh.Agent/publish.sh linux-musl-arm64         for another one: linux-x64, linux-arm64, linux-musl-x64, osx-arm64, win-x64 …
#   bash src/Mesh.Agent/publish.sh linux-x64 /opt/mesh      to another folder
#
# Needs the .NET 10 SDK, and at the first time the packages of the runtime (about 150 MB) from your own sources. On two cores it takes about two minutes,
# most of them spent on compiling ahead. The last line is the path of the file.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rid=${1:-$(dotnet --info | sed -n 's/^ *RID: *//p')}
folder=${2:-$root/artifacts/mesh-agent/$rid}

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet publish "$root/src/Mesh.Agent/Mesh.Agent.csproj" -c Release -r "$rid" -p:PublishSingleFile=true -o "$folder" -v quiet -nologo -nodeReuse:false >&2
ls "$folder"/mesh-agent*
