# shellcheck shell=bash
# etcd, kube-apiserver and kube-controller-manager.

# start_control_plane ADDRESS SERVICE_RANGE: the API server listens on ADDRESS only, where its clients (and a node) reach it.
start_control_plane() {
  local address=$1 services=$2
  step "starting Kubernetes $VERSION: etcd, kube-apiserver, kube-controller-manager"
  API=https://$address:$(port_for API_PORT)
  issue_certificates "$address" "${services%.*}.1"
  start_etcd "http://127.0.0.1:$(port_for ETCD_PORT)" "http://127.0.0.1:$(port_for ETCD_PEER_PORT)"
  start_api_server "$address" "$services" "http://127.0.0.1:$(recall ETCD_PORT)"
  start_controller_manager
}

# restart_api_server NEW_AUTHORITY ADDRESS SERVICE_RANGE: and the controllers, which would come back by themselves, but only after most
# of a minute.
restart_api_server() {
  local address=$2 services=$3
  API=https://$address:$(recall API_PORT)
  stop_service kube-controller-manager
  stop_service kube-apiserver KILL   # the watches of its clients would keep it from ending for as long as it is allowed
  make_authority "$STATE/certs"
  if [[ $1 == true ]]; then
    renew_authority
    issue_certificates "$address" "${services%.*}.1"
  fi
  start_api_server "$address" "$services" "http://127.0.0.1:$(recall ETCD_PORT)"
  start_controller_manager
}

issue_certificates() {
  make_authority "$STATE/certs"
  issue apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:$1,IP:$2,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  issue admin /O=system:masters/CN=slipway-admin
  issue controller-manager /CN=system:kube-controller-manager
  write_kubeconfig "$STATE/kubeconfig" admin "$API"
  write_kubeconfig "$CERTS/controller-manager.kubeconfig" controller-manager "$API"
}

start_etcd() {
  local client=$1 peer=$2
  mkdir -p "$STATE/etcd"
  chmod 700 "$STATE/etcd"
  # Without fsync: a power cut may lose what is here, and every write is several times faster.
  launch etcd "$ASSETS/etcd" --name "$INSTANCE" --data-dir "$STATE/etcd" --unsafe-no-fsync \
    --listen-client-urls "$client" --advertise-client-urls "$client" --listen-peer-urls "$peer" \
    --initial-advertise-peer-urls "$peer" --initial-cluster "$INSTANCE=$peer"
  await etcd "$(patience 30)" curl -sf -o /dev/null --noproxy '*' "$client/health"
}

start_api_server() {
  local address=$1 services=$2 etcd=$3 flags
  flags=(
    --etcd-servers="$etcd" --bind-address="$address" --advertise-address="$address" --secure-port="$(recall API_PORT)"
    --service-cluster-ip-range="$services" --authorization-mode='Node,RBAC' --allow-privileged=true
    --cert-dir="$CERTS" --client-ca-file="$CERTS/ca.crt" --tls-cert-file="$CERTS/apiserver.crt" --tls-private-key-file="$CERTS/apiserver.key"
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$CERTS/service-account.pub"
    --service-account-signing-key-file="$CERTS/service-account.key"
    # Any certificate of system:masters lets it ask the kubelet, for "kubectl logs" and "kubectl exec".
    --kubelet-client-certificate="$CERTS/admin.crt" --kubelet-client-key="$CERTS/admin.key" --kubelet-preferred-address-types=InternalIP
    --audit-policy-file="$STATE/audit-policy.yaml" --audit-log-path="$STATE/logs/audit.log" --audit-log-maxbackup=2
    --audit-log-maxsize="$([[ $(recall AUDIT_READS) == true ]] && echo 200 || echo 8)"
  )
  audit_policy >"$STATE/audit-policy.yaml"
  # A loopback address is no valid endpoint of the "kubernetes" service; without a node nobody would use that either.
  [[ $address != 127.* ]] || flags+=(--endpoint-reconciler-type=none)
  # Without a controller-manager nobody makes service accounts, and no pod would be admitted.
  binary kube-controller-manager 1 >/dev/null || flags+=(--disable-admission-plugins=ServiceAccount)
  launch kube-apiserver "$ASSETS/kube-apiserver" "${flags[@]}"
  await kube-apiserver "$(patience 60)" api_get /readyz
}

# audit_policy: who wrote which object, as far as people, tests and slipway did; the cluster's own writes would bury that. Where it was
# asked for (--audit-reads), also all that slipway reads and watches, its events and its lease.
audit_policy() {
  printf 'apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n'
  [[ $(recall AUDIT_READS) != true ]] || printf -- '- {level: Metadata, users: ["system:serviceaccount:slipway-system:slipway"]}\n'
  cat <<'YAML'
- {level: None, verbs: [get, list, watch]}
- {level: None, users: ["system:apiserver"]}
- {level: None, resources: [{group: "", resources: [events]}, {group: events.k8s.io}, {group: coordination.k8s.io}]}
- {level: Metadata, userGroups: ["system:masters"]}
- {level: Metadata, users: ["system:serviceaccount:slipway-system:slipway"]}
- {level: None}
YAML
}

start_controller_manager() {
  local program flags
  # The skew policy allows it to be one minor version older than the API server.
  if ! program=$(binary kube-controller-manager 1); then
    warn "no kube-controller-manager for Kubernetes $VERSION beside the API server: nothing rolls out, no Job runs, nothing is garbage collected, namespaces stay in Terminating"
    return
  fi
  flags=(
    --kubeconfig="$CERTS/controller-manager.kubeconfig" --use-service-account-credentials=true --root-ca-file="$CERTS/ca.crt"
    --service-account-private-key-file="$CERTS/service-account.key" --leader-elect=false --secure-port=0
    --flex-volume-plugin-dir="$STATE/run/volume-plugins"
    # Its defaults (20 requests a second) would be what a test at scale measures.
    --kube-api-qps=300 --kube-api-burst=600
  )
  since 24 || flags+=(--port=0)   # the insecure port; gone in 1.24
  launch kube-controller-manager "$program" "${flags[@]}"
  await kube-controller-manager "$(patience 60)" api_get /api/v1/namespaces/default/serviceaccounts/default
}

# api_get PATH: a request as the administrator; the proxy of the machine, if any, has no business there.
api_get() {
  curl -sf -o /dev/null --max-time 5 --noproxy '*' --cacert "$STATE/certs/ca.crt" --cert "$STATE/certs/admin.crt" \
    --key "$STATE/certs/admin.key" "$(sed -n 's/^ *server: //p' "$STATE/kubeconfig")$1"
}
