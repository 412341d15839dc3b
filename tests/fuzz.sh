#!/usr/bin/env bash
# Fuzzes every reader of what comes from outside, with changes of the committed inputs in tests/Mesh.Fuzz/Corpus. Needs bash and the .NET 10 SDK.
#
#   bash tests/fuzz.sh --seconds 60              every target, a minute in all
#   bash tests/fuzz.sh --seconds 60 --seed 42    the same inputs again
#   bash tests/fuzz.sh --target baggage          one target
#
# What fails is kept in the corpus as found-…, and is from then on a test of the ordinary suite. The exit code is 0 only if nothing failed.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# So long may one case take before the run is ended as hanging; a case over one second is a fault of its own.
patience=20

dotnet build tests/Mesh.Fuzz -c Release -v quiet -nologo || exit 1

mkdir -p artifacts/fuzz
export MESH_FUZZ_LAST=$root/artifacts/fuzz/last
rm -f "$MESH_FUZZ_LAST"

# The case under way, where there is one: its length, its target, its input.
length() { [ -s "$MESH_FUZZ_LAST" ] && od -An -td4 -N4 "$MESH_FUZZ_LAST" | tr -d ' ' || echo -1; }

keep() {
  local bytes target folder file
  bytes=$(length)
  [ "$bytes" -ge 0 ] || return
  target=$(dd if="$MESH_FUZZ_LAST" bs=1 skip=4 count=60 2>/dev/null | tr -d ' \0')
  folder=tests/Mesh.Fuzz/Corpus/$target
  mkdir -p "$folder"
  file=$folder/found-$(tail -c +65 "$MESH_FUZZ_LAST" | head -c "$bytes" | sha256sum | cut -c1-12)
  tail -c +65 "$MESH_FUZZ_LAST" | head -c "$bytes" >"$file"
  echo "-- $target: $1; its input of $bytes bytes is kept as $file"
}

dotnet exec tests/Mesh.Fuzz/bin/Release/net10.0/Mesh.Fuzz.dll fuzz "$@" &
running=$!
trap 'kill -KILL "$running" 2>/dev/null; exit 130' INT TERM

# The first bytes of a case tell it from the one before: it writes its length, its target and its input at once.
before= same=0
while kill -0 "$running" 2>/dev/null; do
  sleep 1
  [ "$(length)" -ge 0 ] && now=$(cksum <"$MESH_FUZZ_LAST") || now=
  [ -n "$now" ] && [ "$now" = "$before" ] && same=$((same + 1)) || same=0
  before=$now
  if [ "$same" -ge "$patience" ]; then
    kill -KILL "$running" 2>/dev/null
    keep "one case took more than $patience s and was ended"
  fi
done

wait "$running"
code=$?
[ "$code" -ge 128 ] && [ "$same" -lt "$patience" ] && keep "the process died of a case (exit code $code)"
exit "$code"
