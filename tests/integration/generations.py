# SPDX-License-Identifier: BSL-1.0
"""Generations of a plugin that say which one they are."""

import hosts

MARKER = b"generation 000000"


def write(folder, number, name="generations.so"):
    """Puts a generation of its own into the plugin folder, in one step, as a deployment does."""
    code = hosts.plugin_file("generations").read_bytes()
    assert MARKER in code
    beside = folder / (name + ".part")
    beside.write_bytes(code.replace(MARKER, b"generation %06d" % number))
    beside.chmod(0o644)
    beside.rename(folder / name)
