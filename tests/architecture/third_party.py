# SPDX-License-Identifier: BSL-1.0
"""Each third-party header only where it is allowed: third_party.py ROOT prints all others."""

import dataclasses
import re

import source_tree


@dataclasses.dataclass(frozen=True)
class Permission:
    """Headers that begin with `prefix` may be included in `places`: files, or folders with "/"."""
    prefix: str
    places: tuple
    reason: str


# The longest prefix that fits a header decides.
PERMISSIONS = (
    Permission("boost/asio/", ("core/admin/", "core/async/", "core/cli/check_plugin.cpp",
                                "core/develop/", "core/net/", "core/server/", "tests/"),
               "loops, sockets and signals; HTTP knows none of them"),
    Permission("boost/asio/post.hpp", ("core/develop/", "core/http1/service.cpp", "core/server/",
                                       "tests/"),
               "a batch of requests gives way to the loop's other work"),
    Permission("boost/asio/impl/", ("core/async/asio.cpp",), "Asio is compiled once"),
    Permission("boost/beast/", ("core/admin/connection.cpp", "core/admin/client.cpp", "tests/"),
               "both ends of the control socket; the opponent of the host's own reader in fuzzing"),
    Permission("boost/beast/http/verb.hpp", ("core/http/method.hpp",), "the methods' names"),
    Permission("boost/beast/http/status.hpp", ("core/http/status.hpp",), "the reason phrases"),
    Permission("boost/beast/http/impl/", ("core/http/beast.cpp",),
               "the vocabulary is compiled once"),
    Permission("boost/beast/core/string.hpp", ("core/http/beast.cpp",),
               "the vocabulary compares names by it"),
    Permission("boost/beast/core/detail/string.hpp", ("core/http/beast.cpp",),
               "the vocabulary compares names by it"),
    Permission("boost/dll/", ("core/plugin/library.cpp",),
               "one file maps libraries and proves that they are gone"),
    Permission("boost/intrusive/", ("core/async/", "core/http1/", "core/plugin/operation.hpp",
                                    "tests/loopback/"),
               "lists of deadlines, connections and operations that allocate nothing"),
    Permission("boost/json/", ("core/admin/", "core/server/admin_desk.cpp",
                               "core/server/conformance.cpp", "core/server/plugin_desk.cpp",
                               "core/server/plugin_json.hpp",
                               "core/develop/served_host.cpp",
                               "core/cli/change.cpp", "core/cli/check_plugin.cpp",
                               "core/cli/control.cpp",
                               "core/cli/control.hpp", "core/cli/plugin.cpp",
                               "core/cli/status.cpp", "tests/", "examples/notes/documents.cpp"),
               "what is said over the control socket; the notes' documents"),
    Permission("boost/system/", ("core/", "tests/"), "the error currency, base::result"),
    Permission("spdlog/", ("core/observe/log.cpp",), "the log's sink and pattern"),
    Permission("CLI/", ("core/cli/change.cpp", "core/cli/configuration.cpp", "core/cli/dev.cpp", "core/cli/new.cpp", "core/cli/options.hpp",
                        "core/cli/run.cpp",
                        "core/cli/plugin.cpp", "core/cli/source_options.cpp",
                        "core/cli/status.cpp"),
               "arguments of the command line"),
    Permission("toml++/", ("core/config/document.cpp",), "the configuration's language"),
    Permission("gtest/", ("tests/",), "the unit tests' language"),
    Permission("openssl/", ("examples/upload/",), "a digest, from a library"),
    Permission("sqlite3.h", ("examples/notes/store.cpp",), "the notes' database"),
    Permission("kore/", ("tests/bench/peers/",), "a peer that the benchmark compares with"),
)

# C++ names have no dot; these folders and files belong to the C library, the kernel, the compiler.
OWN = re.compile(r"mortise/|\w+$|(?:arpa|linux|net|netinet|sys)/")
SYSTEM = frozenset("""
    assert.h ctype.h cxxabi.h dirent.h dlfcn.h elf.h emmintrin.h endian.h err.h errno.h execinfo.h fcntl.h fnmatch.h
    getopt.h glob.h grp.h ifaddrs.h immintrin.h inttypes.h limits.h link.h locale.h malloc.h
    math.h netdb.h poll.h pthread.h pwd.h sched.h semaphore.h setjmp.h signal.h spawn.h stdalign.h
    stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h string.h
    strings.h termios.h threads.h time.h ucontext.h unistd.h wchar.h
""".split())


def is_third_party(header):
    return not OWN.match(header) and header not in SYSTEM


def stands_in(path, place):
    return path.startswith(place) if place.endswith("/") else path == place


def include_rule(include):
    """The rule that the include of a third-party header breaks, or None."""
    fitting = [one for one in PERMISSIONS if include.header.startswith(one.prefix)]
    if not fitting:
        return (f"<{include.header}> has no permission: if its library must be used, "
                "tests/architecture/third_party.py is to say where and why")
    permission = max(fitting, key=lambda one: len(one.prefix))
    if any(stands_in(include.path, place) for place in permission.places):
        return None
    return (f"<{include.header}> is allowed in {', '.join(permission.places)} alone: "
            f"{permission.reason}")


def faults(root):
    """Every third-party header where it is not allowed; every permission that a file lets idle."""
    third_party = [one for one in source_tree.includes(root)
                   if not one.is_quoted and is_third_party(one.header)]
    for include in third_party:
        if rule := include_rule(include):
            yield include.fault(rule)
    for permission in PERMISSIONS:
        for place in permission.places:
            is_used = any(one.header.startswith(permission.prefix) and stands_in(one.path, place)
                          for one in third_party)
            if (root / place).is_file() and not is_used:
                yield source_tree.Fault(place, 0, f"<{permission.prefix}…> is allowed and not used "
                                        "here: take the permission away")


if __name__ == "__main__":
    source_tree.run(__doc__, faults)
