# shellcheck shell=bash
# What the checks of hack/test are written in.

PASSED=0 FAILED=0
FOREIGN=()   # processes of the test itself that no script may touch

# check SENTENCE COMMAND...: the sentence is true if the command succeeds; what it says is shown only if not.
check() {
  local sentence=$1 output
  shift
  if output=$("$@" 2>&1); then
    PASSED=$((PASSED + 1))
    printf 'ok    %s\n' "$sentence"
  else
    FAILED=$((FAILED + 1))
    printf 'FAIL  %s\n' "$sentence"
    printf '%s\n' "$output" | tail -n 20 | sed 's/^/      | /'
  fi
}

fails() { ! "$@"; }
says() { local words=$1; shift; [[ "$("$@" 2>&1)" == *"$words"* ]]; }

# prints WORDS COMMAND...: within a minute; for what becomes true by itself.
prints() { local words=$1; shift; wait_until "$(patience 60)" says "$words" "$@"; }

within() { local limit=$1 started=$SECONDS; shift; "$@" && ((SECONDS - started <= limit)); }

recorded_pids() { cut -d' ' -f1 "$STATE"/run/*.pid 2>/dev/null | grep -xE '[0-9]+' || true; }
kill_everything() { recorded_pids | xargs -r kill -9; }

# no_process: nothing on this machine carries the instance's folder in its command line or its pods' cgroup in its own.
no_process() {
  local pid state found=0
  for pid in $(grep -lsaFf <(printf '%s/\n' "$STATE") /proc/[0-9]*/cmdline | cut -d/ -f3) $(grep -lsF "slipway-$ID" /proc/[0-9]*/cgroup | cut -d/ -f3); do
    state=$(proc_field "$pid" 3) || continue
    [[ $state == [ZX] ]] || { ps -fp "$pid"; found=1; }
  done
  return "$found"
}

# no_port PORT...: nobody listens. The caller keeps the numbers from when the instance ran.
no_port() { local port; for port; do is_port_free "$port" || { echo "port $port"; return 1; }; done; }
ports() { sed -n 's/^[A-Z_]*_PORT=//p' "$STATE"/*.settings; }

# plant_foreign_records SERVICE SERVICE: records that point at live processes that are not ours: the first has another start time,
# the second only another command line.
plant_foreign_records() {
  local service=$1
  sleep 600 &
  FOREIGN+=($!)
  mkdir -p "$STATE/run"
  printf '%s %s %s\n%s\n' "$!" 1 "$(boot_id)" 'sleep 600' >"$STATE/run/$service.pid"
  sleep 601 &
  FOREIGN+=($!)
  printf '%s %s %s\n%s\n' "$!" "$(proc_field "$!" 22)" "$(boot_id)" "etcd --data-dir $STATE/etcd" >"$STATE/run/$2.pid"
}

foreign_live() { local pid; for pid in "${FOREIGN[@]}"; do kill -0 "$pid" || return 1; done; }

# end_test [quietly]: for the exit trap.
end_test() {
  local status=$? name
  for name in test-a test-b test-node; do
    ./cluster down --name $name >/dev/null 2>&1 || status=1
    ./postgres down --name $name >/dev/null 2>&1 || status=1
  done
  [[ ${1:-} != quietly ]] || return 0
  ((${#FOREIGN[@]} == 0)) || kill "${FOREIGN[@]}" 2>/dev/null || true
  printf '%s passed, %s failed\n' "$PASSED" "$FAILED"
  ((status != 0 || FAILED == 0)) || status=1
  exit "$status"
}
