# shellcheck shell=bash
# The node: containerd, kubelet, kube-proxy, in namespaces of their own (lib/node-init), and the registry beside it.

# require_node_rights: what a node needs of the machine, before anything is started.
require_node_rights() {
  ((EUID == 0)) || die "a node needs root (namespaces, mounts, interfaces)" \
    "Run it as root, or without a node: hack/cluster up --control-plane-only"
  ensure_commands "a node" ip=iproute2 iptables=iptables conntrack=conntrack socat=socat git=git kubectl=kubernetes-client
}

# node_tools: the folder with the node's programs from Debian's archive, unpacked privately and not installed: their packages
# would start services, and Debian's containerd would replace the one that a Docker installation brings.
node_tools() {
  local root=$CACHE/node-tools-bookworm
  if [[ ! -d $root ]]; then
    exec {tools_lock}>"$root.lock"
    flock "$tools_lock"
    if [[ ! -d $root ]]; then
      step "downloading containerd, runc, CNI plugins, registry and busybox from Debian's archive"
      rm -rf "$root.partial"
      open_archive bookworm "$root.partial/archive"
      unpack_packages "$root.partial" containerd runc containernetworking-plugins docker-registry busybox-static
      rm -rf "$root.partial/archive"
      mv "$root.partial" "$root"
    fi
    exec {tools_lock}>&-
  fi
  printf '%s\n' "$root"
}

# start_namespaces: the node as an empty room, connected to this machine. The API server needs its address, so it comes first.
start_namespaces() {
  local folder
  choose_network
  # Mount points for what the node sees in these places; nothing is ever written to the machine's own.
  for folder in /var/lib/kubelet /var/lib/cni /var/log/pods /var/log/containers; do mkdir -p "$folder"; done
  mkdir -p "$STATE/node"
  launch node unshare --net --mount --pid --fork --kill-child --mount-proc "$REPO/hack/lib/node-init" "$STATE/node"
  await node "$(patience 10)" is_node_open
  connect_node "$(pid_of node)"
}

is_node_open() { local pid; pid=$(pid_of node) && [[ -e /proc/$pid/root/run/node-ready ]]; }

# in_node COMMAND...: runs a command in the node's namespaces. (unshare itself is in all but the pid namespace, which is its child's.)
in_node() {
  local pid
  pid=$(pid_of node) || die "the node of '$INSTANCE' does not run" "hack/cluster up --name $INSTANCE starts it."
  nsenter --mount="/proc/$pid/ns/mnt" --net="/proc/$pid/ns/net" --pid="/proc/$pid/ns/pid_for_children" -- "$@"
}

# launch_in_node NAME COMMAND...: as launch. nsenter stays outside as the parent; its record is enough, because its child dies with
# the node, and its signals reach the whole process group.
launch_in_node() {
  local name=$1 pid
  shift
  pid=$(pid_of node)
  launch "$name" nsenter --mount="/proc/$pid/ns/mnt" --net="/proc/$pid/ns/net" --pid="/proc/$pid/ns/pid_for_children" -- "$@"
}

start_node() {
  local tools program
  tools=$(node_tools)
  for program in kube-scheduler kubelet kube-proxy; do
    binary "$program" "$(allowed_lag "$program")" >/dev/null || die "there is no $program that goes with Kubernetes $VERSION" \
      "KUBEBUILDER_ASSETS ($ASSETS) has none, and no build of ours is near enough. Use --control-plane-only."
  done
  step "starting the node: containerd, kubelet, kube-proxy, kube-scheduler, registry, Git server"
  start_registry "$tools"
  start_git_server
  write_node_files "$tools"
  start_containerd "$tools"
  start_scheduler
  start_kubelet
  launch_in_node kube-proxy "$(binary kube-proxy 2)" --config="$STATE/node/kube-proxy.yaml"
  await kubelet "$(patience 90)" is_node_ready
}

# allowed_lag PROGRAM: how many minor versions it may be behind the API server.
allowed_lag() { case $1 in kube-scheduler) echo 1 ;; *) echo 2 ;; esac; }

start_containerd() {
  local pause=$STATE/node/pause.tar
  launch_in_node containerd env PATH="$1/usr/bin:$1/usr/sbin:$PATH" "$1/usr/bin/containerd" --config "$STATE/node/containerd.toml"
  await containerd "$(patience 30)" in_node "$1/usr/bin/ctr" version >/dev/null 2>&1
  # The image that holds a pod's namespaces; there is no registry to take it from.
  build_image pause slipway.local/pause:1 "$pause"
  import_image "$pause"
}

# import_image FILE: an OCI archive into the node's own store, for pods with imagePullPolicy Never.
import_image() {
  local output
  output=$(in_node "$(node_tools)/usr/bin/ctr" --namespace k8s.io images import "$1" 2>&1) ||
    die "containerd did not take the image $1: $output"
}

# has_image REFERENCE: whether it is in the node's own store.
has_image() { in_node "$(node_tools)/usr/bin/ctr" --namespace k8s.io images list --quiet | grep -qxF "$1"; }

start_scheduler() {
  local flags=(--kubeconfig="$CERTS/scheduler.kubeconfig" --leader-elect=false --secure-port=0)
  since 24 || flags+=(--port=0)
  issue scheduler /CN=system:kube-scheduler
  write_kubeconfig "$CERTS/scheduler.kubeconfig" scheduler "$API"
  launch kube-scheduler "$(binary kube-scheduler 1)" "${flags[@]}"
}

start_kubelet() {
  local flags
  flags=(
    --config="$STATE/node/kubelet.yaml" --kubeconfig="$CERTS/kubelet.kubeconfig" --cert-dir="$STATE/node/kubelet-certs"
    --node-ip="$NETWORK.64.2" --hostname-override="slipway-$INSTANCE"
  )
  # How it is told where containerd is has moved from flags into its configuration.
  since 27 || flags+=(--container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock)
  make_cgroups
  launch_in_node kubelet "$(binary kubelet 2)" "${flags[@]}"
}

is_node_ready() {
  KUBECONFIG=$STATE/kubeconfig kubectl get node "slipway-$INSTANCE" \
    -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null | grep -q True
}
