#!/bin/sh
# Finds a program that tests run beside ours (nginx, a browser), and installs it if it is not there. No service is started.
#
#   scripts/program.sh nginx
#   scripts/program.sh WebKitWebDriver webkit2gtk-driver     where Debian's package has another name
#
# Prints its path on stdout. Exits 1, saying on stderr what to install, if there is none and none could be installed.
set -eu
name=$1
package=${2:-$1}
# Debian keeps what daemons are in a folder that is not in everybody's path.
PATH=$PATH:/usr/sbin:/usr/local/sbin:/sbin

command -v "$name" && exit 0

install() {
    echo "No $name found: installing the package $package…" >&2
    # In runlevel 1 a package does not start its service.
    apt-get update -qq >&2 &&
        RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >&2
}

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    # One at a time: apt does not wait for another, and tests run side by side.
    exec 9>"${TMPDIR:-/tmp}/declared-installs.lock"
    flock 9 2>/dev/null || true
    command -v "$name" && exit 0
    install && command -v "$name" && exit 0
fi

cat >&2 <<MESSAGE

The tests run a real $name, and none was found or could be installed. Install one, and run make test again:
  Debian:   apt-get install $package
  Fedora:   dnf install $name
  macOS:    brew install $name
MESSAGE
exit 1
