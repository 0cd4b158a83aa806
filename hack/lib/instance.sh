# shellcheck shell=bash
# An instance: a name and the folder .local/NAME of this checkout, which holds all it has.

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck disable=SC2034   # read by the scripts that source this
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/slipway

# open_instance NAME WHAT: sets INSTANCE, STATE and ID (eight letters that tell this folder from every other on the machine).
# WHAT is cluster or postgres: these have settings and a lock each, so that they do not wait for each other.
open_instance() {
  [[ $1 =~ ^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$ ]] ||
    die "'$1' is not an instance name" "Use lower-case letters, digits and hyphens, at most 30."
  INSTANCE=$1
  STATE=$REPO/.local/$INSTANCE
  SETTINGS=$STATE/$2.settings
  # shellcheck disable=SC2034   # as above
  ID=$(printf '%s' "$STATE" | sha256sum | cut -c1-8)
}

# lock_instance: two runs on one instance wait for each other; freed when this script ends, however it ends.
lock_instance() {
  mkdir -p "$STATE/run" "$STATE/logs"
  exec {LOCK}>"$SETTINGS.lock"
  flock --nonblock "$LOCK" && return
  step "another run works on '$INSTANCE'; waiting for it"
  flock --timeout 900 "$LOCK" || die "another run has worked on '$INSTANCE' for 15 minutes" "See 'ps', end it, and try again."
}

# remember KEY VALUE, recall KEY: what an instance keeps from one run to the next.
remember() {
  (umask 077; { grep -v "^$1=" "$SETTINGS" 2>/dev/null || true; printf '%s=%s\n' "$1" "$2"; } >"$SETTINGS.new")
  mv "$SETTINGS.new" "$SETTINGS"
}
recall() { sed -n "s/^$1=//p" "$SETTINGS" 2>/dev/null || true; }

# write_env FILE KEY VALUE...: the file other programs read, whole or not at all; for its owner only, it may hold a password.
write_env() {
  local file=$1
  shift
  (umask 077; while (($#)); do printf '%s=%s\n' "$1" "$2"; shift 2; done >"$file.new")
  mv "$file.new" "$file"
}

# ensure_cached MAKE FILE ARGUMENTS...: runs MAKE, which makes FILE whole or not at all, unless it is there; one run at a time.
ensure_cached() {
  local file=$2 lock
  [[ ! -s $file ]] || return 0
  mkdir -p "$CACHE"
  exec {lock}>"$file.lock"
  flock "$lock"
  [[ -s $file ]] || "$@"
  exec {lock}>&-
}

# print_exports FILE: the same for a shell's eval.
print_exports() {
  local key value
  while IFS='=' read -r key value; do printf 'export %s=%q\n' "$key" "$value"; done <"$1"
}

# on_failure FUNCTION: a run that fails or is interrupted (Ctrl-C, SIGTERM) calls it before it ends.
on_failure() {
  ON_FAILURE=$1
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

clean_up() {
  local status=$?
  trap '' INT TERM
  ((status == 0)) || "$ON_FAILURE"
  exit "$status"
}
