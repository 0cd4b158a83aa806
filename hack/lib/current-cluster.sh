# shellcheck shell=bash
# CLUSTER=current: a cluster that is already there, as the person's own kubeconfig names it. Nothing is started and nothing stopped.

current_up() {
  local context server answer
  ensure_commands "using your cluster" kubectl=kubernetes-client
  context=$(kubectl config current-context 2>/dev/null) || die "CLUSTER=current, but no kubeconfig names a current context" \
    "Set KUBECONFIG, or choose one: kubectl config use-context NAME"
  server=$(kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}')
  [[ ! -e $STATE/etcd ]] || die "'$INSTANCE' is a cluster of ours" "Use another name (--name), or first: hack/cluster down --name $INSTANCE"
  step "CLUSTER=current: context '$context', server $server"
  if [[ -n ${CLUSTER_CONFIRM:-} ]]; then
    [[ $CLUSTER_CONFIRM == "$context" ]] || die "CLUSTER_CONFIRM is '$CLUSTER_CONFIRM', the current context is '$context'; nothing was done"
  elif [[ -t 0 ]]; then
    read -rp "Install and test Slipway in this cluster? [y/N] " answer
    [[ $answer == [yY]* ]] || die "not confirmed; nothing was done"
  else
    die "there is no terminal to ask on; nothing was done" "If this is the cluster you mean: CLUSTER_CONFIRM='$context'"
  fi
  write_env "$STATE/env" KUBECONFIG "${KUBECONFIG:-$HOME/.kube/config}" KUBE_CONTEXT "$context" CLUSTER_MODE current
  step "using it; 'hack/cluster env --name $INSTANCE' prints how"
}

is_current() { grep -qs '^CLUSTER_MODE=current$' "$STATE/env"; }
