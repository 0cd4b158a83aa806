# shellcheck shell=bash
# How this machine and the node reach each other: a pair of virtual interfaces, one in the node's network namespace, and one
# route. Bridge, pod addresses, service rules: all of that is inside the namespace and ends with it.
#
#   10.N.0.0/18    pods                10.N.64.1  this machine, as the node and its pods see it (the API server listens there)
#   10.N.128.0/24  services            10.N.64.2  the node

# choose_network: sets NETWORK (10.N) to the instance's, or to a free one.
choose_network() {
  local try
  NETWORK=$(recall NETWORK)
  if [[ -n $NETWORK ]]; then
    is_network_free || die "something else on this machine now uses addresses of $NETWORK.0.0/16" \
      "Run 'hack/cluster down --name $INSTANCE': the next 'up' takes others (what is in the cluster is lost)."
    return
  fi
  # Starting somewhere that depends on the folder, so that instances started together differ.
  for ((try = 0; try < 100; try++)); do
    NETWORK=10.$((100 + (16#$ID + try) % 100))
    if is_network_free; then remember NETWORK "$NETWORK"; return; fi
  done
  die "found no free network from 10.100.0.0/16 to 10.199.0.0/16" "See 'ip route'."
}

is_network_free() { ! { ip -4 route show table all; ip -4 -oneline address; } | grep -qE "(^|[^0-9.])${NETWORK/./\\.}\."; }

# connect_node PID: lays the pair between this machine and the network namespace of PID.
connect_node() {
  local pid=$1 link=slw-$ID
  ip link add "$link" type veth peer name eth0 netns "$pid" || die "could not make a pair of virtual interfaces" \
    "The kernel's veth module is needed ('modprobe veth'), and the rights of root over the network."
  ip address add "$NETWORK.64.1/30" dev "$link"
  ip link set "$link" up
  nsenter --target "$pid" --net sh -euc "ip link set lo up; ip address add $NETWORK.64.2/30 dev eth0; ip link set eth0 up
    ip route add default via $NETWORK.64.1; echo 1 >/proc/sys/net/ipv4/ip_forward"
  ip route add "$NETWORK.0.0/16" via "$NETWORK.64.2"
  allow_way_out "$link"
}

# The node's way to the internet, through this machine: for images and sources from elsewhere. Not needed by what runs here alone.
allow_way_out() {
  local forward=/proc/sys/net/ipv4/ip_forward
  if ! way_out_rules "$1" --check 2>/dev/null; then
    way_out_rules "$1" --insert 2>/dev/null || { warn "iptables does not work here: pods will not reach the internet"; return 0; }
  fi
  if (($(<$forward) == 0)); then
    remember IP_FORWARD_WAS 0
    echo 1 >$forward 2>/dev/null || warn "cannot set $forward: pods will not reach the internet"
  fi
}

# way_out_rules LINK --insert|--check: the only rules outside the namespace, each marked as this instance's.
way_out_rules() {
  local link=$1 action=$2 mark=(-m comment --comment "slipway-$ID")
  iptables -w -t nat "$action" POSTROUTING -s "$NETWORK.0.0/16" ! -d "$NETWORK.0.0/16" "${mark[@]}" -j MASQUERADE &&
    iptables -w -t filter "$action" FORWARD -i "$link" "${mark[@]}" -j ACCEPT &&
    iptables -w -t filter "$action" FORWARD -o "$link" "${mark[@]}" -j ACCEPT
}

# disconnect_node: takes back all of it, also what a killed run left half done: the rules are found by their mark.
disconnect_node() {
  local link=slw-$ID table rule
  [[ -n $(recall NETWORK) ]] || return 0
  for table in nat filter; do
    while read -ra rule; do
      iptables -w -t "$table" -D "${rule[@]:1}"
    done < <(iptables -w -t "$table" -S 2>/dev/null | grep -- "--comment \"\?slipway-$ID\"\? " | tr -d '"')
  done
  ! ip link show "$link" >/dev/null 2>&1 || ip link delete "$link" 2>/dev/null || true   # the kernel may be quicker
  if [[ $(recall IP_FORWARD_WAS) == 0 ]] && ! ip -oneline link | grep -q ' slw-'; then
    echo 0 >/proc/sys/net/ipv4/ip_forward
    remember IP_FORWARD_WAS ''
  fi
}
