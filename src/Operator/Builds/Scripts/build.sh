# Builds the image, and leaves it as an OCI layout in the workspace.
: "${STORAGE_DRIVER:=vfs}" "${BUILDAH_ISOLATION:=chroot}" "${SLIPWAY_CACHE:=}"
export STORAGE_DRIVER BUILDAH_ISOLATION
context=$(folder "${SLIPWAY_PATH:-.}/${SLIPWAY_CONTEXT:-.}" "spec.build.context")
dockerfile="$context/${SLIPWAY_DOCKERFILE:-Dockerfile}"
[ -f "$dockerfile" ] || fail "the context has no file ${SLIPWAY_DOCKERFILE:-Dockerfile} (spec.build.dockerfile)"
case $(readlink -f -- "$dockerfile") in
  "$(cd -P -- "$source" && pwd -P)"/*) ;;
  *) fail "${SLIPWAY_DOCKERFILE:-Dockerfile} (spec.build.dockerfile) leads out of the source" ;;
esac

set --
number=0
while [ "$number" -lt "${SLIPWAY_ARGS:-0}" ]; do
  eval "argument=\$SLIPWAY_ARG_$number"
  set -- "$@" --build-arg "$argument"
  number=$((number + 1))
done

# With a cache, layers outlive the pod and are found again by the next build.
storage="$SLIPWAY_WORKSPACE/storage"
[ -z "$SLIPWAY_CACHE" ] || { storage="$SLIPWAY_CACHE/storage"; set -- "$@" --layers; }
in_storage() { buildah --storage-driver "$STORAGE_DRIVER" --root "$storage" --runroot "$SLIPWAY_WORKSPACE/run" "$@"; }

rm -rf "$image"
in_storage bud --isolation "$BUILDAH_ISOLATION" --iidfile "$TMPDIR/id" --file "$dockerfile" "$@" -- "$context" \
  || fail "the build ended with exit code $?; its last lines are in the log"
built=$(cat "$TMPDIR/id")
in_storage push --quiet "${built#sha256:}" "oci:$image:built" || fail "the image that was built cannot be written to the workspace"
echo "built $SLIPWAY_IMAGE"
