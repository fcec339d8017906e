#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# build.sh FOLDER [VERSION [WORK]]: Debian's packages of this tree, in FOLDER, as of VERSION where that is
# not empty.
#
# They are built in a copy of the files that git knows, in WORK, with the times of the changelog: the same
# tree gives the same bytes wherever it is built.
set -euo pipefail
tree=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
work=${3-$tree/build/package/work}
mkdir -p "$1"
folder=$(cd "$1" && pwd)
time=$(dpkg-parsechangelog -l "$tree/packaging/debian/changelog" -S Timestamp)
version=$(dpkg-parsechangelog -l "$tree/packaging/debian/changelog" -S Version)

copy=$work/mortise
rm -rf "$work"
mkdir -p "$copy"
(cd "$tree" && git ls-files -z -- ':!packaging/debian' |
    tar --create --null --files-from=- --mtime="@$time") | tar --extract --directory "$copy"
(cd "$tree/packaging" && git ls-files -z -- debian |
    tar --create --null --files-from=- --mtime="@$time") | tar --extract --directory "$copy"
if [ -n "${2-}" ]; then
    sed -i "1s/($version)/($2)/" "$copy/debian/changelog"
    sed -i "s/^project(mortise VERSION $version /project(mortise VERSION $2 /" "$copy/CMakeLists.txt"
    version=$2
fi

cd "$copy"
# debhelper gives the build another home.
CCACHE_DIR=${CCACHE_DIR-$(ccache --get-config cache_dir)}
export CCACHE_DIR PATH="/usr/lib/ccache:$PATH" LC_ALL=C.UTF-8
export DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS-parallel=$(nproc)}"
dpkg-buildpackage --no-sign --build=full
find "$folder" -maxdepth 1 -type f \( -name 'mortise_*' -o -name 'mortise-[a-z]*_*' \) -delete
find "$work" -maxdepth 1 -type f -exec mv -t "$folder" {} +
rm -rf "$work"
