# shellcheck shell=bash
# The image that builds images (docs/builds.md): buildah, git and skopeo of Debian's, without Docker. It is made once per user, and
# kept in the cache under a name that stands for what it is made of.

readonly BUILDER_SUITE=bookworm
readonly BUILDER_OPTIONS=(
  --variant=essential '--include=buildah,ca-certificates,git,skopeo' --skip=output/dev
  '--dpkgopt=path-exclude=/usr/share/doc/*' '--dpkgopt=path-exclude=/usr/share/man/*' '--dpkgopt=path-exclude=/usr/share/locale/*'
)

# builder_config LAYER_DIGESTS
builder_config() {
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["/bin/sh"]},"rootfs":{"type":"layers","diff_ids":[%s]}}' \
    "$(dpkg --print-architecture)" "$1"
}

builder_reference() {
  local id
  id=$({ printf '%s\n' "$BUILDER_SUITE" "${BUILDER_OPTIONS[@]}"; builder_config '""'; } | sha256sum | cut -c1-12)
  printf 'slipway.local/builder:%s\n' "$id"
}

# make_builder FILE REFERENCE: as an archive.
make_builder() {
  local folder=$1.partial keyring=/usr/share/keyrings/debian-archive-keyring.gpg arguments=("${BUILDER_OPTIONS[@]}")
  ensure_commands "the builder image" mmdebstrap=mmdebstrap
  [[ ! -r $keyring ]] || arguments+=("--keyring=$keyring")
  step "making the builder image from Debian's packages (once, about a minute)"
  rm -rf "$folder"
  mkdir -p "$folder"
  mmdebstrap --quiet "${arguments[@]}" "$BUILDER_SUITE" "$folder/layer.tar" "deb $(debian_mirror) $BUILDER_SUITE main" >"$1.log" 2>&1 || {
    tail_of "$1.log"
    die "the builder image could not be made; the whole log is $1.log" "Check the network; then run the same command again."
  }
  mv "$folder/layer.tar" "$folder/layer"   # mmdebstrap tells by the name what to write
  write_layout "$folder" "$2" builder_config
  archive_layout "$folder" "$1.new"
  rm -rf "$folder" "$1.log"
  mv "$1.new" "$1"
}

# provide_builder: brings it into the node's own store, for pods with imagePullPolicy IfNotPresent or Never; prints its reference.
provide_builder() {
  local reference archive
  reference=$(builder_reference)
  if ! has_image "$reference"; then
    archive=$CACHE/builder-${reference##*:}.tar
    ensure_cached make_builder "$archive" "$reference"
    step "bringing the builder image to the node"
    import_image "$archive"
  fi
  printf '%s\n' "$reference"
}
