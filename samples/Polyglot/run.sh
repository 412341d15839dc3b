#!/usr/bin/env bash
# Starts a Consul, eight programs in Node and Python that know nothing of a mesh, and an agent beside each; sends traffic, and shows what becomes of it with a
# canary, a quota and killed instances. Takes about a minute with the build. Exit code 0 only if all that it claims at the end held.
#
#   bash samples/Polyglot/run.sh            needs bash, the .NET 10 SDK, Node 18 with npm, and Python 3; a Consul and gRPC for Node are installed into .tools
#   bash samples/Polyglot/run.sh --short    everything lasts a moment instead of five seconds
#   bash samples/Polyglot/run.sh --built Release [--short]    what was built already, in that configuration
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
configuration=Release
build=yes
story=

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export MESH_TOOLS=${MESH_TOOLS:-$root/.tools}
source "$root/tests/consul.sh"
source "$root/tests/grpc-node.sh"

if [ "${1:-}" = --built ]; then
  configuration=${2:?--built needs a configuration, such as Release}
  build=
  shift 2
fi

mkdir -p "$MESH_TOOLS"
consul=$MESH_TOOLS/consul/consul
[ -x "$consul" ] || consul=$(command -v consul) || { install_consul && consul=$MESH_TOOLS/consul/consul; } || exit 1
node=$MESH_TOOLS/grpc-node/node
[ -x "$node" ] || install_grpc_node || exit 1
# The program itself, and not what starts it: it is killed.
python=$(python3 -c 'import sys; print(sys.executable)') || { echo "-- no Python. Remedy: install python3"; exit 1; }

if [ -n "$build" ]; then
  echo "Building the agent and the story; the first time takes a while."
  dotnet build "$root/samples/Polyglot/Story" -c "$configuration" -v quiet -nologo || exit 1
fi

# The story and all that it starts are one process group, which ends with this script however that ends.
trap '[ -n "$story" ] && kill -KILL -- "-$story" 2>/dev/null' EXIT
trap '[ -n "$story" ] && kill -TERM "$story" 2>/dev/null && wait "$story"; exit 130' INT TERM
set -m
dotnet exec "$root/samples/Polyglot/Story/bin/$configuration/net10.0/Polyglot.Story.dll" "$consul" "$node" "$python" "$@" </dev/null &
story=$!
set +m
wait "$story"
