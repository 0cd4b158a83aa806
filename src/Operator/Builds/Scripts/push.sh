# Pushes the image, and tells the digest that the registry has it under.
said="$TMPDIR/skopeo.err"
tls=''
[ "${SLIPWAY_INSECURE:-false}" != true ] || tls=--dest-tls-verify=false
rm -f "$TMPDIR/digest"
# shellcheck disable=SC2086
skopeo $policy copy --quiet --retry-times 2 $tls --digestfile "$TMPDIR/digest" "oci:$image:built" "docker://$SLIPWAY_IMAGE" 2>"$said" || {
  cat "$said" >&2
  fail "cannot push $SLIPWAY_IMAGE: $(last_line "$said")"
}
digest=$(cat "$TMPDIR/digest")
printf '%s' "$digest" >"$SLIPWAY_TERMINATION"
echo "pushed $SLIPWAY_IMAGE@$digest"
