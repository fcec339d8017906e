# SPDX-License-Identifier: BSL-1.0
"""Every snippet of C and C++ in the pages compiles, or is refused as it says (snippets.py)."""

import concurrent.futures
import os
import subprocess
import unittest

import pages
import snippets

STANDARDS = {"c": ["-x", "c", "-std=c11"], "cpp": ["-x", "c++", "-std=c++20"]}


def compile_source(source):
    """What the compiler says against it; empty where it accepts it."""
    command = [os.environ.get("CXX", "g++"), *STANDARDS[source.language], "-fsyntax-only", "-Wall",
               "-Wextra", "-Werror", "-I", pages.TREE / "sdk/include", "-"]
    done = subprocess.run(command, input=source.text, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout if done.returncode != 0 else ""


def fault_of(source):
    """Why it is not what the page says; empty where it is."""
    said = compile_source(source)
    if source.refusal is None:
        return said
    if not said:
        return f"{source.place}: the compiler does not refuse it"
    if source.refusal not in said:
        return f'{source.place}: it is refused without "{source.refusal}":\n{said}'
    return ""


def faults_of(text):
    return "".join(fault_of(source) for source in snippets.read("page.md", text))


class Snippets(unittest.TestCase):
    def test_compile(self):
        sources = list(snippets.all_sources())
        self.assertGreater(len(sources), 5, "the pages show code in another form now")
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for source, fault in zip(sources, pool.map(fault_of, sources)):
                with self.subTest(source.place):
                    if fault:
                        self.fail(fault)


class Check(unittest.TestCase):
    def test_finds_a_broken_snippet_at_its_line(self):
        self.assertIn("page.md:5:", faults_of(
            "text\n\n<!-- snippet: handler -->\n```cpp\nco_return 1;\n```\n"))

    def test_finds_a_warning(self):
        self.assertIn("unused", faults_of(
            "<!-- snippet: routes -->\n```cpp\n(void)on;\nint left;\n```\n"))

    def test_finds_a_broken_whole_file(self):
        self.assertTrue(faults_of("```c\nint main(void) { return x; }\n```\n"))

    def test_finds_what_is_not_refused(self):
        for code in ("co_return mortise::text();", "co_return 1;"):
            with self.subTest(code):
                self.assertTrue(faults_of(
                    f'<!-- snippet: refused, "name it": handler -->\n```cpp\n{code}\n```\n'))

    def test_shows_declarations_alone_to_what_follows(self):
        page = "<!-- snippet: declarations -->\n```cpp\nint number();\n```\n" \
               "<!-- snippet: routes -->\n```cpp\n(void)on;\nnumber();\n```\n"
        self.assertEqual(faults_of(page + page.replace("int number();", "int other();")), "")

    def test_refuses_a_kind_that_is_none(self):
        with self.assertRaises(snippets.Malformed):
            faults_of("<!-- snippet: handle -->\n```cpp\n```\n")


if __name__ == "__main__":
    unittest.main()
