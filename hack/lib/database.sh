# shellcheck shell=bash
# A private PostgreSQL: its own data, socket and port; never the system's cluster, which the packages may have made.

# find_postgres: sets PG, the folder of the server's programs. Not taken from PATH: what is called postgres there may be anything.
find_postgres() {
  local folder
  for folder in 15 16 17 18 19; do
    PG=/usr/lib/postgresql/$folder/bin
    [[ ! -x $PG/initdb || ! -x $PG/postgres ]] || return 0
  done
  return 1
}

# find_home: sets HOME_FOLDER (data and socket). PostgreSQL refuses to run as root, so there it belongs to the user postgres, who
# may not be able to reach this checkout; and a socket's path may have about 100 letters.
find_home() {
  HOME_FOLDER=$(recall HOME_FOLDER)
  [[ -z $HOME_FOLDER || ! -d $HOME_FOLDER ]] || return 0
  HOME_FOLDER=$STATE/postgres
  mkdir -p "$HOME_FOLDER"
  if ((EUID == 0)); then chown postgres: "$HOME_FOLDER"; fi
  if ((${#HOME_FOLDER} > 75)) || ! "${RUN_AS[@]}" test -w "$HOME_FOLDER"; then
    rmdir "$HOME_FOLDER"
    HOME_FOLDER=/var/tmp/slipway-$UID-$ID
    rm -rf "$HOME_FOLDER"
    # mkdir without -p: a folder that somebody else put there is refused.
    mkdir -m 700 "$HOME_FOLDER" || die "could not make $HOME_FOLDER for the database"
    if ((EUID == 0)); then chown postgres: "$HOME_FOLDER"; fi
    note "the data are in $HOME_FOLDER: $STATE/postgres is out of reach for PostgreSQL"
  fi
  remember HOME_FOLDER "$HOME_FOLDER"
}

# database_up UNSAFE LISTEN
database_up() {
  if is_database_up; then step "already running: $(describe)"; return; fi
  find_postgres || install_packages "the database" postgresql
  find_postgres || die "PostgreSQL 15 or newer is not below /usr/lib/postgresql" "Install Debian's package 'postgresql'."
  ((EUID != 0)) || RUN_AS=(setpriv --reuid=postgres --regid=postgres --init-groups --)
  find_home
  on_failure take_back
  database_stop
  make_data
  start_database "$1" "$2"
  step "running: $(describe)"
  note "eval \"\$(hack/postgres env --name $INSTANCE)\"   # DATABASE_URL, for this shell"
}

take_back() { step "stopping what this run had started"; database_stop; }

# make_data: an empty cluster with a superuser of our own and a password; made beside and renamed, so it is whole or absent.
make_data() {
  local data=$HOME_FOLDER/data output
  if [[ -d $data ]]; then
    [[ $("${RUN_AS[@]}" cat "$data/PG_VERSION") == "$(basename "${PG%/bin}")" ]] || die "$data was made by another version of PostgreSQL" \
      "Remove it with: hack/postgres down --name $INSTANCE"
    return
  fi
  step "making the database"
  [[ -n $(recall PASSWORD) ]] || remember PASSWORD "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  rm -rf "$data.partial"
  # In a file for a moment: user postgres cannot open what this shell has open.
  recall PASSWORD | "${RUN_AS[@]}" sh -c "umask 077; cat >'$HOME_FOLDER/password'"
  output=$("${RUN_AS[@]}" "$PG/initdb" --pgdata "$data.partial" --username slipway --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 \
    --pwfile "$HOME_FOLDER/password" 2>&1) || die "initdb failed: $output"
  rm -f "$HOME_FOLDER/password"
  # samenet: the addresses of --listen and what is directly attached to them, as the node of hack/cluster is.
  printf 'host all all samenet scram-sha-256\n' >>"$data.partial/pg_hba.conf"
  mv "$data.partial" "$data"
}

start_database() {
  local port flags
  port=$(port_for POSTGRES_PORT)
  flags=(-c "port=$port" -c "listen_addresses=127.0.0.1${2:+,$2}" -c "unix_socket_directories=$HOME_FOLDER" -c max_connections=400
    -c "cluster_name=slipway-$INSTANCE")
  # Commits still reach the kernel before they are answered: what kill -9 cannot undo, only a power cut can.
  [[ $1 != true ]] || flags+=(-c fsync=off -c full_page_writes=off)
  # What tests count from outside: the statements that ran, and the transactions that changed something.
  [[ $1 != true ]] || flags+=(-c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.max=20000 -c wal_level=logical)
  step "starting PostgreSQL"
  cd /   # the server keeps its folder of start; user postgres may not even see this one
  launch postgres "$PG/postgres" -D "$HOME_FOLDER/data" "${flags[@]}"
  await postgres "$(patience 60)" "$PG/pg_isready" -q -h 127.0.0.1 -p "$port" -d postgres
  [[ -n $(sql "SELECT 1 FROM pg_database WHERE datname = 'slipway'") ]] || sql 'CREATE DATABASE slipway'
  make_keys
  write_env "$STATE/postgres.env" DATABASE_URL "postgres://slipway:$(recall PASSWORD)@127.0.0.1:$port/slipway" SLIPWAY_ENV_KEYS_FILE "$STATE/env-keys"
}

# make_keys: what the operator encrypts variables with. Kept as long as the data are: without it they cannot be read.
make_keys() {
  [[ ! -s $STATE/env-keys ]] || return 0
  (umask 077; printf 'local:%s\n' "$(head -c 32 /dev/urandom | base64)" >"$STATE/env-keys.new")
  mv "$STATE/env-keys.new" "$STATE/env-keys"
}

sql() { PGPASSWORD=$(recall PASSWORD) "$PG/psql" -XAtq -h 127.0.0.1 -p "$(recall POSTGRES_PORT)" -U slipway -d postgres -c "$1"; }

# database_stop: SIGINT is PostgreSQL's "fast": clients are cut off, data written. After a crash of the main process its children
# need a moment to notice, and a new server would refuse to start beside them.
database_stop() {
  local data
  stop_service postgres INT
  data=$(recall HOME_FOLDER)/data
  [[ $data != /data ]] || return 0   # there never was one
  wait_until "$(patience 20)" is_deserted "$data" || die "processes still work in $data" "See 'ls -l /proc/*/cwd'; end them and try again."
  # Nobody is in there: the locks of a killed server are void, also if its pid was given to somebody else.
  rm -f "$data/postmaster.pid" "${data%/data}"/.s.PGSQL.*
}

is_deserted() { [[ -z $(find /proc -maxdepth 2 -name cwd -lname "$1" 2>/dev/null) ]]; }

# database_down KEEP
database_down() {
  local folder
  folder=$(recall HOME_FOLDER)
  if [[ ! -e $STATE/run/postgres.pid && -z $folder ]]; then step "'$INSTANCE' has no database"; return; fi
  step "stopping the database of '$INSTANCE'"
  database_stop
  rm -f "$STATE/postgres.env"
  [[ $1 != true ]] || return 0
  rm -f "$STATE/env-keys"
  # Only a folder that has the shape of one of ours.
  case $folder in "$STATE/postgres"|/var/tmp/slipway-"$UID-$ID") rm -rf "$folder" ;; esac
  remember HOME_FOLDER ''
}

is_database_up() { [[ -s $STATE/postgres.env ]] && is_running postgres && find_postgres && [[ -n $(sql 'SELECT 1' 2>/dev/null) ]]; }

describe() { printf "'%s', PostgreSQL on 127.0.0.1:%s" "$INSTANCE" "$(recall POSTGRES_PORT)"; }

database_status() {
  is_database_up || { printf "the database of '%s' is not running\n" "$INSTANCE"; return 1; }
  printf '%s\npid %s, data in %s, fsync %s\n' "$(describe)" "$(pid_of postgres)" "$(recall HOME_FOLDER)" "$(sql 'SHOW fsync')"
}
