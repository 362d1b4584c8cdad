# What the scripts share: where binaries lie, and a server on a free port with a fresh store.
target=${CARGO_TARGET_DIR:-target}
debug_bin=${SHUKE_BIN:-$target/debug/shuke}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# fresh_server BINARY [serve options …]: sets $data, $url, $key, $server_pid; stopped at exit.
fresh_server() {
  local bin=$1; shift
  work=$(mktemp -d)
  data=$work/data
  export SHUKE_MASTER_KEY_FILE=$work/keys/master.key
  local port; port=$(free_port)
  url=http://127.0.0.1:$port
  echo "correct horse battery staple" | "$bin" admin create-merchant --name bench --owner owner@example.com --data "$data" ${store:+--store "$store"} >/dev/null
  local scopes=members:read,members:write,members:unmask,orders:read,orders:write,imports:read,imports:write,products:read,products:write,staff:manage,keys:manage,webhooks:manage,audit:read,privacy:manage,settings:write,events:read,export:clear
  key=$("$bin" admin create-key --name scripts --scopes $scopes --data "$data" ${store:+--store "$store"})
  ${server_prefix:-} "$bin" serve --data "$data" ${store:+--store "$store"} --listen "127.0.0.1:$port" "$@" >"$work/log" 2>&1 &
  server_pid=$!
  trap 'kill $server_pid 2>/dev/null; wait $server_pid 2>/dev/null; rm -rf "$work"' EXIT
  for _ in $(seq 200); do
    curl -sf "$url/health/ready" >/dev/null && return 0
    kill -0 $server_pid 2>/dev/null || break
    sleep 0.05
  done
  echo "the server did not become ready:" >&2
  cat "$work/log" >&2
  return 1
}
