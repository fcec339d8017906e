# SPDX-License-Identifier: BSL-1.0
"""The host exports nothing, a plugin one object: symbols.py BUILD prints what breaks that.

BUILD holds bin/mortise, plugins/*.so, lib/mortise/*.so and examples/*.so. A plugin takes nothing of the host: what it
imports has a version, as all symbols of the C and C++ runtime have, or is exported by a library that
it is linked with.
"""

import subprocess

import source_tree

EXPORT = "mortise_plugin"


def dynamic_symbols(path):
    """(name with its version, type) of each dynamic symbol; nm(1) says what a type means."""
    listing = subprocess.run(["nm", "--dynamic", "--format=posix", str(path)], check=True,
                             capture_output=True, text=True).stdout
    for line in listing.splitlines():
        name, kind = line.split()[:2]
        yield name, kind


def exports(path):
    return [name for name, kind in dynamic_symbols(path) if kind not in "Uwv"]


def exports_of_libraries(path):
    """The names that the libraries export which the file needs, and those that they need."""
    listing = subprocess.run(["ldd", str(path)], check=True, capture_output=True, text=True).stdout
    libraries = [words[2] for words in map(str.split, listing.splitlines()) if words[1:2] == ["=>"]]
    return {name.partition("@")[0] for library in libraries for name in exports(library)}


def host_faults(path, name):
    for symbol in exports(path):
        yield source_tree.Fault(name, 0, f"exports {symbol}: the host exports nothing")


def plugin_faults(path, name):
    exported = exports(path)
    if EXPORT not in exported:
        yield source_tree.Fault(name, 0, f"does not export {EXPORT}")
    for symbol in exported:
        if symbol != EXPORT:
            yield source_tree.Fault(name, 0, f"exports {symbol}: a plugin exports {EXPORT} alone")
    unversioned = {symbol for symbol, kind in dynamic_symbols(path)
                   if kind == "U" and "@" not in symbol}
    for symbol in sorted(unversioned and unversioned - exports_of_libraries(path)):
        yield source_tree.Fault(name, 0, f"imports {symbol}, which no library of its own offers: "
                                "a plugin takes nothing of the host")


def faults(build):
    """Every symbol that the host or a plugin exports or imports against the rule."""
    host = build / "bin/mortise"
    plugins = sorted(file for folder in ("plugins", "lib/mortise", "examples")
                     for file in build.glob(f"{folder}/*.so"))
    for path in [host, *plugins]:
        name = str(path.relative_to(build))
        if not path.is_file():
            yield source_tree.Fault(name, 0, "is not built")
        else:
            yield from (host_faults if path == host else plugin_faults)(path, name)
    if not plugins:
        yield source_tree.Fault("plugins", 0, "no plugin is built")


if __name__ == "__main__":
    source_tree.run(__doc__, faults)
