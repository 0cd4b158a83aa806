# shellcheck shell=bash
# Files from Debian's archive without installing anything: a private apt state, so that neither the machine's sources nor
# its package database change and no root is needed. Packages are unpacked (dpkg -x), never configured: no service starts.

# debian_mirror: the archive that this machine already uses, else Debian's own.
# shellcheck disable=SC2016   # the format is a template of apt's, not an expansion of the shell's
debian_mirror() {
  local release uri
  while read -r release uri; do
    case $release in
      bookworm|trixie|forky|sid|stable|testing|unstable) printf '%s\n' "${uri%/}"; return ;;
    esac
  done < <(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 'Component: main' 2>/dev/null)
  printf 'http://deb.debian.org/debian\n'
}

# open_archive SUITE FOLDER: fetches the index of SUITE into FOLDER; the functions below then read it.
open_archive() {
  local suite=$1 mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg options=
  command -v apt-get >/dev/null || die "apt-get is missing: this builds from Debian's source packages" \
    "On another system set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd (setup-envtest makes one)."
  ARCHIVE=$2
  mirror=$(debian_mirror)
  [[ ! -r $keyring ]] || options=" [signed-by=$keyring]"
  mkdir -p "$ARCHIVE"/{lists/partial,cache/archives/partial,preferences.d,apt.conf.d}
  printf 'deb%s %s %s main\ndeb-src%s %s %s main\n' "$options" "$mirror" "$suite" "$options" "$mirror" "$suite" \
    >"$ARCHIVE/sources.list"
  archive_apt apt-get update -qq ||
    die "could not read the index of Debian $suite from $mirror" "Check the network; then run the same command again."
}

# archive_apt TOOL ARGUMENTS...: an apt tool that sees only the private state.
archive_apt() {
  local tool=$1
  shift
  # Sandbox::User: as root, apt would drop to a user that may not be able to enter this folder.
  "$tool" -o Dir::State::lists="$ARCHIVE/lists" -o Dir::Etc::sourcelist="$ARCHIVE/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts="$ARCHIVE/preferences.d" -o Dir::State::status=/dev/null \
    -o Dir::Cache="$ARCHIVE/cache" -o Dir::Cache::pkgcache='' -o Dir::Cache::srcpkgcache='' -o Debug::NoLocking=1 \
    -o Acquire::Retries=3 -o Acquire::Languages=none -o APT::Sandbox::User="$(id -un)" "$@"
}

# archive_version SOURCE: the newest version of a source package in the suite; empty if it has none.
archive_version() { archive_apt apt-cache showsrc --only-source "$1" 2>/dev/null | sed -n 's/^Version: //p' | sort -V | tail -n 1; }

# unpack_packages ROOT PACKAGE...: the packages' files below ROOT.
unpack_packages() {
  local root=$1 downloads deb
  shift
  downloads=$(mktemp -d "$ARCHIVE/debs.XXXXXX")
  (cd "$downloads" && archive_apt apt-get download -qq "$@") ||
    die "could not download $* from Debian's archive" "Check the network; then run the same command again."
  mkdir -p "$root"
  for deb in "$downloads"/*.deb; do dpkg-deb -x "$deb" "$root"; done
  rm -rf "$downloads"
}

# unpack_source SOURCE FOLDER: the upstream tree of a source package as FOLDER, whole or not at all.
unpack_source() {
  local source=$1 folder=$2 downloads
  downloads=$(mktemp -d "$ARCHIVE/src.XXXXXX")
  (cd "$downloads" && archive_apt apt-get source -qq --download-only --only-source "$source") ||
    die "could not download the source of $source from Debian's archive" "Check the network; then run the same command again."
  rm -rf "$folder.partial"
  mkdir -p "$folder.partial"
  tar -xf "$downloads"/*.orig.tar.* -C "$folder.partial" --strip-components=1
  mv "$folder.partial" "$folder"
  rm -rf "$downloads"
}
