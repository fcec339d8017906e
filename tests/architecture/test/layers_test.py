# SPDX-License-Identifier: BSL-1.0
"""The check of the layers finds includes and links against them."""

import unittest

import bad_tree


class Layers(bad_tree.TreeTest):
    check = "layers.py"

    def setUp(self):
        super().setUp()
        self.layer("base")
        self.layer("net", "base")
        self.layer("http", "base")
        self.layer("routing", "http")
        self.layer("http1", "http", "net")
        self.layer("plugin", "http")

    def layer(self, name, *links):
        self.write(f"core/{name}/{name}.hpp", "#pragma once\n")
        targets = " ".join(f"mortise_{link}" for link in links)
        self.write(f"core/{name}/CMakeLists.txt",
                   f"mortise_layer({name}\n    SOURCES {name}.cpp\n    LINKS {targets})\n")

    def include(self, path, header):
        self.write(path, f"// One.\n#include {header}\n")

    def test_accepts_includes_and_links_that_go_down(self):
        self.include("core/http1/connection.cpp", '"http/http.hpp"')
        self.include("core/routing/router.cpp", '"base/base.hpp"')
        self.include("core/plugin/view.hpp", "<mortise/abi/types.h>")
        self.include("core/net/address.cpp", "<net/if.h>")
        self.include("sdk/include/mortise/sdk/log.hpp", "<mortise/abi/host.h>")
        self.include("examples/echo/echo.cpp", "<mortise/sdk.hpp>")
        self.assert_sound()

    def test_finds_an_include_that_goes_up(self):
        self.include("core/http/target.cpp", '"routing/routing.hpp"')
        self.assertIn("core/http/target.cpp:2: http may not use routing: "
                      'an include goes only down: "routing/routing.hpp"', self.found())

    def test_finds_an_include_in_angle_brackets(self):
        self.include("core/base/arena.cpp", "<net/net.hpp>")
        self.assertIn("core/base/arena.cpp:2: base may not use net: an include goes only down: "
                      '"net/net.hpp"', self.found())

    def test_finds_boxes_side_by_side_that_meet(self):
        self.layer("http", "base", "net")
        self.assert_found("core/http/CMakeLists.txt:3",
                          "http may not use net: a link goes only down")

    def test_finds_a_connection_that_knows_routing(self):
        self.layer("http1", "http", "net", "routing")
        self.assert_found("core/http1/CMakeLists.txt:3", "http1 may not use routing")

    def test_finds_a_link_that_goes_up(self):
        self.write("core/base/CMakeLists.txt", "mortise_layer(base SOURCES a.cpp)\n"
                   "target_link_libraries(mortise_base PRIVATE mortise_http)\n")
        self.assert_found("core/base/CMakeLists.txt:2", "base may not use http")

    def test_finds_a_layer_that_is_used_and_not_linked(self):
        self.layer("plugin")
        self.include("core/plugin/reply.cpp", '"http/http.hpp"')
        self.assert_found("core/plugin/reply.cpp:2", "plugin uses http and does not link it")

    def test_finds_a_folder_that_is_no_layer(self):
        self.include("core/more/more.cpp", "<vector>")
        self.assert_found("core/more/more.cpp:2", "core/more is no layer")

    def test_finds_an_include_that_is_not_written_from_core_on(self):
        self.include("core/http/target.cpp", '"../base/base.hpp"')
        self.assert_found("core/http/target.cpp:2", "is written from core/ on")

    def test_finds_the_abi_outside_core_plugin(self):
        self.include("core/http1/connection.cpp", "<mortise/abi/types.h>")
        self.assert_found("core/http1/connection.cpp:2", "read by core/plugin alone")

    def test_finds_the_sdk_in_core(self):
        self.include("core/plugin/view.hpp", "<mortise/sdk/field.hpp>")
        self.assert_found("core/plugin/view.hpp:2", "core never includes the C++ SDK")

    def test_finds_core_and_boost_in_the_sdk(self):
        for header in ("<boost/system/result.hpp>", '"http/field.hpp"'):
            self.include("sdk/include/mortise/sdk/log.hpp", header)
            self.assert_found("sdk/include/mortise/sdk/log.hpp:2", "stands on the ABI")

    def test_finds_the_sdk_in_the_abi(self):
        self.include("sdk/include/mortise/abi/host.h", "<mortise/sdk/log.hpp>")
        self.assert_found("sdk/include/mortise/abi/host.h:2", "stands on <stddef.h>")

    def test_finds_core_in_an_example(self):
        self.include("examples/echo/echo.cpp", '"http/http.hpp"')
        self.assert_found("examples/echo/echo.cpp:2", "a plugin knows the SDK, nothing of core")

    def test_finds_core_in_a_plugin_by_a_way_around(self):
        self.include("plugins/greeting/greeting.cpp", '"../../core/http/http.hpp"')
        self.assert_found("plugins/greeting/greeting.cpp:2", "a plugin knows the SDK, nothing of core")

    def test_reads_no_comment_and_no_text(self):
        self.write("core/base/base.cpp", '/*\n#include "net/net.hpp"\n*/\n'
                   'auto text = R"(\n#include "net/net.hpp"\n)";\n')
        self.assert_sound()


if __name__ == "__main__":
    unittest.main()
