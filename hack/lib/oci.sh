# shellcheck shell=bash
# Images made by hand, as OCI layouts; the small ones have a static busybox as their one layer. The same input gives the same bytes.

readonly OCI=application/vnd.oci.image

# build_layout FOLDER KIND REFERENCE [TEXT]: an image of a KIND (pause, web, broken) as an OCI layout.
build_layout() {
  local folder=$1
  mkdir -p "$folder/root"
  fill_root "$folder/root" "$2" "${4:-}"
  pack_layer "$folder/root" "$folder/layer"
  write_layout "$folder" "$3" image_config "$2"
}

# pack_layer ROOT FILE: the files below ROOT as a layer, which takes their place.
pack_layer() {
  tar --create --file "$2" --directory "$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw --format=ustar .
  rm -rf "$1"
}

# write_layout FOLDER REFERENCE CONFIG...: an OCI layout of the layers FOLDER/layer*, the lowest first. CONFIG is a command that prints
# the image's configuration; it is given the layers' digests, in quotes and separated by commas. Sets MANIFEST_DIGEST.
write_layout() {
  local folder=$1 reference=$2 file layer layers='' digests='' config manifest
  shift 2
  mkdir -p "$folder/blobs/sha256"
  for file in "$folder"/layer*; do
    layer=$(add_blob "$folder" "$file")
    layers+=${layers:+,}$(descriptor layer.v1.tar "$layer")
    digests+=${digests:+,}\"${layer% *}\"
  done
  "$@" "$digests" >"$folder/config"
  config=$(add_blob "$folder" "$folder/config")
  printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":%s,"layers":[%s]}' \
    "$OCI" "$(descriptor config.v1+json "$config")" "$layers" >"$folder/manifest"
  manifest=$(add_blob "$folder" "$folder/manifest")
  MANIFEST_DIGEST=${manifest% *}
  printf '{"imageLayoutVersion":"1.0.0"}' >"$folder/oci-layout"
  manifest=$(descriptor manifest.v1+json "$manifest")
  printf '{"schemaVersion":2,"manifests":[%s,"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"}}]}' \
    "${manifest%\}}" "$reference" "${reference##*:}" >"$folder/index.json"
}

# fill_root ROOT KIND TEXT: the files of an image.
fill_root() {
  local applet
  mkdir -p "$1/bin" "$1/tmp"
  cp "$(node_tools)/bin/busybox" "$1/bin/busybox"
  for applet in sh cat echo env httpd ls ps sleep wget; do ln -s busybox "$1/bin/$applet"; done
  [[ $2 == web ]] || return 0
  mkdir -p "$1/www"
  printf '%s\n' "$3" >"$1/www/index.html"
}

# image_config KIND LAYER_DIGESTS: as process 1 a shell, since there a program that handles no SIGTERM does not get it, and every
# pod would take its whole grace period to end. With a history, since buildah wants a line for each layer when it keeps them in a cache.
image_config() {
  local command='sleep 2147483647'
  [[ $1 != web ]] || command='httpd -f -p 8080 -h /www'
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"User":"65532:65532","Env":["PATH=/bin"],"Entrypoint":["/bin/sh","-c","trap '"'exit 0'"' TERM; %s \\u0026 wait $!"]},"rootfs":{"type":"layers","diff_ids":[%s]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"hack/images %s"}]}' \
    "$(dpkg --print-architecture)" "$command" "$2" "$1"
}

# add_blob FOLDER FILE: moves the file to its place; prints digest and size.
add_blob() {
  local digest size
  digest=$(sha256sum "$2" | cut -d' ' -f1)
  size=$(stat -c %s "$2")
  mv "$2" "$1/blobs/sha256/$digest"
  printf 'sha256:%s %s\n' "$digest" "$size"
}

# descriptor TYPE "DIGEST SIZE"
descriptor() { printf '{"mediaType":"%s.%s","digest":"%s","size":%s}' "$OCI" "$1" "${2% *}" "${2#* }"; }

# build_image KIND REFERENCE FILE [TEXT]: the layout as one archive, as containerd imports it.
build_image() {
  local folder
  folder=$(mktemp -d)
  build_layout "$folder" "$1" "$2" "${4:-}"
  archive_layout "$folder" "$3"
  rm -rf "$folder"
}

archive_layout() { tar --create --file "$2" --directory "$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner .; }

# push_layout FOLDER REGISTRY NAME TAG: uploads by the registry's own protocol; blobs that it has are not sent again.
push_layout() {
  local base=http://$2/v2/$3 manifest=$1/blobs/sha256/${MANIFEST_DIGEST#sha256:} blob
  for blob in "$1"/blobs/sha256/*; do
    [[ $blob == "$manifest" ]] || push_blob "$base" "$blob"
  done
  registry_call -X PUT -H "Content-Type: $OCI.manifest.v1+json" --data-binary "@$manifest" "$base/manifests/$4" >/dev/null
}

push_blob() {
  local digest=sha256:${2##*/} location
  ! curl -sf -o /dev/null --noproxy '*' -I "$1/blobs/$digest" || return 0
  location=$(registry_call -X POST -D - -o /dev/null "$1/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  # It names itself by the address it listens on; what was asked is what is reachable for sure.
  location=${1%%/v2/*}/v2/${location#*/v2/}
  registry_call -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$2" "$location&digest=$digest" >/dev/null
}

registry_call() {
  curl -sS --fail-with-body --max-time 60 --noproxy '*' "$@" || die "the registry refused an upload (its answer, if any, is above)" \
    "'hack/cluster status --name $INSTANCE' tells whether it runs; its log is $STATE/logs/registry.log."
}
