# shellcheck shell=bash
# The instance's own certificate authority, its certificates, and the kubeconfig files made of them.

CERTS=   # the folder, set by make_authority

quiet_openssl() {
  local output
  output=$(openssl "$@" 2>&1) || die "openssl $1 failed: $output"
}

# make_authority FOLDER: the authority and the key that signs service account tokens; kept if they are there.
make_authority() {
  CERTS=$1
  mkdir -p "$CERTS"
  chmod 700 "$CERTS"
  [[ -s $CERTS/service-account.pub ]] && return
  sign_authority ca
  # RSA: RS256 is the one signature that every reader of service account tokens knows.
  quiet_openssl genrsa -out "$CERTS/service-account.key" 2048
  quiet_openssl rsa -in "$CERTS/service-account.key" -pubout -out "$CERTS/service-account.pub"
}

# sign_authority NAME: its certificate and key.
sign_authority() {
  quiet_openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=slipway-$INSTANCE" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,digitalSignature \
    -keyout "$CERTS/$1.key" -out "$CERTS/$1.crt"
}

# next_authority: another one of the same name, for the next renew_authority.
next_authority() { [[ -s $CERTS/next-ca.crt ]] || sign_authority next-ca; }

# renew_authority: what the one before signed no longer counts as issued; the key of the tokens stays.
renew_authority() {
  next_authority
  rm -f "$CERTS"/*.for
  mv "$CERTS/next-ca.key" "$CERTS/ca.key"
  mv "$CERTS/next-ca.crt" "$CERTS/ca.crt"
}

# issue FILE SUBJECT [ALTERNATIVE_NAMES]: a certificate for serving if it has names, else for a client; kept if it matches.
issue() {
  local file=$CERTS/$1 subject=$2 names=${3:-} usage=clientAuth
  [[ -s $file.crt && $(cat "$file.for" 2>/dev/null) == "$subject $names" ]] && return
  [[ -z $names ]] || usage=serverAuth
  quiet_openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$subject" -keyout "$file.key" -out "$file.csr"
  printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\n%s\n' \
    "$usage" "${names:+subjectAltName=$names}" >"$file.ext"
  quiet_openssl x509 -req -in "$file.csr" -CA "$CERTS/ca.crt" -CAkey "$CERTS/ca.key" -set_serial "0x$(openssl rand -hex 16)" \
    -days 3650 -extfile "$file.ext" -out "$file.crt"
  rm -f "$file.csr" "$file.ext"
  printf '%s\n' "$subject $names" >"$file.for"
}

# write_kubeconfig FILE CERTIFICATE SERVER: everything inside, so that the one file can be copied anywhere.
write_kubeconfig() {
  local file=$1 cert=$CERTS/$2 server=$3 name=slipway-$INSTANCE
  (
    umask 077
    cat >"$file.new" <<YAML
apiVersion: v1
kind: Config
current-context: $name
contexts:
- {name: $name, context: {cluster: $name, user: $name}}
clusters:
- name: $name
  cluster:
    server: $server
    certificate-authority-data: $(base64 -w0 "$CERTS/ca.crt")
users:
- name: $name
  user:
    client-certificate-data: $(base64 -w0 "$cert.crt")
    client-key-data: $(base64 -w0 "$cert.key")
YAML
  )
  mv "$file.new" "$file"
}
