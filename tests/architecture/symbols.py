# SPDX-License-Identifier: BSL-1.0
"""The host exports nothing, a plugin one object: symbols.py BUILD prints what breaks that.

BUILD holds bin/mortise, plugins/*.so and examples/*.so. A plugin takes nothing of the host: what it
imports has a version, as all symbols of the C and C++ runtime have.
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
    for symbol, kind in dynamic_symbols(path):
        if kind == "U" and "@" not in symbol:
            yield source_tree.Fault(name, 0, f"imports {symbol}, which no runtime library offers: "
                                    "a plugin takes nothing of the host")


def faults(build):
    """Every symbol that the host or a plugin exports or imports against the rule."""
    host = build / "bin/mortise"
    plugins = sorted([*build.glob("plugins/*.so"), *build.glob("examples/*.so")])
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
