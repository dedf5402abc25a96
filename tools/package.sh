#!/usr/bin/env bash
# Pack the tracked files of the plugin, named as arguments, into dist/scarp-VERSION.zip with the one top folder "scarp".
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'package: %s\n' "$*" >&2; exit 1; }

git rev-parse --verify --quiet HEAD >/dev/null || fail "this is no git checkout with a commit"
if [ -n "$(git status --porcelain -- "$@")" ]; then
    printf 'package: changes that are not committed are left out\n' >&2
fi
version=$(git show HEAD:__init__.py | sed -n 's/^__version__ = "\(.*\)"/\1/p')
zip="dist/scarp-$version.zip"
mkdir -p dist
git archive --format=zip --prefix=scarp/ --output="$zip" HEAD -- "$@"

# The plugin site refuses these, and more than 25 MB.
if git ls-tree -r --name-only HEAD -- "$@" | grep -E '\.(so|dll|exe|sh|pyc)$'; then
    fail "files of these kinds may not be shipped"
fi
size=$(stat -c %s "$zip" 2>/dev/null || stat -f %z "$zip")
[ "$size" -le 25000000 ] || fail "$zip has $size bytes; 25,000,000 are allowed"
printf '%s: %s bytes\n' "$zip" "$size"
