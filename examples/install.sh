# Sourced by quickstart.sh and test/run.sh: installs Debian packages that are missing, as root or through sudo.

install_packages() {
  missing=
  for package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  as_root=
  if [ "$(id -u)" != 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null || { echo "please install as root:$missing" >&2; return 1; }
  fi
  echo "installing:$missing"
  $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq \
    --no-install-recommends $missing >/dev/null
}
