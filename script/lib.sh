# What the scripts share. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need_packages PACKAGE…: installs the Debian packages that are missing. Asks nothing; does nothing where all are there.
need_packages() {
  local missing=() package
  for package in "$@"; do
    if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed'; then
      missing+=("$package")
    fi
  done
  if [ ${#missing[@]} = 0 ]; then return; fi
  say "installing: ${missing[*]}"
  as_root apt-get update -q >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
}

need_build_packages() {
  need_packages build-essential cmake ninja-build pkg-config tao-pegtl-dev libfmt-dev nlohmann-json3-dev catch2 libcli11-dev \
    libsqlite3-dev libuv1-dev
}

# What some tests need besides; they say loudly what they skip without it. A server is not installed where that would start it.
need_test_packages() {
  need_packages python3-minimal openssh-client procps ansible-core socat curl
  # Debian has no .NET SDK; where Microsoft's packages are among the sources, they have
  if ! command -v dotnet >/dev/null && apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then need_packages dotnet-sdk-10.0; fi
  need_server /usr/sbin/sshd openssh-server "nothing is tried over ssh"
  need_server /usr/sbin/haproxy haproxy "no web pool is tried under load"
  need_server /usr/sbin/nginx nginx-light "no web pool is tried under load"
}

# need_server PROGRAM PACKAGE WHAT: where it is not there and would not be started on this machine by being installed.
need_server() {
  if [ -x "$1" ]; then return; fi
  if [ -d /run/systemd/system ]; then
    say "$2 is not installed (it would start a server on this machine): $3"
  else
    need_packages "$2"
  fi
}

# configure DIRECTORY OPTION…: a Ninja build there, with ccache where it is installed.
configure() {
  local directory=$1
  shift
  local options=(-S "$root" -B "$directory" -G Ninja)
  if command -v ccache >/dev/null; then options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  cmake "${options[@]}" "$@" >&2
}

# compile DIRECTORY TARGET…: all processors, but no more than the memory can take (a grammar costs a gigabyte with sanitizers).
compile() {
  local directory=$1 jobs memory
  shift
  jobs=$(nproc)
  memory=$(awk '/MemAvailable/ { print int($2 / 1024 / 1024) }' /proc/meminfo)
  if [ "$memory" -lt "$jobs" ]; then jobs=$((memory > 1 ? memory : 1)); fi
  cmake --build "$directory" -j "$jobs" ${1:+--target "$@"} >&2
}
