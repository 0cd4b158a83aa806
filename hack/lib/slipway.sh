# shellcheck shell=bash
# The image of slipway: the published binary on what it needs of Debian's, and neither shell nor package manager. What is below the
# binary is made once per user, and kept in the cache under a name that stands for what it is made of.

readonly BASE_SUITE=bookworm
readonly BASE_PACKAGES=(base-files ca-certificates libc6 libgcc-s1 libssl3 libstdc++6)

# complete_base ROOT: what else the packages need, which their scripts would have made; and without what nothing here reads.
complete_base() {
  # Without it the C library asks only DNS, also for localhost.
  printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
  printf 'root:x:0:0:root:/root:/sbin/nologin\nslipway:x:65532:65532:slipway:/:/sbin/nologin\n' >"$1/etc/passwd"
  printf 'root:x:0:\nslipway:x:65532:\n' >"$1/etc/group"
  mkdir -p "$1"/{etc/ssl/certs,usr/lib/ssl}
  cat "$1"/usr/share/ca-certificates/mozilla/*.crt >"$1/etc/ssl/certs/ca-certificates.crt"
  # Where OpenSSL looks by itself.
  ln -sf /etc/ssl/certs/ca-certificates.crt "$1/usr/lib/ssl/cert.pem"
  rm -rf "$1"/usr/{lib/*/gconv,sbin,share/ca-certificates}
}

# slipway_config VERSION LAYER_DIGESTS
slipway_config() {
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"User":"65532:65532","Env":["PATH=/usr/bin"],"Entrypoint":["/usr/bin/slipway"],"Labels":{"org.opencontainers.image.title":"slipway","org.opencontainers.image.version":"%s"}},"rootfs":{"type":"layers","diff_ids":[%s]}}' \
    "$(dpkg --print-architecture)" "$1" "$2"
}

base_id() { { printf '%s\n' "$BASE_SUITE" "${BASE_PACKAGES[@]}"; declare -f complete_base; } | sha256sum | cut -c1-12; }

# slipway_reference BINARY: another one for every binary.
slipway_reference() {
  local id
  id=$({ base_id; slipway_config '' '""'; cat "$1"; } | sha256sum | cut -c1-12)
  printf 'slipway.local/slipway:%s\n' "$id"
}

# make_base FILE: as a layer.
make_base() {
  local folder=$1.partial
  step "making what the image of slipway stands on from Debian's packages (once)"
  rm -rf "$folder"
  open_archive "$BASE_SUITE" "$folder/archive"
  unpack_packages "$folder/root" "${BASE_PACKAGES[@]}"
  complete_base "$folder/root"
  pack_layer "$folder/root" "$1.new"
  rm -rf "$folder"
  mv "$1.new" "$1"
}

# check_binary FILE: what runs here by itself runs in the image. Sets SLIPWAY_VERSION.
check_binary() {
  [[ -x $1 ]] || die "there is no program $1" "Without --binary and SLIPWAY_BIN the one of this checkout is published and taken."
  [[ ! -e ${1%/*}/${1##*/}.dll ]] || die "$1 needs the files beside it: it was built, and not published as one file"
  SLIPWAY_VERSION=$("$1" --version) || die "$1 does not run on this machine"
}

# provide_slipway BINARY: brings its image into the node's own store, for pods with imagePullPolicy IfNotPresent or Never; prints its
# reference.
provide_slipway() {
  local reference base folder
  check_binary "$1"
  reference=$(slipway_reference "$1")
  if ! has_image "$reference"; then
    base=$CACHE/slipway-base-$(base_id).layer
    ensure_cached make_base "$base"
    step "bringing slipway's image to the node"
    folder=$(mktemp -d)
    mkdir -p "$folder/root/usr/bin"
    cp "$1" "$folder/root/usr/bin/slipway"
    pack_layer "$folder/root" "$folder/layer-2"
    cp "$base" "$folder/layer-1"
    write_layout "$folder" "$reference" slipway_config "$SLIPWAY_VERSION"
    archive_layout "$folder" "$folder.tar"
    rm -rf "$folder"
    import_image "$folder.tar"
    rm -f "$folder.tar"
  fi
  printf '%s\n' "$reference"
}
