# shellcheck shell=bash
# Messages. All of them go to stderr: stdout carries only what a caller wants to read (env lines, image references).

readonly PROGRAM="hack/${0##*/}"

step() { printf '==> %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
warn() { printf '%s: warning: %s\n' "$PROGRAM" "$*" >&2; }

# die WHAT_HAPPENED [WHAT_TO_DO...]: one line each.
die() {
  printf '%s: %s\n' "$PROGRAM" "$1" >&2
  shift
  local remedy
  for remedy in "$@"; do printf '  %s\n' "$remedy" >&2; done
  exit 1
}

# tail_of FILE [LINES]: the end of a log, indented, for the message about a process that did not come up.
tail_of() {
  [[ -s $1 ]] || { note "($1 is empty)"; return 0; }
  tail -n "${2:-15}" "$1" | cut -c1-400 | sed 's/^/    | /' >&2
}

# The comment block at the top of a script is its help: written once, and next to the code that it describes. (Scripts work in their
# own folder.)
print_help() { sed -n '2,/^[^#]/{ /^#/!d; s/^# \{0,1\}//; p }' "${0##*/}"; }
