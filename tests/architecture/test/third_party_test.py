# SPDX-License-Identifier: BSL-1.0
"""The check of third-party headers finds those that are where they may not be."""

import unittest

import bad_tree


class ThirdParty(bad_tree.TreeTest):
    check = "third_party.py"

    def include(self, path, *headers):
        self.write(path, "// One.\n" + "".join(f"#include <{header}>\n" for header in headers))

    def test_accepts_what_is_allowed_and_what_is_no_third_party(self):
        self.include("core/plugin/library.cpp", "boost/dll/shared_library.hpp", "elf.h", "vector")
        self.include("core/net/listener.cpp", "boost/asio/ip/tcp.hpp", "sys/socket.h")
        self.include("tests/unit/http/date_test.cpp", "gtest/gtest.h")
        self.assert_sound()

    def test_finds_a_library_outside_its_file(self):
        self.include("core/plugin/instance.cpp", "string", "boost/dll/import.hpp")
        self.assert_found("core/plugin/instance.cpp:3", "<boost/dll/import.hpp> is allowed in "
                          "core/plugin/library.cpp alone: one file maps libraries")

    def test_finds_a_sub_library_that_nobody_may_use(self):
        self.include("core/base/arena.cpp", "boost/regex.hpp")
        self.assert_found("core/base/arena.cpp:2", "<boost/regex.hpp> has no permission")

    def test_finds_a_library_that_nobody_may_use(self):
        for header in ("zlib.h", "fmt/format.h"):
            self.include("sdk/include/mortise/sdk/log.hpp", header)
            self.assert_found("sdk/include/mortise/sdk/log.hpp:2", f"<{header}> has no permission")

    def test_judges_by_the_longest_prefix(self):
        self.include("core/server/server.cpp", "boost/asio/impl/src.hpp", "boost/asio/post.hpp",
                     "boost/asio/io_context.hpp")
        self.include("core/server/worker.cpp", "boost/asio/io_context.hpp")
        self.assert_found("core/server/server.cpp:2", "Asio is compiled once")

    def test_finds_a_permission_that_nobody_uses(self):
        self.include("core/cli/run.cpp", "vector")
        self.assert_found("core/cli/run.cpp", "<CLI/…> is allowed and not used here")


if __name__ == "__main__":
    unittest.main()
