#!/usr/bin/env bash
# Starts a Consul, eight programs in Node and Python that know nothing of a mesh, and an agent beside each; sends traffic, and shows what becomes of it with a
# canary, a quota and killed instances. Takes about a minute with the build. Exit code 0 only if all that it claims at the end held.
#
#   bash samples/Polyglot/run.sh            needs bash, the .NET 10 SDK, Node 18 with npm, and Python 3; a Consul and gRPC for Node are installed into .tools
#   bash samples/Polyglot/run.sh --short    everything lasts a moment instead of five seconds
#   bash samples/Polyglot/run.sh --built Release [--short]    what was built already, in that configuration
set -uo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh" "$@"
source "$root/tests/grpc-node.sh"
node=$MESH_TOOLS/grpc-node/node
[ -x "$node" ] || install_grpc_node || exit 1
# The program itself, and not what starts it: it is killed.
python=$(python3 -c 'import sys; print(sys.executable)') || { echo "-- no Python. Remedy: install python3"; exit 1; }

run_story Polyglot "$consul" "$node" "$python"
