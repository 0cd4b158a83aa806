# shellcheck shell=bash
# The application that the demo releases: a Dockerfile and a page, in a Git repository that the local cluster's Git server shows.

# commit_page TEXT: the page as it will be, as a commit. Sets REPOSITORY, its folder, and COMMIT.
commit_page() {
  REPOSITORY=$GIT_FOLDER/web
  if [[ ! -d $REPOSITORY/.git ]]; then
    repository_git init --quiet --initial-branch=main
    repository_git config user.name 'make demo'
    repository_git config user.email demo@example.com
    printf 'FROM %s\nCOPY index.html /www/index.html\n' "$WEB_IMAGE" >"$REPOSITORY/Dockerfile"
  fi
  printf '%s\n' "$1" >"$REPOSITORY/index.html"
  repository_git add --all
  repository_git commit --quiet --allow-empty --message "The page says: $1"
  # shellcheck disable=SC2034   # read by the script that sources this
  COMMIT=$(repository_git rev-parse HEAD)
}

# repository_git ARGUMENTS...: with no configuration of a person's, who may sign commits or have hooks.
repository_git() {
  mkdir -p "$REPOSITORY"
  GIT_CONFIG_GLOBAL=/dev/null git -C "$REPOSITORY" "$@"
}
