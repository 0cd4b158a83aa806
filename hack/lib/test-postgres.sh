# shellcheck shell=bash
# Checks of hack/postgres.

up() { ./postgres up --name test-a --unsafe-no-fsync; }
ask() { psql -XAtq "$(sed -n 's/^DATABASE_URL=//p' "$STATE/postgres.env")" -c "$1"; }

open_instance test-a postgres
check "a database starts" up
check "and answers" says 400 ask 'SHOW max_connections'
check "it counts statements" says pg_stat_statements ask 'SHOW shared_preload_libraries'
check "and tells changes" says logical ask 'SHOW wal_level'
check "up again says that it runs" says 'already running' up
check "a table is made" ask 'CREATE TABLE kept ()'
kill_everything
check "after kill -9, status is exit code 1" fails ./postgres status --name test-a
check "and up mends it" up
check "with its data" ask 'TABLE kept'
check "down --keep-data keeps it" ./postgres down --name test-a --keep-data
check "up takes it again" up
check "it is still there" ask 'TABLE kept'
taken=$(recall POSTGRES_PORT)
check "down stops it" ./postgres down --name test-a
check "no process of it is left" no_process
check "no port of it is left" no_port "$taken"
check "its data are gone" test ! -e "$STATE/postgres"
