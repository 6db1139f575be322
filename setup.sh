#!/bin/sh
# Makes .venv with the locked packages of one of: requirements.txt, requirements-dev.txt.
# Installs a missing Python by apt as root; says what to do otherwise. Does nothing twice.
set -eu
cd "$(dirname "$0")"
lock=${1:?usage: setup.sh requirements.txt|requirements-dev.txt}
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

if [ -e "$stamp" ]; then
    exit 0
fi
python=$(find_python)
if [ -z "$python" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv
    python=$(find_python)
fi
if [ -z "$python" ]; then
    echo "Python 3.11 or newer with venv is needed. On Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    "$python" -m venv .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
touch "$stamp"
