# SPDX-License-Identifier: BSL-1.0
"""`mortise new` makes projects that build, are tested, judged and served by the very commands that it
prints, wherever the program lies; `mortise sdk` says where its SDK is."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import hosts
import places

PROGRAM = pathlib.Path(hosts.PROGRAM)
HAS_CLANG_QUERY = any(map(shutil.which, ("clang-query-16", "clang-query")))


def blocks(text):
    """The commands of each indented block."""
    found = re.findall(r"(?:^    .*\n)+", text, flags=re.MULTILINE)
    return [[line.strip() for line in block.splitlines()] for block in found]


@contextlib.contextmanager
def serving(test, command, where, env):
    """The URL of what the command serves, at a port of its own."""
    with open(where / "log", "w", encoding="utf-8") as log:
        any_port = command.replace("--listen localhost:8081", "--listen 127.0.0.1:0")
        test.assertNotEqual(any_port, command)
        host = subprocess.Popen(["bash", "-c", f"exec {any_port}"], cwd=where, env=env,
                                stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        line = host.stdout.readline()
        test.assertTrue(line.startswith("Server started at "), (where / "log").read_text())
        yield line.split()[-1].rstrip("/")
    finally:
        host.terminate()
        host.communicate()
        test.assertEqual(host.returncode, 0, (where / "log").read_text())


class Project(unittest.TestCase):
    def make(self, *options, program=PROGRAM, env=None, name="fan-out-2"):
        """A new project, and what was said of it."""
        where = places.folder(self)
        said = places.call(program, "new", name, *options, where=where, env=env)
        self.assertEqual([each.name for each in where.iterdir()], [name])
        return where, said

    def live(self, answer, *options, program=PROGRAM, env=None, name="fan-out-2"):
        """Every command that is printed; the project's folder."""
        where, said = self.make(*options, program=program, env=env, name=name)
        first, asked, again = blocks(said)
        self.assertEqual(first.pop(0), f"cd {name}")
        where = where / name
        self.assertEqual(blocks((where / "README.md").read_text()), [first, asked, again])
        self.assertNotIn("my-plugin", "".join(each.read_text() for each in where.iterdir()))
        self.assertNotIn("my_plugin", "".join(each.read_text() for each in where.iterdir()))
        self.assertIn("/build/\n", (where / ".gitignore").read_text())
        *steps, serve = first
        self.assertEqual(len(steps), 4)
        for step in steps:
            places.call("bash", "-c", step, where=where, env=env)
        with serving(self, serve, where, env) as url:
            command, = asked
            self.assertEqual(places.call("bash", "-c", command.replace(
                "curl http", "curl -s http").replace("curl -H", "curl -s -H").replace(
                    "http://localhost:8081", url), where=where, env=env), answer)
        return where


class Templates(Project):
    def test_handler_lives(self):
        self.live("Hello, Ada!\n")

    def test_filter_lives(self):
        self.live("You are in\n", "--kind", "filter")

    def test_handler_in_c_lives_where_a_group_may_write(self):
        self.addCleanup(os.umask, os.umask(0o002))
        self.live("Hello, Ada!\n", "--c")

    @unittest.skipUnless(shutil.which("rustc"), "there is no rustc on this machine")
    def test_handler_in_rust_lives(self):
        self.addCleanup(os.umask, os.umask(0o002))
        where = self.live("Hello, Ada!\n", "--rust")
        said = places.call(PROGRAM, "plugin", "check", "build/fan-out-2.so", where=where)
        self.assertEqual(re.findall("^caution  (.*?):", said, flags=re.MULTILINE),
                         ["thread-local-destructors"])

    def test_async_lives_and_finds_what_the_compiler_breaks(self):
        where = self.live("the near shop has pears, the far shop has pears\n", "--kind", "async")
        source = where / "fan_out_2.cpp"
        right = "co_await mortise::with_timeout(limit_, ask_both(item))"
        self.assertIn(right, source.read_text())
        source.write_text(source.read_text().replace(
            right, f"(item.empty() ? std::string{{}} : {right})"))
        places.call("cmake", "--build", "build", where=where)
        said = places.call("ctest", "--test-dir", "build", "--output-on-failure", "-R", "coroutines",
                           where=where, code=8 if HAS_CLANG_QUERY else 0)
        if HAS_CLANG_QUERY:
            self.assertRegex(said, r"fan_out_2\.cpp:\d+: a \?: that gives an object")
        else:
            self.assertRegex(said, r"fan-out-2-coroutines \.+\*\*\*Skipped")

    def test_share_the_border_in_rust_with_the_example(self):
        tree = pathlib.Path(__file__).resolve().parents[2]
        example = (tree / "examples/hello-rust/abi.rs").read_text().split("\n", 1)[1]
        self.assertEqual((tree / "sdk/templates/handler-rust/abi.rs").read_text(), example)


