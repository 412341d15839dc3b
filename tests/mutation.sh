#!/usr/bin/env bash
# Changes the code of the core, a little at each place, and runs the tests of its folder: what no test notices has survived. Needs bash, git and the .NET 10 SDK.
#
#   bash tests/mutation.sh                   every folder of tests/mutation.folders: hours
#   bash tests/mutation.sh Retries Health    these
#
# MESH_MUTANTS_AT_ONCE=2    how many changes are tested at once
#
# Survivors that docs/mutation.md names with a reason do not count. The exit code is 0 only if every folder reaches the score that tests/mutation.folders asks of it.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
out=$root/artifacts/mutation
at_once=${MESH_MUTANTS_AT_ONCE:-2}
failed=0

# The tool puts the changed assembly where the tests are built, so it works in a copy. It has no filter for tests that are programs: those of other folders are made no tests.
copy() {
  local work=$1 tests keep=()
  shift
  rm -rf "$work"
  mkdir -p "$work"
  git ls-files -co --exclude-standard -z | xargs -0 cp --parents -t "$work" 2>/dev/null
  tests=$work/tests/Mesh.Client.Tests
  for folder in "$@"; do
    keep+=(-not -path "$tests/$folder/*")
  done
  find "$tests" -name '*.cs' "${keep[@]}" -exec sed -i -E '/^\s*\[(Fact|Theory)(\(.*\))?\]\s*$/d' {} +
  sed -i 's#<TreatWarningsAsErrors>true</TreatWarningsAsErrors>#<TreatWarningsAsErrors>false</TreatWarningsAsErrors><RunAnalyzers>false</RunAnalyzers>#' "$work/Directory.Build.props"
}

# mutate FOLDER SCORE TESTS…
mutate() {
  local folder=$1 least=$2 work=$out/work log=$out/$1.log started=$SECONDS try
  shift 2
  copy "$work" "$@"
  mkdir -p "$out/$folder"
  cat >"$out/$folder.json" <<JSON
{ "stryker-config": { "project": "Mesh.Client.csproj", "mutate": [ "**/$folder/**/*.cs" ], "configuration": "Release", "test-runner": "mtp", "coverage-analysis": "off",
  "concurrency": $at_once, "reporters": [ "cleartext", "json" ] } }
JSON
  # A busy machine answers the tool too late when it looks for the SDK.
  for try in 1 2 3; do
    (cd "$work" && dotnet tool restore && cd tests/Mesh.Client.Tests && dotnet stryker -f "$out/$folder.json" -O "$out/$folder" --skip-version-check) >"$log" 2>&1 </dev/null && break
    grep -q 'Could not find build environment\|Failed to analyze project builds' "$log" || break
  done
  rm -rf "$work"
  report "$folder" "$least" "$log" $((SECONDS - started))
}

# report FOLDER SCORE LOG SECONDS
report() {
  local json=$out/$1/reports/mutation-report.json
  if [ ! -s "$json" ]; then
    echo "-- $1: no report after $4 s; the last lines of $3:"
    tail -n 5 "$3"
    failed=1
    return
  fi

  dotnet run tests/mutants.cs -- "$json" docs/mutation.md "$1" "$2" </dev/null || failed=1
  echo "-- $1: $4 s, $json"
}

for folder in "$@"; do
  grep -q "^$folder " tests/mutation.folders || { echo "-- \"$folder\" is not in tests/mutation.folders"; exit 64; }
done

while read -r folder least tests; do
  if [ "$#" -eq 0 ] || [[ " $* " == *" $folder "* ]]; then
    read -ra list <<<"$tests"
    mutate "$folder" "$least" "${list[@]}"
  fi
done < <(grep -v '^#' tests/mutation.folders)

exit "$failed"
