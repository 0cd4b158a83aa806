# shellcheck shell=bash
# The processes of an instance: each in a session of its own, recorded in $STATE/run/NAME.pid, its output in $STATE/logs/NAME.log.
# A pid says little, since the kernel uses it again. So the record also holds boot, start time and command line, and nothing is
# signalled that does not match all of it.

RUN_AS=()   # a command before the command that changes the user and then becomes it

# proc_field PID NUMBER: a field of /proc/PID/stat (man 5 proc), counted so that a name with spaces does no harm.
proc_field() {
  local stat fields
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  read -ra fields <<<"${stat##*) }"
  printf '%s\n' "${fields[$2 - 3]}"
}

boot_id() { cat /proc/sys/kernel/random/boot_id; }

# record NAME PID COMMAND...: remembers a process as ours. Written beside and renamed: a record is whole or absent.
record() {
  local file=$STATE/run/$1.pid pid=$2
  shift 2
  printf '%s %s %s\n%s\n' "$pid" "$(proc_field "$pid" 22)" "$(boot_id)" "$*" >"$file.new"
  mv "$file.new" "$file"
}

# pid_of NAME: the pid, if the process that was recorded is alive; else false, whoever has that pid now.
pid_of() {
  local pid start boot command
  { read -r pid start boot && IFS= read -r command; } 2>/dev/null <"$STATE/run/$1.pid" || return 1
  [[ $pid =~ ^[0-9]+$ && $boot == "$(boot_id)" && $start == "$(proc_field "$pid" 22)" ]] || return 1
  [[ $(proc_field "$pid" 3) != Z ]] || return 1
  [[ "$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")" == "$command " ]] || return 1
  printf '%s\n' "$pid"
}

is_running() { pid_of "$1" >/dev/null; }
is_stopped() { ! is_running "$1"; }

# launch NAME COMMAND...: starts a service that outlives this script and its terminal.
launch() {
  local name=$1 log=$STATE/logs/$1.log
  shift
  mkdir -p "$STATE/run" "$STATE/logs"
  [[ ! -e $log ]] || mv "$log" "$log.1"
  (
    # Or the service would hold the instance's lock for as long as it lives.
    [[ -z ${LOCK:-} ]] || exec {LOCK}>&-
    # Recorded before it is what it will be: there is no moment in which it runs and is not known.
    record "$name" "$BASHPID" "$@"
    exec setsid "${RUN_AS[@]}" "$@" </dev/null >"$log" 2>&1
  ) &
}

# wait_until SECONDS COMMAND...: polls a condition; false if it did not come true in time.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# await NAME SECONDS COMMAND...: waits for a service to be of use, and explains with its log if it is not.
await() {
  local name=$1 seconds=$2 deadline=$((SECONDS + $2 + 1))
  shift 2
  until "$@"; do
    # A service needs a moment to become its command; a dead one has no process at all.
    if ! is_running "$name" && ! wait_until "$(patience 2)" is_running "$name"; then
      tail_of "$STATE/logs/$name.log"
      die "$name ended while starting; the whole log is $STATE/logs/$name.log"
    fi
    if ((SECONDS >= deadline)); then
      tail_of "$STATE/logs/$name.log"
      die "$name was not ready within $seconds s; the whole log is $STATE/logs/$name.log" \
        "On a busy machine give it more time: SLIPWAY_PATIENCE=4 makes every wait four times as long."
    fi
    sleep 0.1
  done
}

# patience SECONDS: a time limit, stretched for slow machines.
patience() { printf '%s\n' $(($1 * ${SLIPWAY_PATIENCE:-1})); }

# stop_service NAME [SIGNAL]: SIGTERM, a bounded wait for the process to be gone, then SIGKILL; the record goes last.
stop_service() {
  local name=$1 signal=${2:-TERM} pid group
  if pid=$(pid_of "$name"); then
    # The group: a service's own children (socat's connections, nsenter's) go with it.
    group=$(proc_field "$pid" 5) || group=$pid
    kill "-$signal" -- "-$group" 2>/dev/null || true
    if ! wait_until "$(patience 10)" is_stopped "$name"; then
      warn "$name (pid $pid) did not stop within $(patience 10) s; killing it"
      kill -KILL -- "-$group" 2>/dev/null || true
      wait_until 5 is_stopped "$name" || die "$name (pid $pid) cannot be killed" "See 'ps -fp $pid'."
    fi
  fi
  rm -f "$STATE/run/$name.pid"
}
