#!/bin/sh
# What `make accept` needs beside Python, from the distribution; nothing to do where it is there already.
set -eu

missing() {
    command -v soffice >/dev/null || printf ' soffice'
    command -v pdftotext >/dev/null || printf ' pdftotext'
    /usr/bin/python3 -c 'import uno' 2>/dev/null || printf ' python3-uno'
}

lacking=$(missing)
[ -n "$lacking" ] || exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "make accept: missing:$lacking (install LibreOffice Calc with its Python bridge, Noto CJK fonts" \
        "and poppler-utils; only apt-get as root does it from here)" >&2
    exit 1
fi
apt-get update -q
calc=libreoffice-calc-nogui
apt-cache show "$calc" >/dev/null 2>&1 || calc=libreoffice-calc
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    "$calc" python3-uno fonts-noto-cjk poppler-utils
lacking=$(missing)
[ -z "$lacking" ] || { echo "make accept: still missing:$lacking" >&2; exit 1; }
