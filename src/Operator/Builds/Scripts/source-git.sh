# Fetches a revision of a Git repository into the workspace, and tells its commit.
want=${SLIPWAY_GIT_REVISION:-HEAD}
said="$TMPDIR/git.err"
: "${SLIPWAY_GIT_CREDENTIALS:=}" "${SLIPWAY_PRIVATE:=/dev/shm}"
# Nothing that reaches into the pod or runs a program, whereto ever a repository points.
: "${GIT_ALLOW_PROTOCOL:=https:http:ssh:git}"
export GIT_ALLOW_PROTOCOL GIT_TERMINAL_PROMPT=0

# The login is for the host of the URL alone, whereto ever that redirects, and never leaves the mounted Secret.
use_login() {
  cat >"$HOME/login" <<'HELPER'
#!/bin/sh
[ "$1" = get ] || exit 0
folder=$SLIPWAY_GIT_CREDENTIALS
if [ -f "$folder/username" ]; then printf 'username=%s\n' "$(cat "$folder/username")"; else echo username=git; fi
if [ -f "$folder/token" ]; then secret=token; else secret=password; fi
printf 'password=%s\n' "$(cat "$folder/$secret")"
HELPER
  chmod 700 "$HOME/login"
  origin=$(printf '%s' "$SLIPWAY_GIT_URL" | sed -E 's#^([a-z]+://)([^/@]*@)?([^/]*).*#\1\3#')
  git config --global "credential.$origin.helper" "$HOME/login"
}

# ssh wants a key that nobody else can read, which a mounted one may not be; shared memory is no disk.
use_key() {
  command -v ssh >/dev/null || fail "the builder image has no ssh: use one that has, or an https URL"
  key=$(umask 077; mktemp "$SLIPWAY_PRIVATE/key.XXXXXX")
  trap 'rm -f "$key"' EXIT
  { cat "$SLIPWAY_GIT_CREDENTIALS/ssh-privatekey"; echo; } >"$key"
  hosts=/etc/ssh/ssh_known_hosts
  [ ! -f "$SLIPWAY_GIT_CREDENTIALS/known_hosts" ] || hosts=$SLIPWAY_GIT_CREDENTIALS/known_hosts
  [ -f "$hosts" ] || fail "the Secret with ssh-privatekey has no known_hosts: add it (ssh-keyscan HOST), so that the server is not anybody"
  export GIT_SSH_COMMAND="ssh -i $key -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$hosts"
}

if [ -f "$SLIPWAY_GIT_CREDENTIALS/ssh-privatekey" ]; then
  use_key
elif [ -f "$SLIPWAY_GIT_CREDENTIALS/token" ] || [ -f "$SLIPWAY_GIT_CREDENTIALS/password" ]; then
  use_login
elif [ -n "$SLIPWAY_GIT_CREDENTIALS" ]; then
  fail "the Secret has none of token, password and ssh-privatekey"
fi

is_commit() { printf '%s' "$want" | grep -Eq '^[0-9a-f]{4,64}$'; }
fetch() { git fetch --quiet "$@" 2>"$said" || { cat "$said" >&2; return 1; }; }
resolve() { git rev-parse --verify --quiet "$1^{commit}"; }

# A container may be run again after its pod was lost half-way.
rm -rf "$source"
git init --quiet "$source"
cd "$source"
git remote add -- origin "$SLIPWAY_GIT_URL"
if fetch --depth 1 -- origin "$want"; then
  commit=$(resolve FETCH_HEAD) || fail "revision $want of $SLIPWAY_GIT_URL is no commit"
elif is_commit; then
  # A shortened commit, or a server that gives none by its name: only the whole history tells.
  fetch --tags -- origin '+refs/heads/*:refs/remotes/origin/*' || fail "cannot fetch $SLIPWAY_GIT_URL: $(last_line "$said")"
  commit=$(resolve "$want") || fail "revision $want is no branch, tag or commit of $SLIPWAY_GIT_URL"
elif grep -q "couldn't find remote ref" "$said"; then
  fail "revision $want is no branch, tag or commit of $SLIPWAY_GIT_URL"
else
  fail "cannot fetch $SLIPWAY_GIT_URL: $(last_line "$said")"
fi

git -c advice.detachedHead=false checkout --quiet --detach "$commit"
folder "${SLIPWAY_PATH:-.}" "path, at commit $commit" >/dev/null
printf '%s' "$commit" >"$SLIPWAY_TERMINATION"
echo "fetched commit $commit of $SLIPWAY_GIT_URL"
