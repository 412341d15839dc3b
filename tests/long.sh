#!/usr/bin/env bash
# The suite of tests/run.sh with the long forms: more operations in each randomised test, longer runs. May take an hour.
set -uo pipefail

export MESH_LONG=1
export MESH_TEST_LIMIT=${MESH_TEST_LIMIT:-3600}
exec bash "$(dirname "${BASH_SOURCE[0]}")/run.sh" "$@"
