# SPDX-License-Identifier: BSL-1.0
"""No include and no link goes against the layers: layers.py ROOT prints those that do."""

import re

import source_tree

# From the ground up; boxes side by side never meet.
LAYERS = (
    ("base",),
    ("async", "observe"),
    ("http", "net"),
    ("routing",),
    ("plugin", "filters", "http1", "http2", "websocket"),
    ("config", "admin"),
    ("server",),
    ("develop",),
    ("cli",),
)
HEIGHT = {layer: height for height, side_by_side in enumerate(LAYERS) for layer in side_by_side}

# A connection knows http::handler alone: what a protocol serves is not its business.
FORBIDDEN = {(protocol, "routing") for protocol in ("http1", "http2", "websocket")}

ABI_HEADERS = {"stddef.h", "stdint.h"}
CMAKE_COMMENT = re.compile(r"#[^\n]*")
CMAKE_LINKS = re.compile(
    r"\b(?:mortise_layer\s*\([^)]*?\bLINKS\b|target_link_libraries\s*\()([^)]*)\)")
CMAKE_TARGET = re.compile(r"\bmortise(?:_|::)(\w+)")


def may_use(upper, lower):
    return upper == lower or (HEIGHT[lower] < HEIGHT[upper] and (upper, lower) not in FORBIDDEN)


def layer_of(root, header):
    """The layer that a header of core/ belongs to; <net/if.h> is not core's."""
    layer = header.split("/")[0]
    return layer if layer in HEIGHT and (root / "core" / header).is_file() else None


def is_beside(root, include):
    return "/" not in include.header and ((root / include.path).parent / include.header).is_file()


def is_of_the_abi(root, include):
    found = ((root / include.path).parent / include.header).resolve()
    return found.is_file() and found.is_relative_to((root / "sdk/include/mortise/abi").resolve())


def core_rule(root, include):
    """The rule that an include in core/ breaks, or None."""
    own = include.path.split("/")[1]
    if own not in HEIGHT:
        return f"core/{own} is no layer"
    if include.header.startswith("mortise/sdk"):
        return f"core never includes the C++ SDK: <{include.header}>"
    if include.header.startswith("mortise/") and own != "plugin":
        return f"the ABI's headers are read by core/plugin alone: <{include.header}>"
    layer = layer_of(root, include.header)
    if include.is_quoted and layer is None:
        return f'an include in core is written from core/ on: "{include.header}"'
    if layer is not None and not may_use(own, layer):
        return f'{own} may not use {layer}: an include goes only down: "{include.header}"'
    return None


def sdk_rule(root, include):
    """The rule that an include in sdk/ breaks, or None."""
    header = include.header
    if include.path.startswith("sdk/include/mortise/abi/"):
        if header in ABI_HEADERS or (include.is_quoted and is_of_the_abi(root, include)):
            return None
        return f"the ABI stands on <stddef.h> and <stdint.h> alone: <{header}>"
    if header.startswith("mortise/") or ("/" not in header and not header.endswith(".hpp")):
        return None
    return f"the SDK stands on the ABI and the standard library alone: <{header}>"


def plugin_rule(root, include):
    """The rule that an include in plugins/ or examples/ breaks, or None."""
    beside = ((root / include.path).parent / include.header).resolve()
    is_of_core = include.is_quoted and beside.is_relative_to((root / "core").resolve())
    if is_of_core or (layer_of(root, include.header) and not is_beside(root, include)):
        return f'a plugin knows the SDK, nothing of core: "{include.header}"'
    return None


RULES = {"core": core_rule, "sdk": sdk_rule, "plugins": plugin_rule, "examples": plugin_rule}


def include_faults(root):
    for include in source_tree.includes(root, RULES):
        folder = include.path.split("/")[0]
        if rule := RULES[folder](root, include):
            yield include.fault(rule)


def links(root):
    """What the CMakeLists.txt of each layer links: (layer, path, line, other target)."""
    for path in sorted((root / "core").glob("*/CMakeLists.txt")):
        text = CMAKE_COMMENT.sub(lambda found: " " * len(found[0]), path.read_text("utf-8"))
        for call in CMAKE_LINKS.finditer(text):
            for target in CMAKE_TARGET.finditer(text, call.start(1), call.end(1)):
                yield (path.parent.name, str(path.relative_to(root)),
                       source_tree.line_of(text, target.start()), target[1])


def reachable(linked, layer):
    """The layers that `layer` links, and those that they link."""
    found = {layer}
    waiting = [layer]
    while waiting:
        new = linked.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def link_faults(root):
    linked = {}
    for layer, path, line, target in links(root):
        if target in ("flags", layer):
            continue
        if target not in HEIGHT:
            yield source_tree.Fault(path, line, f"{layer} links {target}, which is no layer")
        elif layer in HEIGHT and not may_use(layer, target):
            yield source_tree.Fault(path, line,
                                    f"{layer} may not use {target}: a link goes only down")
        linked.setdefault(layer, set()).add(target)
    for include in source_tree.includes(root, ["core"]):
        layer, used = include.path.split("/")[1], layer_of(root, include.header)
        if used and used not in reachable(linked, layer):
            yield include.fault(f"{layer} uses {used} and does not link it")


def faults(root):
    """Every place of the tree that goes against the layers."""
    yield from include_faults(root)
    yield from link_faults(root)


if __name__ == "__main__":
    source_tree.run(__doc__, faults)
