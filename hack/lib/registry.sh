# shellcheck shell=bash
# The image registry: one process, and the same address 127.0.0.1:PORT on this machine and on the node (also for pods with
# hostNetwork). Other pods reach it as 10.N.64.1:PORT.

start_registry() {
  local port address=$NETWORK.64.1
  port=$(port_for REGISTRY_PORT)
  mkdir -p "$STATE/registry"
  cat >"$STATE/registry.yaml" <<YAML
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: "$STATE/registry"}, delete: {enabled: true}}
http: {addr: "$address:$port", secret: "$ID"}
YAML
  launch registry "$1/usr/bin/docker-registry" serve "$STATE/registry.yaml"
  await registry "$(patience 15)" curl -sf -o /dev/null --noproxy '*' "http://$address:$port/v2/"
  # Loopback, since every client takes a registry there for one without TLS.
  launch registry-loopback socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "TCP:$address:$port"
  launch_in_node registry-loopback-node socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "TCP:$address:$port"
  await registry-loopback "$(patience 5)" curl -sf -o /dev/null --noproxy '*' "http://127.0.0.1:$port/v2/"
}
