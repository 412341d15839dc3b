#!/usr/bin/env bash
# Starts a Consul and eight processes of three services, sends traffic, and shows what happens to it while instances are restarted and killed, a
# policy changes and Consul dies. Takes about a minute with the build. Exit code 0 only if all that it claims at the end held.
#
#   bash samples/Shop/run.sh            needs bash and the .NET 10 SDK; a Consul is installed into .tools on Debian, or taken from the PATH
#   bash samples/Shop/run.sh --short    everything lasts two seconds instead of five
#   bash samples/Shop/run.sh --built Release [--short]    what was built already, in that configuration
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
configuration=Release
build=yes
story=

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export MESH_TOOLS=${MESH_TOOLS:-$root/.tools}
source "$root/tests/consul.sh"

if [ "${1:-}" = --built ]; then
  configuration=${2:?--built needs a configuration, such as Release}
  build=
  shift 2
fi

mkdir -p "$MESH_TOOLS"
consul=$MESH_TOOLS/consul/consul
[ -x "$consul" ] || consul=$(command -v consul) || { install_consul && consul=$MESH_TOOLS/consul/consul; } || exit 1

if [ -n "$build" ]; then
  echo "Building the three services; the first time takes a while."
  dotnet build "$root/samples/Shop/Story" -c "$configuration" -v quiet -nologo || exit 1
fi

# The story and all that it starts are one process group, which ends with this script however that ends.
trap '[ -n "$story" ] && kill -KILL -- "-$story" 2>/dev/null' EXIT
trap '[ -n "$story" ] && kill -TERM "$story" 2>/dev/null && wait "$story"; exit 130' INT TERM
set -m
dotnet exec "$root/samples/Shop/Story/bin/$configuration/net10.0/Shop.Story.dll" "$consul" "$@" </dev/null &
story=$!
set +m
wait "$story"
