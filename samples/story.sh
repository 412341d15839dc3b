# What the scripts of the samples share; they source it with their own arguments. Reads --built CONFIGURATION, and leaves what else was said in "${rest[@]}".
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
configuration=Release
build=yes
running=

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export MESH_TOOLS=${MESH_TOOLS:-$root/.tools}
source "$root/tests/consul.sh"

if [ "${1:-}" = --built ]; then
  configuration=${2:?--built needs a configuration, such as Release}
  build=
  shift 2
fi
rest=("$@")

mkdir -p "$MESH_TOOLS"
consul=$MESH_TOOLS/consul/consul
[ -x "$consul" ] || consul=$(command -v consul) || { install_consul && consul=$MESH_TOOLS/consul/consul; } || exit 1

# SAMPLE ARGUMENT…: builds the story of a sample where that is wanted, and runs it.
run_story() {
  local name=$1
  shift
  if [ -n "$build" ]; then
    echo "Building the sample; the first time takes a while."
    dotnet build "$root/samples/$name/Story" -c "$configuration" -v quiet -nologo || exit 1
  fi

  # The story and all that it starts are one process group, which ends with this script however that ends.
  trap '[ -n "$running" ] && kill -KILL -- "-$running" 2>/dev/null' EXIT
  trap '[ -n "$running" ] && kill -TERM "$running" 2>/dev/null && wait "$running"; exit 130' INT TERM
  set -m
  dotnet exec "$root/samples/$name/Story/bin/$configuration/net10.0/$name.Story.dll" "$@" "${rest[@]}" </dev/null &
  running=$!
  set +m
  wait "$running"
}
