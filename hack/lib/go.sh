# shellcheck shell=bash
# Running the Go compiler: with its own cache, with a progress line, and stopped together with the script.

GO_PID=

# go_stop: for the caller's exit trap; the compiler must not outlive an interrupted build.
go_stop() {
  [[ -n $GO_PID ]] || return 0
  kill "$GO_PID" 2>/dev/null || true
  wait "$GO_PID" 2>/dev/null || true
}

# go_build LABEL GO_BUILD_ARGUMENTS...: prints how many packages are compiled, every 15 seconds.
go_build() {
  local label=$1 total started=$SECONDS next=15 output=$WORK/go-build.log
  shift
  step "compiling $label"
  total=$("$GO" list -deps "$@" 2>/dev/null | wc -l) || total=0
  : >"$output"
  "$GO" build -v -o "$WORK/bin/" "$@" >"$output" 2>&1 &
  GO_PID=$!
  while kill -0 "$GO_PID" 2>/dev/null; do
    sleep 0.5
    if ((SECONDS - started >= next)); then
      note "$((SECONDS - started)) s: $(wc -l <"$output") packages compiled, of at most $total"
      next=$((next + 15))
    fi
  done
  if ! wait "$GO_PID"; then
    GO_PID=
    tail_of "$output" 30
    die "compiling $label failed; the compiler's output is in $output" \
      "Out of memory or disk is the usual cause (3 GB of each are needed). What was compiled is kept; run it again."
  fi
  GO_PID=
  note "done in $((SECONDS - started)) s"
}
