# shellcheck shell=bash
# Which Kubernetes binaries an instance runs, and what their version means for their flags.

MINOR=   # the API server's minor version, set by find_servers; flags are chosen by it

# find_servers NODE: sets ASSETS and MINOR; builds what is missing when nothing was given. NODE is true or false.
find_servers() {
  local output arguments=()
  if [[ -n ${KUBEBUILDER_ASSETS:-} ]]; then
    ASSETS=$KUBEBUILDER_ASSETS
    [[ $ASSETS == /* ]] || ASSETS=$OLDPWD/$ASSETS   # the scripts work in their own folder
    for output in kube-apiserver etcd; do
      [[ -x $ASSETS/$output ]] || die "KUBEBUILDER_ASSETS is $ASSETS, which has no $output" \
        "Name a folder that has kube-apiserver and etcd (setup-envtest makes one), or unset it: then they are built."
    done
  else
    [[ $1 != true ]] || arguments=(--node)
    ASSETS=$("$REPO/hack/build-kubernetes" "${arguments[@]}")
  fi
  output=$("$ASSETS/kube-apiserver" --version) || die "$ASSETS/kube-apiserver does not run on this machine"
  [[ $output =~ v1\.([0-9]+)\.[0-9]+ ]] || die "$ASSETS/kube-apiserver says it is '$output', which is not a version this knows"
  VERSION=${BASH_REMATCH[0]#v}
  MINOR=${BASH_REMATCH[1]}
  ((MINOR >= 20)) || die "Kubernetes $VERSION is too old" "1.20 is the oldest that Slipway runs on."
}

# binary NAME [OLDER]: its path: beside the API server, else from a build of ours of a version that may be combined with it.
# OLDER is how many minor versions it may be behind (https://kubernetes.io/releases/version-skew-policy); never ahead.
binary() {
  local minor folder
  if [[ -x $ASSETS/$1 ]]; then printf '%s\n' "$ASSETS/$1"; return; fi
  for ((minor = MINOR; minor >= MINOR - ${2:-0}; minor--)); do
    for folder in "$CACHE"/kubernetes-1."$minor".*/; do
      if [[ -x $folder$1 ]]; then printf '%s\n' "$folder$1"; return; fi
    done
  done
  return 1
}

# since MINOR: whether the API server is at least that new.
since() { ((MINOR >= $1)); }
