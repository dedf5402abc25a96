#!/usr/bin/env bash
# Find QGIS 3.40 or later, or install it on Debian; then make both environments (tools/environments.py).
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

qgis_version() {
    command -v qgis_process >/dev/null || return 0
    QT_QPA_PLATFORM=offscreen qgis_process --version 2>/dev/null | sed -n 's/^QGIS \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1
}

recent() { # is QGIS version $1 3.40 or later?
    local major=${1%%.*} minor=${1#*.}
    [ -n "$1" ] && { [ "$major" -gt 3 ] || { [ "$major" -eq 3 ] && [ "$minor" -ge 40 ]; }; }
}

sources() { # the active lines of the machine's apt sources, files set apart by an empty line
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ -r "$file" ] && sed '/^[[:space:]]*#/d' "$file" && echo
    done
    return 0
}

mirror() { # the address from which this machine gets the Debian suite $1, in either format of apt
    sources | awk -v suite="$1" 'BEGIN { RS = ""; FS = "\n" } {
        address = ""; found = 0
        for (line = 1; line <= NF; line++) {
            count = split($line, word, " ")
            if (word[1] == "deb") for (i = 2; i < count; i++) if (word[i] ~ "://" && word[i + 1] == suite) print word[i]
            if (word[1] == "URIs:") address = word[2]
            if (word[1] == "Suites:") for (i = 2; i <= count; i++) if (word[i] == suite) found = 1
        }
        if (found) print address
    }' | head -n 1
}

install_qgis() {
    local id codename address
    id=$(. /etc/os-release 2>/dev/null && printf '%s' "${ID:-}")
    codename=$(. /etc/os-release 2>/dev/null && printf '%s' "${VERSION_CODENAME:-}")
    [ "$id" = debian ] || fail "QGIS 3.40 or later is needed${1:+ (found $1)}. Only on Debian can this script install it: install QGIS, then run this again."
    [ "$(id -u)" = 0 ] || fail "QGIS 3.40 or later is needed${1:+ (found $1)}. Run 'make setup' once as root, or install QGIS from $codename-backports yourself."
    address=$(mirror "$codename")
    [ -n "$address" ] || fail "no Debian mirror with the suite '$codename' stands in this machine's apt sources. Add one, or install QGIS 3.40 yourself."
    say "Installing QGIS from $codename-backports (a minute or two)"
    if ! sources | grep -q "$codename-backports"; then
        local keys=/usr/share/keyrings/debian-archive-keyring.gpg
        printf 'deb %s%s %s-backports main\n' "$([ -r $keys ] && printf '[signed-by=%s] ' $keys)" "$address" "$codename" \
            >/etc/apt/sources.list.d/scarp-backports.list
    fi
    export DEBIAN_FRONTEND=noninteractive
    local log=.venv/apt.log
    mkdir -p .venv
    apt-get update >"$log" 2>&1 || fail "apt-get update failed; is there a network? Its last words: $(tail -n 2 "$log")"
    apt-get install -y --no-install-recommends -t "$codename-backports" qgis python3-qgis python3-venv xvfb >"$log" 2>&1 ||
        fail "QGIS could not be installed; is there a network? apt's last words: $(tail -n 4 "$log")"
}

python_of_qgis() { # a Python that can import qgis
    local candidate
    for candidate in /usr/bin/python3 python3; do
        if "$candidate" -c 'import qgis.core' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

version=$(qgis_version)
if ! recent "$version"; then
    install_qgis "$version"
    version=$(qgis_version)
    recent "$version" || fail "QGIS ${version:-(none)} is what apt gave; 3.40 or later is needed."
fi
python=$(python_of_qgis)
[ -n "$python" ] || fail "QGIS $version is there, but no Python that can import it (Debian: apt install python3-qgis)."
exec "$python" -I tools/environments.py
