# shellcheck shell=bash
# Checks of hack/cluster with a node, of its Git server, and of hack/images.

api() { KUBECONFIG=$STATE/kubeconfig kubectl "$@"; }
page() { curl -sf --max-time 3 --noproxy '*' "$1"; }
first_pod() { api get pods -l "app=$1" -o "jsonpath={.items[0]$2}"; }
value() { sed -n "s/^$1=//p" "$STATE/env"; }

# digest NAME TAG: as the registry has it.
digest() {
  curl -sfI --noproxy '*' -H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://$(value REGISTRY)/v2/$1/manifests/$2" |
    tr -d '\r' | sed -n 's/^Docker-Content-Digest: //p' | grep .
}

# run_image NAME IMAGE PULL_POLICY: an apps/v1 Deployment with a readiness probe, and a Service.
run_image() {
  api apply --validate=false -f - <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1}
spec:
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}}
    spec:
      containers:
      - {name: app, image: "$2", imagePullPolicy: $3, readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}}
---
apiVersion: v1
kind: Service
metadata: {name: $1}
spec: {selector: {app: $1}, ports: [{port: 80, targetPort: 8080}]}
YAML
}

# run_builder IMAGE COMMAND: a pod that ends with the shell command.
run_builder() { api run builder --image="$1" --restart=Never --command -- sh -c "$2"; }

# run_as_other NAME IMAGE: a pod as the rules for restricted ones want it.
run_as_other() {
  api apply --validate=false -f - <<YAML
apiVersion: v1
kind: Pod
metadata: {name: $1}
spec:
  restartPolicy: Never
  containers:
  - name: app
    image: "$2"
    args: [--version]
    securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
YAML
}

# other_slipway: the reference of a program that does the same.
other_slipway() {
  local file status=0
  file=$(mktemp)
  printf '#!/bin/sh\necho other\n' >"$file"
  chmod 755 "$file"
  ./images slipway --binary "$file" --name test-node || status=$?
  rm -f "$file"
  return "$status"
}

make_repository() {
  local folder
  folder=$(value GIT_FOLDER)/app
  git init --quiet "$folder"
  git -C "$folder" -c user.name=Test -c user.email=test@example.com -c commit.gpgsign=false commit --quiet --allow-empty --message first
}
heads() { timeout 10 git ls-remote "$(value GIT_URL)/app"; }
head_commit() { git -C "$(value GIT_FOLDER)/app" rev-parse HEAD; }

nothing_left() {
  local found
  found=$(grep -F "$STATE/" /proc/mounts; ip -oneline link | grep "slw-$ID"; ip route | grep -F "$(recall NETWORK).";
    iptables-save 2>/dev/null | grep "slipway-$ID"; find /sys/fs/cgroup -maxdepth 2 -name "slipway-$ID"; ls /run/netns 2>/dev/null) || true
  printf '%s\n' "$found"
  [[ -z $found ]]
}

open_instance test-node cluster
check "a cluster with a node starts" ./cluster up --name test-node
check "up again says that it runs" says 'already running' ./cluster up --name test-node
image=$(./images web --tag t1 --text 'page one' --name test-node)
first=$(digest web t1)
./images web --tag t1 --text 'page one' --name test-node >/dev/null
check "the same image built again has the same digest" test "$first" = "$(digest web t1)"
check "a Deployment with an image of the registry is applied" run_image web "$image" Always
check "its rollout completes" api rollout status deployment/web "--timeout=$(patience 60)s"
check "its pod answers from here by its address" prints 'page one' page "http://$(first_pod web .status.podIP):8080/"
check "and by its Service's address" prints 'page one' page "http://$(api get service web -o 'jsonpath={.spec.clusterIP}')/"
check "it reaches the registry where env says" says '{}' api exec deploy/web -- wget -qO- "http://$(value HOST_ADDRESS):$(recall REGISTRY_PORT)/v2/"
check "kubectl exec runs a command in it, which reaches the Service" \
  says 'page one' api exec deploy/web -- wget -qO- "http://$(api get service web -o 'jsonpath={.spec.clusterIP}')/"
# shellcheck disable=SC2016   # the pod's own variable
check "a pod reaches the API server" says gitVersion api exec deploy/web -- \
  sh -c 'wget -qO- --no-check-certificate "https://$KUBERNETES_SERVICE_HOST/version"'
api run talker --image="$image" --restart=Never --command -- echo 'words in the log' >/dev/null
check "kubectl logs shows what a container said" prints 'words in the log' api logs talker

check "an imported image is applied" run_image local "$(./images web --tag t2 --text 'page two' --name test-node --import)" Never
check "and rolls out without a registry" api rollout status deployment/local "--timeout=$(patience 60)s"
check "an image that never becomes ready is applied" run_image broken "$(./images broken --tag t3 --name test-node)" Always
check "its container runs" prints running first_pod broken '.status.containerStatuses[0].state'
check "and is not ready" says false first_pod broken '.status.containerStatuses[0].ready'
api delete deployment broken --wait=false >/dev/null

check "a Git repository is made in the folder that env names" make_repository
check "it is served where env says" says "$(head_commit)" heads
builder=$(./images builder --name test-node)
check "the builder image has the same name when it is asked for again" test "$builder" = "$(./images builder --name test-node)"
check "a pod of it runs" run_builder "$builder" "buildah --version && skopeo --version && git ls-remote $(value GIT_URL)/app"
check "it has buildah" prints 'buildah version' api logs builder
check "and skopeo" prints 'skopeo version' api logs builder
check "and git, which reaches the Git server" prints "$(head_commit)" api logs builder

slipway=$(./images slipway --name test-node)
check "slipway's image has the same name when it is asked for again" test "$slipway" = "$(./images slipway --name test-node)"
check "a pod of it starts" api run slipway --image="$slipway" --restart=Never -- --version
check "and runs slipway" prints "$("${SLIPWAY_BIN:-$REPO/.local/published/slipway}" --version)" api logs slipway
check "as a user other than root" run_as_other slipway-other "$slipway"
check "who may be kept from writing anything" prints Succeeded api get pod slipway-other -o 'jsonpath={.status.phase}'
check "another binary gives another name" fails test "$slipway" = "$(other_slipway)"
check "a program that is not whole is refused" fails ./images slipway --binary lib/log.sh --name test-node

check "stop-sources runs" ./cluster stop-sources --name test-node
check "the Git server is away" fails heads
check "the registry is away" fails digest web t1
check "what runs goes on" says 'page one' page "http://$(api get service web -o 'jsonpath={.spec.clusterIP}')/"
check "status says that something is missing" fails ./cluster status --name test-node
check "start-sources runs" ./cluster start-sources --name test-node
check "the Git server is back, with its repository" says "$(head_commit)" heads
check "the registry is back, with its images" test "$first" = "$(digest web t1)"
check "and status is content" ./cluster status --name test-node

kill_everything
check "after kill -9 of all of it, status is exit code 1" fails ./cluster status --name test-node
check "and up mends it" ./cluster up --name test-node
check "the Deployment comes back by itself" prints 'page one' page "http://$(api get service web -o 'jsonpath={.spec.clusterIP}')/"
taken=$(ports)
check "down stops it" ./cluster down --name test-node
check "no process is left" no_process
check "no mount, interface, route, rule or cgroup is left" nothing_left
# shellcheck disable=SC2086
check "no port is left" no_port $taken
