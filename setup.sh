#!/bin/sh
# Makes .venv with the locked packages of one file, and sees that commands are there:
#   setup.sh requirements-dev.txt node:nodejs chromium:chromium
# installs what is missing by apt as root, and says what to install otherwise.
# Does nothing twice.
set -eu
cd "$(dirname "$0")"
lock=${1:?usage: setup.sh requirements.txt|requirements-dev.txt [command:package …]}
shift
stamp=.venv/.installed-$(cat setup.sh "$lock" | sha256sum | cut -c1-16)

usable() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for python in python3.11 python3 python3.12 python3.13; do
        if usable "$python"; then
            echo "$python"
            return
        fi
    done
}

install() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "Needed and not there: $*. On Debian, as root: apt-get install $*" >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

missing=
for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086  # a list of package names
    install $missing
fi

if [ -e "$stamp" ]; then
    exit 0
fi
if [ ! -x .venv/bin/python ]; then
    [ -n "$(find_python)" ] || install python3 python3-venv
    "$(find_python)" -m venv .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
touch "$stamp"
