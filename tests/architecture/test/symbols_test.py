# SPDX-License-Identifier: BSL-1.0
"""The check of symbols finds what a host and a plugin export and import too much."""

import subprocess
import unittest

import bad_tree

HIDDEN = '__attribute__((visibility("hidden"))) '
PLUGIN = "int mortise_plugin = 1;\n"


class Symbols(bad_tree.TreeTest):
    check = "symbols.py"

    def setUp(self):
        super().setUp()
        self.build("bin/mortise", "int main(void) { return 0; }\n")
        self.build("plugins/greeting.so", PLUGIN + "#include <stdlib.h>\n" + HIDDEN +
                   "int own(void) { return rand(); }\n", "-shared")

    def build(self, path, text, *options):
        output = self.root / path
        output.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cc", "-x", "c", "-fPIC", *options, "-o", output, "-"],
                       input=text, text=True, check=True)

    def test_accepts_a_host_without_exports_and_a_plugin_with_one(self):
        self.assert_sound()

    def test_finds_a_symbol_that_the_host_exports(self):
        self.build("bin/mortise", "int offered;\nint main(void) { return 0; }\n", "-rdynamic")
        self.assertIn("bin/mortise: exports offered: the host exports nothing", self.found())

    def test_finds_a_second_symbol_of_a_plugin(self):
        self.build("examples/echo.so", PLUGIN + "int second = 2;\n", "-shared")
        self.assert_found("examples/echo.so",
                          "exports second: a plugin exports mortise_plugin alone")

    def test_finds_what_the_plugin_of_a_command_exports(self):
        self.build("lib/mortise/workbench.so", PLUGIN + "int second = 2;\n", "-shared")
        self.assert_found("lib/mortise/workbench.so",
                          "exports second: a plugin exports mortise_plugin alone")

    def test_finds_a_plugin_without_its_symbol(self):
        self.build("plugins/greeting.so", "static int own;\n", "-shared")
        self.assert_found("plugins/greeting.so", "does not export mortise_plugin")

    def test_finds_a_symbol_that_only_a_host_could_offer(self):
        self.build("plugins/greeting.so", PLUGIN + "extern int host_symbol;\n" + HIDDEN +
                   "int own(void) { return host_symbol; }\n", "-shared")
        self.assert_found("plugins/greeting.so", "imports host_symbol")

    def test_finds_that_nothing_is_built(self):
        (self.root / "plugins/greeting.so").unlink()
        self.assert_found("plugins", "no plugin is built")
        (self.root / "bin/mortise").unlink()
        self.assertIn("bin/mortise: is not built", self.found())


if __name__ == "__main__":
    unittest.main()
