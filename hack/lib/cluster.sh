# shellcheck shell=bash
# An instance of the local cluster as a whole: bring it up, tell how it is, take it down.

# Dependants first: the order of stopping.
readonly SERVICES=(kube-proxy kubelet containerd kube-scheduler kube-controller-manager git-server registry-loopback-node registry-loopback registry kube-apiserver etcd node)
# What only a build and a pull need: sources and images.
readonly SOURCES=(git-server registry-loopback-node registry-loopback registry)
# Where the API server listens when there is no node, and the range of services.
readonly WITHOUT_NODE=(127.0.0.1 10.0.0.0/24)

# cluster_up NODE AUDIT_READS: each true or false.
cluster_up() {
  local node=$1 audit_reads=$2 mode=control-plane
  [[ $node != true ]] || mode=node
  [[ $node != true ]] || require_node_rights
  ensure_commands "the control plane" openssl=openssl curl=curl
  if is_cluster_up; then
    [[ $(recall MODE) == "$mode" ]] || die "'$INSTANCE' is already running, as '$(recall MODE)' and not as '$mode'" \
      "Use another name (--name), or first: hack/cluster down --name $INSTANCE"
    [[ $audit_reads == false || $(recall AUDIT_READS) == true ]] || die "'$INSTANCE' is already running, without --audit-reads" \
      "Use another name (--name), or first: hack/cluster down --name $INSTANCE"
    step "already running: $(describe)"
    return
  fi
  [[ -z $(recall MODE) || $(recall MODE) == "$mode" ]] || die "'$INSTANCE' has data of another kind of cluster ('$(recall MODE)')" \
    "Use another name (--name), or first: hack/cluster down --name $INSTANCE"
  find_servers "$node"
  on_failure take_back
  [[ -z $(leftovers) ]] || step "clearing what an earlier run left: $(leftovers | paste -sd' ')"
  cluster_stop
  remember MODE "$mode"
  remember AUDIT_READS "$audit_reads"
  if [[ $node == true ]]; then
    start_namespaces
    start_control_plane "$NETWORK.64.1" "$NETWORK.128.0/24"
    start_node
    publish_images
  else
    start_control_plane "${WITHOUT_NODE[@]}"
  fi
  write_cluster_env
  step "running: $(describe)"
  note "eval \"\$(hack/cluster env --name $INSTANCE)\"   # KUBECONFIG and the rest, for this shell"
}

take_back() {
  step "stopping what this run had started"
  cluster_stop
}

# cluster_stop: ends every process and gives back what the kernel holds for them; the data stay.
cluster_stop() {
  local service
  for service in "${SERVICES[@]}"; do stop_service "$service"; done
  [[ $(recall MODE) == node ]] || return 0
  disconnect_node
  remove_cgroups
}

# cluster_down KEEP: stops, and unless KEEP is true removes everything but logs and the choice of ports and addresses.
cluster_down() {
  if [[ -z $(leftovers) && ! -e $STATE/etcd ]]; then
    rm -f "$STATE/env"
    step "'$INSTANCE' is not running"
    return
  fi
  step "stopping '$INSTANCE'"
  cluster_stop
  rm -f "$STATE/env"
  [[ $1 != true ]] || return 0
  rm -rf "${STATE:?}"/{etcd,certs,node,registry,registry.yaml,git,kubeconfig,audit-policy.yaml}
  remember MODE ''
}

# require_control_plane: the API server alone can be taken away only where nothing but a control plane runs.
require_control_plane() {
  [[ $(recall MODE) == control-plane ]] && is_running etcd && return
  die "'$INSTANCE' is not a running control plane without a node" "hack/cluster up --name $INSTANCE --control-plane-only starts one."
}

require_node() {
  [[ $(recall MODE) == node ]] && is_running node && return
  die "'$INSTANCE' has no node running" "hack/cluster up --name $INSTANCE starts one."
}

# cluster_stop_sources: Git server and registry away, all else at work.
cluster_stop_sources() {
  local service
  for service in "${SOURCES[@]}"; do stop_service "$service"; done
  step "stopped the Git server and the registry of '$INSTANCE'"
}

# cluster_start_sources: with the data and at the addresses that they had.
cluster_start_sources() {
  NETWORK=$(recall NETWORK)
  cluster_stop_sources
  start_registry "$(node_tools)"
  start_git_server
  step "running again: the Git server and the registry of '$INSTANCE'"
}

# cluster_start_api NEW_AUTHORITY: true or false.
cluster_start_api() {
  find_servers false
  restart_api_server "$1" "${WITHOUT_NODE[@]}"
  step "running again: $(describe)"
}

# cluster_next_authority: its certificate, before anything is signed by it.
cluster_next_authority() {
  make_authority "$STATE/certs"
  next_authority
  cat "$CERTS/next-ca.crt"
}

# leftovers: the services that have a record, whether they live or not.
leftovers() {
  local service
  for service in "${SERVICES[@]}"; do [[ ! -e $STATE/run/$service.pid ]] || printf '%s\n' "$service"; done
}

is_cluster_up() {
  local service
  [[ -n $(leftovers) && -s $STATE/env ]] || return 1
  for service in $(leftovers); do is_running "$service" || return 1; done
  api_get /readyz || return 1
  [[ $(recall MODE) == node ]] || return 0
  for service in "${SOURCES[@]}"; do is_running "$service" || return 1; done
  is_node_ready
}

cluster_status() {
  local service health
  [[ -n $(leftovers) ]] || { printf "'%s' is not running\n" "$INSTANCE"; return 1; }
  for service in $(leftovers); do
    if health=$(pid_of "$service"); then health="pid $health"; else health="not running; log: $STATE/logs/$service.log"; fi
    printf '%-24s %s\n' "$service" "$health"
  done
  is_cluster_up || { printf "'%s' is not healthy: 'hack/cluster up --name %s' mends it\n" "$INSTANCE" "$INSTANCE"; return 1; }
  printf '%s\n' "$(describe)"
}

describe() { printf "'%s', Kubernetes %s at %s" "$INSTANCE" "$(env_value KUBERNETES_VERSION)" "$(sed -n 's/^ *server: //p' "$STATE/kubeconfig")"; }
env_value() { sed -n "s/^$1=//p" "$STATE/env" 2>/dev/null || true; }

write_cluster_env() {
  local values=(KUBECONFIG "$STATE/kubeconfig" KUBERNETES_VERSION "$VERSION" CLUSTER_MODE "$(recall MODE)")
  [[ $(recall MODE) != node ]] || values+=(
    REGISTRY "127.0.0.1:$(recall REGISTRY_PORT)" WEB_IMAGE "127.0.0.1:$(recall REGISTRY_PORT)/web:1"
    GIT_URL "git://$NETWORK.64.1:$(recall GIT_PORT)" GIT_FOLDER "$STATE/git"
    HOST_ADDRESS "$NETWORK.64.1" NODE_ADDRESS "$NETWORK.64.2")
  write_env "$STATE/env" "${values[@]}"
}
