# shellcheck shell=bash
# Packages of the system, installed only when a command is missing.

readonly POLICY=/usr/sbin/policy-rc.d POLICY_MARK='slipway: no services during this install'

# install_packages PURPOSE PACKAGE...
install_packages() {
  local purpose=$1 elevate=()
  shift
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null || ! { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
      die "$purpose needs these packages: $*" "Install them as root: apt-get install $*"
    fi
    elevate=(sudo)
  fi
  command -v apt-get >/dev/null || die "$purpose needs these Debian packages, or what your system calls them: $*"
  step "installing $* (for $purpose)"
  "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive bash -c "$(declare -f install_without_services new_units); $(declare -p POLICY POLICY_MARK); install_without_services \"\$@\"" \
    bash "$@" >&2 || die "installing $* failed; apt's own words are above" "Mend that, or install them by hand; then run the same command again."
}

# As root. A package that brings a service starts it when it is installed, and again at every boot. Nobody asked for that, so
# the first is forbidden with policy-rc.d (Debian's own switch) and the second undone for the packages that are new.
install_without_services() (
  set -euo pipefail
  exec 9>/run/lock/slipway-apt.lock
  flock 9
  restore_policy() {
    ! grep -qs "$POLICY_MARK" "$POLICY" || rm -f "$POLICY"
    [[ ! -e $POLICY.before-slipway ]] || mv "$POLICY.before-slipway" "$POLICY"
  }
  restore_policy   # what a killed run left
  trap restore_policy EXIT
  trap 'exit 130' INT TERM
  before=$(dpkg-query -f '${Package}\n' -W)
  # An index is there and knows the packages, or it is fetched.
  apt-get install -qq --simulate --no-install-recommends "$@" >/dev/null 2>&1 || apt-get update -qq
  [[ ! -e $POLICY ]] || mv "$POLICY" "$POLICY.before-slipway"
  printf '#!/bin/sh\n# %s\nexit 101\n' "$POLICY_MARK" >"$POLICY"
  chmod 755 "$POLICY"
  apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" 9>&-
  [[ ! -d /run/systemd/system ]] || new_units "$before" | xargs -r systemctl disable --quiet
)

# new_units PACKAGES_BEFORE: the services of packages that were not installed before.
new_units() {
  local package
  dpkg-query -f '${Package}\n' -W | grep -vxFf <(printf '%s\n' "$1") | while read -r package; do
    dpkg -L "$package" | sed -n 's#^\(/usr\)\?/lib/systemd/system/\([^/@]*\.\(service\|socket\)\)$#\2#p'
  done
}

# ensure_commands PURPOSE COMMAND=PACKAGE...: installs the packages of the commands that are missing.
ensure_commands() {
  local purpose=$1 pair packages=()
  shift
  for pair; do
    command -v "${pair%%=*}" >/dev/null || packages+=("${pair#*=}")
  done
  ((${#packages[@]} == 0)) || install_packages "$purpose" "${packages[@]}"
}
