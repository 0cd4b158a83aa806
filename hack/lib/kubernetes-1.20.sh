# shellcheck shell=bash
# How Kubernetes 1.20.2 is made from Debian bookworm's source package (the full upstream tree, with its dependencies).

readonly KUBERNETES_VERSION=1.20.2

# Measured: 8 CPU minutes for everything, more than half of them for what comes first.
estimate_minutes() { local cores; cores=$(nproc); printf '%s\n' $(((5 + $# / 2 + cores - 1) / cores)); }

# build_id: stands for what is done to the source, and how it is compiled. Names have it of what must not be taken from another recipe.
build_id() { declare -f prepare_tree mend_validation generate_openapi build_binary | sha256sum | cut -c1-12; }

prepare_tree() {
  local root=$WORK/root source
  source=$WORK/source-$(build_id)
  if [[ ! -d $source ]]; then
    rm -rf "$WORK"/source*   # of another recipe; what the compiler has in its cache still serves
    step "downloading the source, Go 1.19 and etcd from Debian's archive"
    open_archive bookworm "$WORK/archive"
    # reflect2: the tree's own copy (1.0.1) does not know the map iterator of Go 1.18 and later. The API server then builds
    # and runs, and dies with "unexpected fault address" under its first load of custom resources.
    unpack_packages "$root" golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev etcd-server
    unpack_source kubernetes "$source"
  fi
  rm -rf "$source/vendor/github.com/modern-go/reflect2"
  cp -rL "$root/usr/share/gocode/src/github.com/modern-go/reflect2" "$source/vendor/github.com/modern-go/reflect2"
  mend_validation "$source/vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go"

  # The tree predates modules as its way of building: it has to lie at its import path.
  mkdir -p "$WORK/gopath/src/k8s.io"
  ln -sfn "$source" "$WORK/gopath/src/k8s.io/kubernetes"
  cd "$WORK/gopath/src/k8s.io/kubernetes" || exit
  # shellcheck disable=SC2034   # for go_build
  GO=$root/usr/lib/go-1.19/bin/go
  export GOROOT=$root/usr/lib/go-1.19 GOPATH=$WORK/gopath GOCACHE=$WORK/go-cache GO111MODULE=off CGO_ENABLED=0 GOFLAGS=
  [[ -s pkg/generated/openapi/zz_generated.openapi.go ]] || generate_openapi
}

# mend_validation FILE: the check of custom resources' types takes "nil or zero" for null, by a comparison that is never true with the
# Go of that time. From Go 1.16 on it is true of empty strings, and the API server refuses them: 'must be of type string: "null"'
# (kubernetes/kubernetes#99804). FILE is the only place that the servers have this from; it may be mended already.
mend_validation() {
  sed -i 's/^\tif data == nil || reflect\.DeepEqual(reflect\.Zero(reflect\.TypeOf(data)), reflect\.ValueOf(data)) {$/\tif data == nil {/' "$1"
  grep -qxF $'\tif data == nil {' "$1" || die "$1 is not as expected: the check for null is not there" \
    "The source is another one than mend_validation in hack/lib/kubernetes-1.20.sh was written for."
}

# generate_openapi: the API server does not compile without this file, and the source package does not carry it.
generate_openapi() {
  local packages
  go_build openapi-gen ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  step "generating the OpenAPI definitions"
  packages=$(grep -rlE --include='*.go' '\+k8s:openapi-gen=' cmd pkg plugin vendor/k8s.io staging/src/k8s.io |
    grep -vE '_test\.go$|/zz_generated|/code-generator/|/sample-apiserver/' |
    xargs -n 1 dirname | sort -u | sed -e 's#^staging/src/#vendor/#' -e 's#^#k8s.io/kubernetes/#' | paste -sd,)
  # To another name first: a killed run must not leave half a file where the test above looks.
  "$WORK/bin/openapi-gen" -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -O partial.openapi \
    -h hack/boilerplate/boilerplate.generatego.txt -r "$WORK/openapi-violations" >"$WORK/openapi-gen.log" 2>&1 ||
    { tail_of "$WORK/openapi-gen.log"; die "openapi-gen failed; its output is in $WORK/openapi-gen.log"; }
  mv pkg/generated/openapi/partial.openapi.go pkg/generated/openapi/zz_generated.openapi.go
}

build_binary() {
  local package version=''
  if [[ $1 == etcd ]]; then cp "$WORK/root/usr/bin/etcd" "$WORK/bin/etcd"; return; fi
  # Two packages say which version it is; the second is the one that /version answers with.
  for package in component-base/version client-go/pkg/version; do
    package=k8s.io/kubernetes/vendor/k8s.io/$package
    version+=" -X $package.gitVersion=v$KUBERNETES_VERSION -X $package.gitMajor=1 -X $package.gitMinor=20"
  done
  go_build "$1" -tags 'providerless dockerless' -ldflags "-s -w$version" "./cmd/$1"
}
