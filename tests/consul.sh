# Sourced by tests/run.sh and the samples: gets a Consul into $MESH_TOOLS/consul/consul, once.

# Consul is in Debian 11 only: an apt root of its own, pointed at that suite of the mirror that this machine uses, leaves the machine as it is.
install_consul() {
  local folder=$MESH_TOOLS/consul sources=/etc/apt/sources.list.d/debian.sources apt mirror key
  [ -x "$folder/consul" ] && return 0
  if [ "$(uname -s)" != Linux ] || ! command -v apt-get >/dev/null || [ ! -r "$sources" ]; then
    echo "-- no Consul: this is no Debian with apt. Remedy: put a consul of version 1.8 or later at $folder/consul"
    return 1
  fi

  rm -rf "$folder"
  apt=$folder/apt
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' "$sources" | head -n 1)
  key=$(sed -n 's/^Signed-By: *\([^ ]*\).*/\1/p' "$sources" | head -n 1)
  echo "deb [${key:+signed-by=$key}] $mirror bullseye main" >"$apt/sources.list"
  sed -i 's/\[\] //' "$apt/sources.list"
  (
    cd "$folder" || exit
    options=(-q -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache")
    options+=(-o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2)
    apt-get "${options[@]}" update && apt-get "${options[@]}" download consul && dpkg -x consul_*.deb unpacked && mv unpacked/usr/bin/consul consul
  ) >"$MESH_TOOLS/consul.log" 2>&1
  rm -rf "$apt" "$folder/unpacked" "$folder"/consul_*.deb
  if ! "$folder/consul" version >/dev/null 2>&1; then
    echo "-- no Consul could be installed:"
    tail -n 5 "$MESH_TOOLS/consul.log"
    return 1
  fi
}
