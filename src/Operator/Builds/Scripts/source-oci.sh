# Unpacks the layers of an OCI artifact into the workspace, in their order.
artifact="$SLIPWAY_WORKSPACE/artifact"
said="$TMPDIR/skopeo.err"

# layers: the digests of a manifest's layers, one a line. There is no jq; so strings are taken apart first, then depth is counted.
layers() {
  tr -d '\n' <"$artifact/manifest.json" | awk '{
    depth = 0; in_layers = 0; key = ""; text = ""
    for (i = 1; i <= length($0); i++) {
      c = substr($0, i, 1)
      if (c == "\"") {
        text = ""
        for (i++; (c = substr($0, i, 1)) != "\"" && i <= length($0); i++) {
          if (c == "\\") { i++; c = substr($0, i, 1) }
          text = text c
        }
        if (after_colon && in_layers && depth == 3 && key == "digest") print text
        if (!after_colon) key = text
        after_colon = 0
      } else if (c == ":") after_colon = 1
      else if (c == "{" || c == "[") {
        depth++
        if (c == "[" && depth == 2) in_layers = (key == "layers")
        after_colon = 0
      } else if (c == "}" || c == "]") {
        depth--
        if (depth == 1) in_layers = 0
        after_colon = 0
      } else if (c == ",") after_colon = 0
    }
  }'
}

rm -rf "$source" "$artifact"
mkdir -p "$source"
# shellcheck disable=SC2086
skopeo $policy copy --quiet --retry-times 2 "docker://$SLIPWAY_OCI_REFERENCE" "dir:$artifact" 2>"$said" || {
  cat "$said" >&2
  fail "cannot fetch $SLIPWAY_OCI_REFERENCE: $(last_line "$said")"
}

found=$(layers)
[ -n "$found" ] || fail "$SLIPWAY_OCI_REFERENCE has no layers"
for digest in $found; do
  tar -xf "$artifact/${digest#*:}" -C "$source" --no-same-owner || fail "layer $digest of $SLIPWAY_OCI_REFERENCE is no tar archive"
done
rm -rf "$artifact"
: >"$SLIPWAY_TERMINATION"
echo "unpacked $SLIPWAY_OCI_REFERENCE"
