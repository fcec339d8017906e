# SPDX-License-Identifier: BSL-1.0
"""The check of sizes finds files and functions that are too long, wherever a function stands."""

import unittest

import bad_tree

BODY = "    f(); // {\n" * 59  # with its signature and its brace one line too many


class Sizes(bad_tree.TreeTest):
    check = "sizes.py"

    def assert_function_found(self, text, line, name, path="core/base/a.cpp"):
        self.write(path, text)
        self.assert_found(f"{path}:{line}", f"{name} has 61 lines: a function has at most 60")

    def test_accepts_the_longest_file_and_the_longest_function(self):
        short = "void f() {\n" + "    f();\n" * 58 + "}\n"
        self.write("core/base/a.cpp", short * 6 + "\n" * 40)
        self.assert_sound()

    def test_finds_a_file_that_is_too_long(self):
        for path in ("core/base/a.hpp", "tests/bench/a.py", "sdk/CMakeLists.txt"):
            self.write(path, "\n" * 401)
            self.assert_found(f"{path}:401", "401 lines: a file has at most 400")
            self.write(path, "")

    def test_finds_a_function(self):
        self.assert_function_found("int x = 1;\n\nint long_one(int a) {\n" + BODY + "}\n", 3,
                                   "long_one")

    def test_finds_a_member_behind_an_access_label(self):
        self.assert_function_found(
            "namespace n {\nclass c : public b {\npublic:\n    void member()\n        const {\n"
            + "    f();\n" * 58 + "}\n    int x_{1};\n};\n}\n", 4, "member")

    def test_finds_a_constructor_with_initialisers(self):
        self.assert_function_found("c::c(int a) : a_{a}, b_{a, {1}} {\n" + BODY + "}\n", 1, "c::c")

    def test_finds_an_operator(self):
        self.assert_function_found("bool operator==(c a, c b) {\n" + BODY + "}\n", 1, "operator==")

    def test_finds_a_test(self):
        self.assert_function_found("TEST(A, Does) {\n" + BODY + "}\n", 1, "TEST")

    def test_finds_a_lambda_inside_an_argument(self):
        self.assert_function_found("const auto x = g(1, [](int a) {\n" + BODY + "});\n", 1, "g")

    def test_finds_a_function_behind_braces_that_mean_nothing(self):
        self.assert_function_found(
            "#define X \\\n    {\nconst char* t[] = {\"{\", R\"(})\", \"\\\"{\"};\n"
            "enum class e { a = 1'000, b = '{' };\nstruct s t{1, f(2)};\n"
            "[[nodiscard]] int long_one() {\n" + BODY + "}\n", 6, "long_one")

    def test_finds_a_function_in_python(self):
        self.write("tests/bench/a.py", "class c:\n    def long_one(self):\n" + "        f()\n" * 60)
        self.assert_found("tests/bench/a.py:2", "long_one has 61 lines")

    def test_finds_braces_that_cannot_be_measured(self):
        self.write("core/base/a.cpp", "#if X\nint f() {\n#else\nint f(int) {\n#endif\n}\n")
        self.assert_found("core/base/a.cpp:2", "this brace does not close")


if __name__ == "__main__":
    unittest.main()
