# shellcheck shell=bash
# The operator as it ships: trimmed, compiled ahead, one file.

require_dotnet() {
  command -v dotnet >/dev/null || die "there is no .NET SDK (dotnet) on this machine" "Install the .NET 10 SDK, and run it again."
}

# publish: into .local/published; sets SLIPWAY_BIN.
publish() {
  local log=$REPO/.local/publish.log
  require_dotnet
  step "publishing the operator"
  mkdir -p "$REPO/.local"
  dotnet publish "$REPO/src/Operator" --configuration Release --use-current-runtime -p:PublishProfile=Shipped --nologo --verbosity quiet \
    --output "$REPO/.local/published" >"$log" 2>&1 ||
    { tail_of "$log"; die "it cannot be published; the whole log is $log"; }
  SLIPWAY_BIN=$REPO/.local/published/slipway
}
