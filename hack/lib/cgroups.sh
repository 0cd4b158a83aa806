# shellcheck shell=bash
# The node's part of the cgroup tree, named after the instance: pods are accounted in it, and found by it.

# cgroup_roots: the mounted hierarchies: one with cgroup v2, one per controller with v1, all of these with both.
cgroup_roots() { awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts | sort -u; }

make_cgroups() {
  local root controller
  while read -r root; do
    if [[ -e $root/cgroup.controllers ]]; then
      for controller in cpu cpuset memory pids io; do echo "+$controller" >"$root/cgroup.subtree_control" 2>/dev/null || true; done
    fi
    mkdir -p "$root/slipway-$ID"
    # v1: a cpuset without values takes no process.
    for controller in cpuset.cpus cpuset.mems; do
      [[ ! -e $root/slipway-$ID/$controller || -n $(<"$root/slipway-$ID/$controller") ]] || cat "$root/$controller" >"$root/slipway-$ID/$controller"
    done
  done < <(cgroup_roots)
}

# remove_cgroups: by then they are empty; a moment may pass until the kernel agrees.
remove_cgroups() {
  wait_until 10 try_remove_cgroups || warn "could not remove the cgroups slipway-$ID below /sys/fs/cgroup"
}

try_remove_cgroups() {
  local root left=0
  while read -r root; do
    [[ -d $root/slipway-$ID ]] || continue
    find "$root/slipway-$ID" -depth -type d -exec rmdir {} + 2>/dev/null || left=1
  done < <(cgroup_roots)
  ((left == 0))
}
