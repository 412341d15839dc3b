#!/usr/bin/env bash
# Starts a Consul and eight processes of three services, sends traffic, and shows what happens to it while instances are restarted and killed, a
# policy changes and Consul dies. Takes about a minute with the build. Exit code 0 only if all that it claims at the end held.
#
#   bash samples/Shop/run.sh            needs bash and the .NET 10 SDK; a Consul is installed into .tools on Debian, or taken from the PATH
#   bash samples/Shop/run.sh --short    everything lasts two seconds instead of five
#   bash samples/Shop/run.sh --built Release [--short]    what was built already, in that configuration
set -uo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh" "$@"
run_story Shop "$consul"