class Places(Project):
    def test_a_prefix_that_was_moved_is_found_by_the_path(self):
        program = places.prefix(self) / "bin/mortise"
        env = places.environment(program)
        where = self.live("Hello, Ada!\n", program="mortise", env=env, name="time")
        page = (where / "README.md").read_text()
        self.assertIn("\n    mortise run --plugins build --listen localhost:8081\n", page)
        self.assertNotIn(str(program.parent), page)
        found = re.search(r"^mortise-sdk_DIR:PATH=(.*)$",
                          (where / "build/CMakeCache.txt").read_text(), flags=re.MULTILINE)
        self.assertEqual(found[1], places.call(program, "sdk", "--cmake-dir", where=where).strip())

    def test_a_prefix_beside_the_path_is_named(self):
        program = places.prefix(self) / "bin/mortise"
        _, said = self.make(program=program)
        package = places.call(program, "sdk", "--cmake-dir", where=program.parent).strip()
        self.assertIn(f"-D mortise-sdk_DIR='{package}'\n", said)
        self.assertIn(f"    '{program}' run --plugins build --listen localhost:8081\n", said)

    def test_the_sdk_of_a_prefix_builds_by_one_command(self):
        program = places.prefix(self) / "bin/mortise"
        where, _ = self.make(program=program, name="hello")
        env = places.environment(program)
        places.call("bash", "-c", "eval ${CXX:-g++} -std=c++20 hello/hello.cpp -o hello.so "
                    "$(mortise sdk --cflags --ldflags)", where=where, env=env)
        self.assertIn("ok", places.call(program, "plugin", "check", "hello.so", where=where))

    def test_the_build_tree_tells_where_its_sdk_is(self):
        where = places.folder(self)
        asked = ["--header", "--cmake-dir", "--template-dir", "--version"]
        header, package, templates, version = places.call(PROGRAM, "sdk", *asked,
                                                          where=where).splitlines()
        self.assertTrue(pathlib.Path(header).samefile(
            pathlib.Path(__file__).resolve().parents[2] / "sdk/include/mortise/sdk.hpp"))
        self.assertTrue((pathlib.Path(package) / "mortise-sdk-config.cmake").exists())
        self.assertTrue((pathlib.Path(templates) / "handler/CMakeLists.txt").exists())
        self.assertEqual(f"mortise {version}\n", places.call(PROGRAM, "--version", where=where))


class Refusals(Project):
    def refused(self, code, *words, program=PROGRAM, where=None):
        where = where or places.folder(self)
        before = sorted(where.iterdir())
        said = places.call(program, *words, where=where, code=code)
        self.assertEqual(sorted(where.iterdir()), before)
        self.assertEqual(said.count("\n"), 1, said)
        return said

    def test_says_which_package_has_the_sdk(self):
        program = places.prefix(self, has_sdk=False) / "bin/mortise"
        for words in (("new", "hello"), ("sdk", "--cflags")):
            self.assertRegex(self.refused(1, *words, program=program),
                             r"there is no .*/include/mortise/sdk\.hpp; apt install mortise-dev")

    def test_refuses_the_sdk_of_another_version(self):
        program = places.prefix(self) / "bin/mortise"
        package = places.call(program, "sdk", "--cmake-dir", where="/").strip()
        file = pathlib.Path(package) / "mortise-sdk-config-version.cmake"
        file.write_text(re.sub(r'PACKAGE_VERSION "[^"]*"', 'PACKAGE_VERSION "9.8.7"',
                               file.read_text(), count=1))
        self.assertRegex(self.refused(1, "new", "hello", program=program),
                         r"is 9\.8\.7, and this host is .*; install mortise and mortise-dev")

    def test_names_what_there_is_no_template_for(self):
        self.assertIn("no template of kind filter in C, only of kind handler",
                      self.refused(2, "new", "hello", "--c", "--kind", "filter"))
        self.assertIn("no template of kind async in Rust", self.refused(
            2, "new", "hello", "--rust", "--kind", "async"))
        self.assertIn('"page" is not one of handler|async|filter',
                      self.refused(2, "new", "hello", "--kind", "page"))
        self.assertIn("--rust", self.refused(2, "new", "hello", "--rust", "--c"))

    def test_names_the_nearest_name(self):
        self.assertIn('"hello-world"', self.refused(2, "new", "Hello World"))
        self.assertIn('"test-plugin"', self.refused(2, "new", "test"))

    def test_leaves_what_is_there(self):
        where, _ = self.make(name="hello")
        (where / "hello/hello.cpp").write_text("mine")
        self.assertIn("exists already", self.refused(1, "new", "hello", where=where))
        self.assertEqual((where / "hello/hello.cpp").read_text(), "mine")


if __name__ == "__main__":
    os.umask(0o022)  # the host refuses plugins that others may write
    unittest.main()
