# Sourced by quickstart.sh and test/run.sh: sees to what they need.

# What building takes: how to see that it is there, and its package for apt, dnf and yum, apk, zypper.
needs="
command:c++            g++            gcc-c++             g++           gcc-c++
command:meson          meson          meson               meson         meson
command:ninja          ninja-build    ninja-build         samurai       ninja
command:pkg-config     pkg-config     pkgconf-pkg-config  pkgconf       pkgconf-pkg-config
command:python3        python3        python3             python3       python3
library:libevent_core  libevent-dev   libevent-devel      libevent-dev  libevent-devel
library:fmt            libfmt-dev     fmt-devel           fmt-dev       fmt-devel
library:CLI11          libcli11-dev   cli11-devel         cli11-dev     cli11-devel
library:libpcre2-8     libpcre2-dev   pcre2-devel         pcre2-dev     pcre2-devel
library:libcrypto      libssl-dev     openssl-devel       openssl-dev   openssl-devel
library:libxxhash      libxxhash-dev  xxhash-devel        xxhash-dev    xxhash-devel
"

# missing COLUMN WORD...: the packages of this column of what is not there; only of the needs WORD, if any are named.
missing() {
  column=$1
  shift
  echo "$needs" | while read -r need apt dnf apk zypper; do
    [ -n "$need" ] || continue
    [ $# -eq 0 ] || case " $* " in *" ${need#*:} "*) ;; *) continue ;; esac
    case $need in
      command:*) command -v "${need#*:}" ;;
      library:*) pkg-config --exists "${need#*:}" ;;
    esac >/dev/null 2>&1 || eval "echo \$$column"
  done | tr '\n' ' '
}

# provide [WORD...]: what is missing is installed with apt-get; with another manager of packages it is said.
provide() {
  [ -n "$(missing apt "$@")" ] || return 0
  if command -v apt-get >/dev/null; then
    install_packages $(missing apt "$@")
    return
  fi
  for manager in dnf yum apk zypper; do
    command -v $manager >/dev/null || continue
    case $manager in
      apk) command="apk add" column=apk ;;
      yum) command="yum install" column=dnf ;;
      *) command="$manager install" column=$manager ;;
    esac
    echo "please install first, as root: $command $(missing $column "$@")" >&2
    return 1
  done
  echo "please install first what Debian calls: $(missing apt "$@")" >&2
  return 1
}

# install_packages PACKAGE...: those of Debian's that are not there, as root or through sudo.
install_packages() {
  command -v apt-get >/dev/null || { echo "this is for Debian, whose apt-get installs: $*" >&2; return 1; }
  wanted=
  for package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || wanted="$wanted $package"
  done
  [ -n "$wanted" ] || return 0
  as_root=
  if [ "$(id -u)" != 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null || { echo "please install as root: apt-get install$wanted" >&2; return 1; }
  fi
  echo "installing:$wanted"
  # sudo would leave the variables behind.
  $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
    apt-get install -y -qq --no-install-recommends $wanted >/dev/null
}
