# Brings the files of a mounted ConfigMap into the workspace: one archive that is unpacked, or plain files.
: "${SLIPWAY_ARCHIVE:=/slipway/archive}"
rm -rf "$source"
mkdir -p "$source"
archives=0 files=0 archive=''
for file in "$SLIPWAY_ARCHIVE"/* "$SLIPWAY_ARCHIVE"/.[!.]*; do
  [ -f "$file" ] || continue
  files=$((files + 1))
  case $file in
    *.tgz|*.tar.gz|*.tar) archives=$((archives + 1)) archive=$file ;;
  esac
done

[ $files -gt 0 ] || fail "the ConfigMap is empty: give it one .tgz, .tar.gz or .tar in binaryData, or plain files"
[ $archives -eq 0 ] || [ $files -eq 1 ] || fail "the ConfigMap has an archive (${archive##*/}) and $((files - 1)) other keys: give it one archive alone, or plain files"
if [ $archives -eq 1 ]; then
  tar -xf "$archive" -C "$source" --no-same-owner || fail "${archive##*/} cannot be unpacked"
else
  for file in "$SLIPWAY_ARCHIVE"/* "$SLIPWAY_ARCHIVE"/.[!.]*; do
    [ ! -f "$file" ] || cp -L -- "$file" "$source/"
  done
fi
: >"$SLIPWAY_TERMINATION"
echo "unpacked $files files"
