# Before each of the other scripts. The pod's volumes are at fixed places; tests put others into the environment.
set -eu
export LC_ALL=C
: "${SLIPWAY_WORKSPACE:=/workspace}" "${SLIPWAY_TERMINATION:=/dev/termination-log}"
export HOME="$SLIPWAY_WORKSPACE/home" TMPDIR="$SLIPWAY_WORKSPACE/tmp"
mkdir -p "$HOME" "$TMPDIR"
source="$SLIPWAY_WORKSPACE/source"
image="$SLIPWAY_WORKSPACE/image"

# fail MESSAGE: into the log, and to where the operator finds it.
fail() {
  printf '%s\n' "$1" >&2
  printf '%s' "$(printf '%s' "$1" | cut -c 1-1000)" >"$SLIPWAY_TERMINATION"
  exit 1
}

# last_line FILE: the last line of it that says something.
last_line() { grep -v '^[[:space:]]*$' "$1" | tail -n 1; }

# folder PATH WHAT: prints the real path of a folder of the source; links must not lead out of it.
folder() {
  [ -d "$source/$1" ] || fail "the source has no folder $1 ($2)"
  root=$(cd -P -- "$source" && pwd -P)
  real=$(cd -P -- "$source/$1" && pwd -P)
  case $real/ in
    "$root"/*) printf '%s' "$real" ;;
    *) fail "$1 ($2) leads out of the source" ;;
  esac
}

# The registries that are spoken to over plain HTTP; skopeo and buildah both read this file.
conf="$HOME/.config/containers/registries.conf.d"
mkdir -p "$conf"
: >"$conf/slipway.conf"
for registry in $(printf '%s' "${SLIPWAY_INSECURE_REGISTRIES:-}" | tr ',' ' '); do
  printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$registry" >>"$conf/slipway.conf"
done

# A policy on signatures is the builder image's to have; without the file, skopeo refuses to do anything.
policy=''
[ -f /etc/containers/policy.json ] || policy=--insecure-policy
