# shellcheck shell=bash
# Checks of hack/cluster --control-plane-only.

up() { ./cluster up --name "$INSTANCE" --control-plane-only "$@"; }
api() { KUBECONFIG=$STATE/kubeconfig kubectl "$@"; }

# define_notes: a kind whose objects have lines that are strings, and not null.
define_notes() {
  api create -f - <<'YAML'
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: notes.test.slipway.dev}
spec:
  group: test.slipway.dev
  names: {kind: Note, plural: notes}
  scope: Cluster
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties: {title: {type: string}, lines: {type: array, items: {type: string}}}
YAML
}

# create_note NAME TITLE LINES: as JSON, past kubectl's own validation; prints what was stored of them.
create_note() {
  printf '{"apiVersion":"test.slipway.dev/v1","kind":"Note","metadata":{"name":"%s"},"title":%s,"lines":%s}' "$@" |
    api create --validate=false -o 'jsonpath={.title}|{.lines}' -f -
}

open_instance test-a cluster
check "--help explains, from any folder" says "any number of instances" env -C / "$REPO/hack/cluster" --help
check "status of what does not run is exit code 1" fails ./cluster status --name test-a
plant_foreign_records etcd kube-apiserver
check "up starts a control plane, past records that point at foreign processes" up
check "those foreign processes live" foreign_live
check "the API server is ready" says ok api get --raw /readyz
before=$(recorded_pids)
check "up again says that it runs, at once" within "$(patience 3)" says 'already running' up
check "and has started nothing new" test "$before" = "$(recorded_pids)"
check "up of another kind is refused" fails ./cluster up --name test-a
check "up that is to write down more is refused, too" fails up --audit-reads

open_instance test-b cluster
check "a second instance runs beside it" up
taken=$(ports)
check "and it can be taken down" ./cluster down --name test-b
# shellcheck disable=SC2086   # a list of numbers
check "which leaves no port" no_port $taken

open_instance test-a cluster
check "the first one did not notice" ./cluster status --name test-a
check "a namespace is made" api create namespace kept
check "and the audit log says who made it" prints '"username":"slipway-admin"' grep '"name":"kept"' "$STATE/logs/audit.log"
check "but not what the cluster itself writes" fails grep '"username":"system:' "$STATE/logs/audit.log"
check "a kind is defined" define_notes
check "and served" prints 'No resources found' api get notes.test.slipway.dev
check "empty strings in its objects are accepted" says '|[""]' create_note empty '""' '[""]'
check "and null in place of a string is refused" says 'must be of type string: "null"' create_note nothing '"a title"' '[null]'
address=$(sed -n 's/^ *server: //p' "$STATE/kubeconfig")
kill_everything
check "after kill -9 of all of it, status is exit code 1" fails ./cluster status --name test-a
check "and up mends it" up
check "at the same address" grep -q "$address" "$STATE/kubeconfig"
check "with its data" api get namespace kept
kill -9 "$(cut -d' ' -f1 "$STATE/run/etcd.pid" | head -n 1)"
check "after kill -9 of etcd alone, up mends it" up
cp "$STATE/kubeconfig" "$STATE/kubeconfig.before"
store=$(cat "$STATE/run/etcd.pid")
check "stop-api ends the API server" ./cluster stop-api --name test-a
check "which is then not healthy" fails ./cluster status --name test-a
check "start-api starts it again" ./cluster start-api --name test-a
check "with its data" api get namespace kept
check "and has left etcd alone" test "$store" = "$(cat "$STATE/run/etcd.pid")"
check "next-authority prints a certificate" says 'BEGIN CERTIFICATE' ./cluster next-authority --name test-a
./cluster next-authority --name test-a >"$STATE/next.crt"
check "start-api --new-authority makes it the authority" ./cluster start-api --name test-a --new-authority
check "that was printed" cmp "$STATE/next.crt" "$STATE/certs/ca.crt"
check "at the same address" grep -q "$address" "$STATE/kubeconfig"
check "with its data" api get namespace kept
check "the kubeconfig of before is worth nothing" says 'x509' kubectl --kubeconfig "$STATE/kubeconfig.before" get namespace kept
check "the controllers have the new authority" api create namespace later
check "and go on" prints default api get serviceaccount default --namespace later --ignore-not-found
check "all of it is healthy" ./cluster status --name test-a
check "what does not run has no API server to start" fails ./cluster start-api --name test-none
taken=$(ports)
plant_foreign_records kube-scheduler node
check "down stops it, past records that point at foreign processes" ./cluster down --name test-a
check "the foreign processes live" foreign_live
check "no process is left" no_process
# shellcheck disable=SC2086
check "no port is left" no_port $taken
check "down again is harmless" says 'not running' ./cluster down --name test-a

./cluster up --name test-a --control-plane-only >/dev/null 2>&1 &
wait_until "$(patience 60)" is_running kube-apiserver
kill -TERM $!
interrupted=0
wait $! || interrupted=$?
check "an up that is interrupted ends with exit code 143" test "$interrupted" = 143
check "and leaves no process" no_process
