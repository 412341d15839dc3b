# Sourced by tests/run.sh and samples/Polyglot/run.sh: gets gRPC for Node into $MESH_TOOLS/grpc-node, once. $root is the repository.

# The packages that tests/peers/grpc-node/package.json names. Node itself is the machine's: Debian's cannot be unpacked beside it, it reads
# parts of itself from fixed paths.
install_grpc_node() {
  local folder=$MESH_TOOLS/grpc-node wanted=$root/tests/peers/grpc-node/package.json
  [ -x "$folder/node" ] && cmp -s "$wanted" "$folder/package.json" && return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  (
    cp "$wanted" "$folder" && cd "$folder" || exit
    node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' && npm install --no-audit --no-fund --no-package-lock --ignore-scripts || exit
    printf '#!/bin/sh\nNODE_PATH=$(dirname "$0")/node_modules exec %s "$@"\n' "$(command -v node)" >node
    chmod +x node
    ./node -e 'require("@grpc/grpc-js"); require("@grpc/proto-loader")'
  ) >"$MESH_TOOLS/grpc-node.log" 2>&1 && return 0
  rm -rf "$folder"
  echo "-- no gRPC for Node could be installed. Remedy: install Node 18 or later with npm, on Debian by apt-get install nodejs npm"
  tail -n 5 "$MESH_TOOLS/grpc-node.log"
  return 1
}
