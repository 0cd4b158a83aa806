# shellcheck shell=bash
# The Git server: every repository in $STATE/git as git://10.N.64.1:PORT/NAME, to read only and for everybody who reaches the address:
# this machine and the pods.

start_git_server() {
  local port folder=$STATE/git
  port=$(port_for GIT_PORT)
  mkdir -p "$folder"
  # Not as 'git daemon', which is only the parent of the one that serves.
  launch git-server "$(git --exec-path)/git-daemon" --listen="$NETWORK.64.1" --port="$port" --reuseaddr --export-all \
    --informative-errors --base-path="$folder" "$folder"
  await git-server "$(patience 10)" is_port_taken "$port"
}

is_port_taken() { ! is_port_free "$1"; }
