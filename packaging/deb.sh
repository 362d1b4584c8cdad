#!/usr/bin/env bash
# Builds target/shuke_VERSION_ARCH.deb from the dist binary with dpkg-deb alone.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n1)
arch=$(dpkg --print-architecture)
binary=${1:-$target/dist/shuke}
[ -x "$binary" ] || { echo "no $binary: run make dist first" >&2; exit 1; }
root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
install -Dm755 "$binary" "$root/usr/bin/shuke"
# Questions in SQL are answered by a program of its own: it goes along where it was built.
sql=$(dirname "$binary")/shuke-sql
if [ -x "$sql" ]; then install -Dm755 "$sql" "$root/usr/bin/shuke-sql"; else echo "no $sql: the package goes without shuke-sql" >&2; fi
install -Dm644 packaging/shuke.service "$root/lib/systemd/system/shuke.service"
install -Dm644 README.md "$root/usr/share/doc/shuke/README.md"
install -Dm644 LICENSE "$root/usr/share/doc/shuke/copyright"
install -d "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<CONTROL
Package: shuke
Version: $version
Architecture: $arch
Maintainer: The Shuke maintainers <maintainers@shuke.invalid>
Depends: libc6
Recommends: ca-certificates
Suggests: postgresql
Section: web
Priority: optional
Description: members and loyalty for a shop, on its own machine
 One record per member from orders and behaviour across platforms, import of
 the files that shops really have, identity, consent, console and API.
CONTROL
cat >"$root/DEBIAN/postinst" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
  getent passwd shuke >/dev/null || adduser --system --group --home /var/lib/shuke --no-create-home shuke
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
  echo "Start with: systemctl enable --now shuke; the first sign-in's token: journalctl -u shuke"
fi
SCRIPT
cat >"$root/DEBIAN/prerm" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl disable --now shuke || true; fi
SCRIPT
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm"
out="$target/shuke_${version}_$arch.deb"
dpkg-deb --root-owner-group --build "$root" "$out" >/dev/null
echo "$out"
