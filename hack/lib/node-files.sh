# shellcheck shell=bash
# The configuration files of the node's programs.

# write_node_files TOOLS
write_node_files() {
  issue kubelet "/O=system:nodes/CN=system:node:slipway-$INSTANCE"
  issue kube-proxy /CN=system:kube-proxy
  write_kubeconfig "$CERTS/kubelet.kubeconfig" kubelet "$API"
  write_kubeconfig "$CERTS/kube-proxy.kubeconfig" kube-proxy "$API"
  containerd_config "$1" >"$STATE/node/containerd.toml"
  mkdir -p "$STATE/node/cni"
  cni_config >"$STATE/node/cni/10-slipway.conflist"
  kubelet_config >"$STATE/node/kubelet.yaml"
  kube_proxy_config >"$STATE/node/kube-proxy.yaml"
}

containerd_config() {
  local snapshotter=overlayfs
  # An overlay cannot lie on an overlay, as in a development container; copies always work.
  [[ $(stat -f -c %T "$STATE") != overlayfs ]] || snapshotter=native
  cat <<TOML
version = 2
root = "$STATE/node/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "slipway.local/pause:1"
  # Where root lacks CAP_SYS_RESOURCE, runc otherwise fails with "can't get final child's PID from pipe".
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$1/usr/lib/cni"
    conf_dir = "$STATE/node/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "$1/usr/sbin/runc"
TOML
}

# Below /run, which ends with the node: after a crash no address stays taken by a pod that is no more.
cni_config() {
  cat <<JSON
{"cniVersion": "0.4.0", "name": "slipway", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true, "ipam": {
    "type": "host-local", "dataDir": "/run/cni-addresses", "ranges": [[{"subnet": "$NETWORK.0.0/18"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
}

kubelet_config() {
  cat <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NETWORK.64.2
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: "$CERTS/ca.crt"}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /slipway-$ID
failSwapOn: false
enforceNodeAllocatable: []
# The machine's disk is not this node's to judge: no eviction until it is really full, and images are never collected,
# since those that were imported cannot be pulled again.
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
resolvConf: /etc/resolv.conf
serializeImagePulls: false
volumePluginDir: /var/lib/kubelet/volume-plugins
YAML
  ! since 27 || printf 'containerRuntimeEndpoint: unix:///run/containerd/containerd.sock\n'
}

# masqueradeAll: replies between pods of one bridge find their way back through the service without the br_netfilter module.
kube_proxy_config() {
  cat <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clusterCIDR: $NETWORK.0.0/18
hostnameOverride: slipway-$INSTANCE
clientConnection: {kubeconfig: "$CERTS/kube-proxy.kubeconfig"}
iptables: {masqueradeAll: true}
# In a namespace these limits of the kernel cannot be set.
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
YAML
}
