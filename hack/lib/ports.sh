# shellcheck shell=bash
# TCP ports: chosen once per instance, kept while they are free.

# is_port_free PORT: nobody listens on it, on any address. Read from /proc, so that no tool is needed.
is_port_free() {
  local hex
  printf -v hex ':%04X' "$1"
  # Field 2 is the local address, field 4 the state; 0A is LISTEN.
  ! awk -v port="$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# port_for KEY: the port remembered as KEY if it is free, else a new one, remembered.
port_for() {
  local port
  port=$(recall "$1")
  if [[ -n $port ]] && is_port_free "$port"; then printf '%s\n' "$port"; return; fi
  # Below the range from which the kernel takes outgoing ports; at random, so that instances started together differ.
  for _ in {1..200}; do
    port=$((20000 + RANDOM % 12000))
    if is_port_free "$port" && ! grep -q "=$port\$" "$SETTINGS" 2>/dev/null; then
      remember "$1" "$port"
      printf '%s\n' "$port"
      return
    fi
  done
  die "found no free TCP port between 20000 and 32000"
}
