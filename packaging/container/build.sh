#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# build.sh ARCHIVE IMAGE: a container image, as a file that `podman load` and `docker load` take, with
# the host and the greeting of the relocatable archive and the few libraries that plugins need.
#
# It begins from nothing: no shell, no package. The same archive on the same Debian gives the same
# files.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
archive=$(readlink -f "$1")
image=$(readlink -f "$2")
version=${archive##*/mortise-}
version=${version%%-*}
user=65532 # "nonroot" by custom; no host gives it to a person

work=$(mktemp -d)
buildah=(buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run")
trap 'rm -rf "$work"' EXIT

root=$work/image
install -d -m 755 "$root"/{etc/mortise/conf.d,etc/mortise/plugins.d,dev,proc,run,sys,usr/bin,usr/lib/mortise}
install -d -m 1777 "$root/tmp"
mkdir "$work/archive"
tar --extract --file "$archive" --directory "$work/archive" --strip-components 1 --no-same-owner
install -m 755 "$work/archive/bin/mortise" "$root/usr/bin/"
cp -r --no-preserve=mode "$work/archive/lib/mortise/plugins" "$root/usr/lib/mortise/"
cp "$work/archive/etc/mortise/plugins.d/greeting.toml" "$root/etc/mortise/plugins.d/"
cp "$here/mortise.toml" "$root/etc/mortise/"
echo "mortise:x:$user:$user::/:/usr/bin/mortise" >"$root/etc/passwd"
echo "mortise:x:$user:" >"$root/etc/group"

# The loader and the C library for the host; plugins in C++ need its library too.
loader=$(readelf --program-headers "$root/usr/bin/mortise" |
    sed -n 's/.*program interpreter: \(.*\)]/\1/p')
install -D -m 755 "$loader" "$root$loader"
for library in libc.so.6 libm.so.6 libgcc_s.so.1 libstdc++.so.6; do
    file=$(gcc -print-file-name="$library")
    install -D -m 644 "$(readlink -f "$file")" "$root/lib/$(gcc -print-multiarch)/$library"
done

container=$("${buildah[@]}" from --format docker scratch)
"${buildah[@]}" copy --quiet --chown 0:0 "$container" "$root" / >/dev/null
mkdir "$work/control"
"${buildah[@]}" copy --quiet --chown "$user:$user" "$container" "$work/control" \
    /run/mortise >/dev/null
"${buildah[@]}" config --user "$user:$user" --port 8080/tcp --stop-signal SIGTERM \
    --entrypoint '["/usr/bin/mortise","run"]' \
    --healthcheck 'CMD /usr/bin/mortise status' --healthcheck-interval 10s \
    --healthcheck-timeout 5s \
    --label org.opencontainers.image.title=Mortise \
    --label "org.opencontainers.image.version=$version" \
    --label org.opencontainers.image.licenses=BSL-1.0 "$container"
"${buildah[@]}" commit --quiet --format docker --timestamp "$(stat -c %Y "$archive")" \
    "$container" "localhost/mortise:$version" >/dev/null
rm -f "$image"
"${buildah[@]}" push --quiet "localhost/mortise:$version" \
    "docker-archive:$image:localhost/mortise:$version"
