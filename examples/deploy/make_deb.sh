#!/bin/sh
# Makes a Debian package of the program, its manual, its unit and its completions.
set -eu
usage() {
  cat <<WORDS
usage: sh examples/deploy/make_deb.sh [BUILD [FOLDER]]

Makes FOLDER/ddbproxy_<version>_<architecture>.deb out of what is built in BUILD, and says its name. Without BUILD it
builds in build/ first, as the quick start does. FOLDER is BUILD when it is not named.

It is installed beside Debian's haproxy or without it: it conflicts with nothing, and where no other package has put
one there, /usr/sbin/haproxy leads to it (update-alternatives).
WORDS
}
case ${1:-} in
  -h | --help) usage; exit 0 ;;
  -*) echo "make_deb: what is '$1'?" >&2; usage >&2; exit 2 ;;
esac

source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/examples/install.sh"
command -v dpkg-shlibdeps >/dev/null || install_packages dpkg-dev

if [ $# -gt 0 ]; then
  build=$1
else
  build=$source/build
  provide
  [ -f "$build/build.ninja" ] || meson setup "$build" "$source" --buildtype=release >/dev/null
  echo "building $build, which takes some minutes the first time ..." >&2
  ninja -C "$build" --quiet >&2
fi
folder=${2:-$build}

# introspect WHAT EXPRESSION: what meson knows of the build.
introspect() {
  meson introspect "$build" "--$1" | python3 -c "import json, sys; found = json.load(sys.stdin); print($2)"
}
version=$(introspect projectinfo 'found["version"]')
prefix=$(introspect buildoptions 'next(option["value"] for option in found if option["name"] == "prefix")')
architecture=$(dpkg --print-architecture)

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
root=$here/debian/ddbproxy
umask 022

# The library of the public headers is left to those who build with it.
meson install -C "$build" --no-rebuild --quiet --strip --tags runtime,man --destdir "$here/installed"
mkdir -p "$root"
mv "$here/installed$prefix" "$root/usr"
# What the administrator starts stands where Debian has it, whatever the build was set up for.
mkdir "$root/usr/sbin"
mv "$root/usr/bin/ddbproxy" "$root/usr/sbin/"
rmdir "$root/usr/bin"
sed -i "s,$prefix/bin/,/usr/sbin/,g" "$root/usr/lib/systemd/system/ddbproxy.service"
gzip -9n "$root"/usr/share/man/man*/*
mkdir -p "$root/usr/share/doc/ddbproxy/examples" "$root/DEBIAN"
cp "$source"/examples/*.cfg "$root/usr/share/doc/ddbproxy/examples/"
cp "$source/LICENSE" "$root/usr/share/doc/ddbproxy/copyright"
for script in postinst prerm postrm; do
  install -m 755 "$source/examples/deploy/debian/$script" "$root/DEBIAN/"
done

# When the file haproxy comes or goes with another package, postinst looks at the link again.
echo "interest-noawait /usr/sbin/haproxy" >"$root/DEBIAN/triggers"

# It depends on what it links.
: >"$here/debian/control"
needs=$(cd "$here" && dpkg-shlibdeps -O -e"$root/usr/sbin/ddbproxy" | sed 's/^shlibs:Depends=//')
cat >"$root/DEBIAN/control" <<WORDS
Package: ddbproxy
Version: $version
Architecture: $architecture
Maintainer: ${DEBFULLNAME:-ddbproxy} <${DEBEMAIL:-root@localhost}>
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: $needs, adduser
Section: net
Priority: optional
Description: proxy and load balancer for DolphinDB that takes haproxy's place
 It reads the configuration of haproxy 2.6, knows its command line, writes its log lines, shows its statistics page and
 answers the commands of its runtime API.
WORDS

mkdir -p "$folder"
package=$folder/ddbproxy_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" >/dev/null
echo "$package"
