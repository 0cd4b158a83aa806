# shellcheck shell=bash
# The images of ours on an instance: built, and brought to where its pods find them.

# provide_image KIND TAG TEXT IMPORT: prints the reference. IMPORT is true for the node's own store, else it is the registry.
provide_image() {
  local kind=$1 tag=$2 registry reference folder
  registry=127.0.0.1:$(recall REGISTRY_PORT)
  reference=$registry/$kind:$tag
  [[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || die "'$tag' is not an image tag" "Use letters, digits, '.', '_' and '-'."
  folder=$(mktemp -d)
  if [[ $4 == true ]]; then
    build_image "$kind" "$reference" "$folder/image.tar" "$3"
    import_image "$folder/image.tar"
  else
    build_layout "$folder" "$kind" "$reference" "$3"
    push_layout "$folder" "$registry" "$kind" "$tag"
  fi
  rm -rf "$folder"
  printf '%s\n' "$reference"
}

# publish_images: what env promises as WEB_IMAGE.
publish_images() { provide_image web 1 'Slipway: web 1' false >/dev/null; }
