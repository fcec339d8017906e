# SPDX-License-Identifier: BSL-1.0
"""`mortise dev` builds a project on each save and serves what came of it, while connections stay open;
what is broken is shown where it was asked for, and the end leaves nothing."""

import contextlib
import http.client
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest
import uuid

import hosts
import places

PLUGIN = """#include <mortise/sdk.hpp>

struct hello {
    void routes(mortise::routes& on) {
        on.get("/", [](const mortise::request&) { return mortise::text("first"); });
    }
};
MORTISE_PLUGIN(hello, "hello", "1.0.0")
"""
BUILD = """cmake_minimum_required(VERSION 3.25)
project(hello LANGUAGES CXX)
find_package(mortise-sdk 0.1 REQUIRED)
mortise_add_plugin(hello SOURCES hello.cpp)
"""
BROKEN = PLUGIN + 'static_assert(false, "<script>alert(1)</script> & more");\n'


class Developing(hosts.Host):
    """A running `mortise dev`; `Host` has the rest."""

    def __init__(self, test, folder, *options, stderr=subprocess.PIPE):
        # pylint: disable=super-init-not-called
        self.test = test
        self.rooms = places.folder(test)  # where folders for a time are made
        self.mark = f"MORTISE_TEST_MARK={uuid.uuid4()}"
        known = places.environment()
        known.pop("XDG_RUNTIME_DIR", None)
        name, _, value = self.mark.partition("=")
        known |= {name: value, "TMPDIR": str(self.rooms), "CMAKE_BUILD_TYPE": "Debug"}
        # A connection is idle for as long as a build takes.
        command = [hosts.PROGRAM, "dev", folder, "--listen", "127.0.0.1:0", "--header-timeout", "1h",
                   "--keep-alive-timeout", "1h", *options]
        self.process = subprocess.Popen([str(word) for word in command], env=known,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=stderr, start_new_session=True)
        test.addCleanup(self._clean_up)
        self._news = threading.Condition()
        self._seen = 0
        self.out = hosts.Lines(self.process.stdout, self._news)
        self.err = hosts.Lines(self.process.stderr or open(os.devnull, "rb"), self._news)
        self.url = self.wait_for_line(r"^Server started at (\S+)$").group(1)
        self.address, self.port = re.match(r"http://(.*):(\d+)/$", self.url).groups()

    def next_line(self, pattern):
        """The first line that fits and that no call of this has given yet."""
        def find():
            lines = self.err.all()
            for at in range(self._seen, len(lines)):
                if re.search(pattern, lines[at]):
                    self._seen = at + 1
                    return re.search(pattern, lines[at])
            return self.err.is_over

        with self._news:
            found = self._news.wait_for(find, places.PATIENCE)
        if not isinstance(found, re.Match):
            self.test.fail(f"no line fits {pattern!r}:\n" + "\n".join(self.err.all()))
        return found

    def interrupt(self):
        """Ctrl-C: the terminal's whole foreground group gets it."""
        os.killpg(self.process.pid, signal.SIGINT)

    def left(self):
        """What runs of all that it has started."""
        running = []
        for folder in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if folder.name.isdigit() and self.mark.encode() in (
                        folder / "environ").read_bytes().split(b"\0"):
                    running.append((folder / "cmdline").read_bytes())
        return running


class Case(unittest.TestCase):
    def project(self, source=PLUGIN):
        folder = places.folder(self) / "hello"
        folder.mkdir()
        (folder / "CMakeLists.txt").write_text(BUILD)
        (folder / "hello.cpp").write_text(source)
        return folder

    def developing(self, *options, source=PLUGIN, **more):
        """A project, who works at it, and a connection that must stay open."""
        folder = self.project(source)
        dev = Developing(self, folder, *options, **more)
        return folder / "hello.cpp", dev, self.connection(dev)

    def connection(self, dev):
        opened = http.client.HTTPConnection(dev.address, int(dev.port), timeout=hosts.PATIENCE)
        opened.connect()
        opened.auto_open = 0
        self.addCleanup(opened.close)
        return opened

    def ask(self, connection, path="/", **fields):
        connection.request("GET", path, headers=fields)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers

    def assert_answers(self, connection, text):
        self.assertEqual(self.ask(connection)[:2], (200, text))


class Saves(Case):
    def test_are_answered_on_a_connection_that_stays_open(self):
        file, dev, connection = self.developing()
        dev.next_line(r"^hello 1\.0\.0 serves, \d+\.\d\d s after the start$")
        self.assert_answers(connection, "first")

        file.write_text(PLUGIN.replace("first", "second"))
        dev.next_line(r"^hello 1\.0\.0 serves, \d+\.\d\d s after the save$")
        self.assert_answers(connection, "second")

        file.write_text(BROKEN)
        dev.next_line(r"hello\.cpp:9:\d+: error: .*<script>alert\(1\)</script> & more")
        dev.next_line("^the build is broken; every request is answered")
        dev.wait_until(lambda: self.ask(connection)[0] == 503)
        for path in ("/", "/none"):
            status, text, fields = self.ask(connection, path, Accept="*/*")
            self.assertEqual(status, 503)
            self.assertIn("text/plain", fields["Content-Type"])
            self.assertRegex(text, r"hello\.cpp:9:\d+: error: .*<script>alert\(1\)</script> & more")
        status, text, fields = self.ask(connection, Accept="text/html,*/*;q=0.8")
        self.assertEqual((status, fields["Content-Type"]), (503, "text/html; charset=utf-8"))
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more", text)
        self.assertNotIn("<script", text)

        replacement = file.with_name(".hello.cpp.new")  # as most editors save
        replacement.write_text(PLUGIN.replace("first", "third"))
        replacement.rename(file)
        dev.next_line("serves, .* after the save$")
        self.assert_answers(connection, "third")

    def test_are_built_by_the_preset_that_is_named(self):
        folder = self.project(PLUGIN.replace('"first"', "ANSWER"))
        (folder / "CMakePresets.json").write_text(json.dumps({
            "version": 6,
            "configurePresets": [{"name": "loud", "binaryDir": "${sourceDir}/elsewhere",
                                  "cacheVariables": {"CMAKE_CXX_FLAGS": '-DANSWER=\\"loud\\"'}}]}))
        dev = Developing(self, folder, "--preset", "loud")
        connection = self.connection(dev)
        dev.next_line("serves")
        self.assert_answers(connection, "loud")
        self.assertFalse((folder / "elsewhere").exists())

    def test_that_change_nothing_change_nothing(self):
        file, dev, connection = self.developing()
        dev.next_line("serves")
        file.with_name("notes.txt").write_text("nothing that is built")
        dev.next_line("^nothing has changed$")
        self.assert_answers(connection, "first")

    def test_that_come_while_one_is_built_replace_it(self):
        file, dev, connection = self.developing()
        dev.next_line("serves")
        with hanging(self, dev, file) as fifo:
            file.write_text(PLUGIN.replace("first", "second"))
            dev.next_line("serves, .* after the save$")
            self.assertFalse(is_read(fifo))
        self.assert_answers(connection, "second")


class Broken(Case):
    def test_first_builds_are_a_page_until_they_are_mended(self):
        file, dev, connection = self.developing(source=BROKEN)
        self.assertEqual(self.ask(connection, "/anything")[0], 503)
        dev.next_line("^the build is broken")
        dev.wait_until(lambda: "alert(1)" in self.ask(connection, "/anything")[1])
        file.write_text(PLUGIN)
        dev.next_line("serves")
        self.assert_answers(connection, "first")
        self.assertEqual(self.ask(connection, "/anything")[0], 404)

    def test_builds_leave_the_last_good_one_if_asked(self):
        file, dev, connection = self.developing("--keep-last-good")
        dev.next_line("serves, ")
        file.write_text(BROKEN)
        dev.next_line("error: ")
        dev.next_line(r"^the build is broken; hello 1\.0\.0 serves on$")
        self.assert_answers(connection, "first")
        file.write_text(PLUGIN.replace("struct hello {", "struct hello {\n"
                                       "    hello() { throw 1; }"))
        dev.next_line(r"^the plugin cannot be loaded; hello 1\.0\.0 serves on$")
        self.assert_answers(connection, "first")
        file.write_text(PLUGIN.replace("first", "second"))
        dev.next_line("serves, ")
        self.assert_answers(connection, "second")

    def test_plugins_that_cannot_be_loaded_are_a_page(self):
        file, dev, connection = self.developing()
        dev.next_line("serves")
        file.write_text(PLUGIN.replace(
            "struct hello {",
            'struct hello {\n    hello() { throw std::runtime_error{"no stock"}; }'))
        dev.next_line("^the plugin cannot be loaded")
        dev.wait_until(lambda: "no stock" in self.ask(connection)[1])
        file.write_text(PLUGIN)
        dev.next_line("serves")
        self.assert_answers(connection, "first")

    def test_plugins_that_crash_are_served_again_by_the_next_save(self):
        file, dev, connection = self.developing(source=PLUGIN.replace("return", "std::abort(); return"))
        dev.next_line("serves")
        with self.assertRaises((http.client.HTTPException, OSError)):
            self.ask(connection)
        dev.next_line("^The plugin has ended its host by SIGABRT")
        dev.wait_until(lambda: len(dev.out.all()) == 2)  # its address
        dev.address, dev.port = re.match(r".*http://(.*):(\d+)/$", dev.out.all()[1]).groups()
        connection = self.connection(dev)
        status, text, _ = self.ask(connection)
        self.assertEqual(status, 503)
        self.assertIn("SIGABRT", text)
        file.write_text(PLUGIN)
        dev.next_line("serves, .* after the save$")
        self.assert_answers(connection, "first")
        # Only the save has brought it back.
        self.assertEqual(sum("serves, " in line for line in dev.err.all()), 2)


def is_read(fifo):
    """Whether some process has it open to read."""
    try:
        os.close(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


@contextlib.contextmanager
def hanging(test, dev, file):
    """A save whose compiler never ends: it reads a pipe into which nobody writes."""
    fifo = places.folder(test) / "endless.hpp"
    os.mkfifo(fifo)
    file.write_text(PLUGIN + f'#include "{fifo}"\n')
    writer = []

    def is_open():
        try:
            writer.append(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False
        return True

    dev.wait_until(is_open)
    try:
        yield fifo
    finally:
        os.close(writer[0])


class End(Case):
    def assert_left_nothing(self, dev):
        self.assertEqual(dev.wait_for_end(), 0, "\n".join(dev.err.all()))
        self.assertEqual(dev.left(), [])
        self.assertEqual(list(dev.rooms.iterdir()), [])

    def test_leaves_nothing(self):
        _, dev, connection = self.developing()
        dev.next_line("serves")
        self.assert_answers(connection, "first")
        dev.interrupt()
        self.assert_left_nothing(dev)
        self.assertEqual(len(dev.err.all()), 2, dev.err.all())  # building, serves

    def test_cuts_off_who_has_no_end(self):
        _, dev, connection = self.developing(source=PLUGIN.replace("#include <mortise/sdk.hpp>", """
#include <mortise/sdk.hpp>
#include <chrono>""").replace(
    'on.get("/", [](const mortise::request&) { return mortise::text("first"); });',
    """on.get("/", [](mortise::exchange& exchange) -> mortise::task<> {
            mortise::stream out{exchange, mortise::text()};
            co_await out.write("first");
            co_await mortise::sleep_for(std::chrono::hours{1});
        });"""))
        dev.next_line("serves")
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().read(5), b"first")
        dev.interrupt()
        self.assert_left_nothing(dev)

    def test_takes_compilers_along(self):
        for generator in ("Ninja", "Unix Makefiles"):
            with self.subTest(generator):
                os.environ["CMAKE_GENERATOR"] = generator
                self.addCleanup(os.environ.pop, "CMAKE_GENERATOR", None)
                file, dev, _ = self.developing()
                dev.next_line("serves")
                with hanging(self, dev, file):
                    self.assertTrue(any(b"cc1plus" in each or b"clang" in each
                                        for each in dev.left()), dev.left())
                    dev.interrupt()
                    self.assert_left_nothing(dev)

    def test_comes_to_the_host_where_it_is_killed(self):
        _, dev, connection = self.developing()
        dev.next_line("serves")
        dev.process.kill()
        dev.process.wait()
        dev.wait_until(lambda: dev.left() == [])
        with self.assertRaises((http.client.HTTPException, OSError)):
            self.ask(connection)


class Terminal(Case):
    def test_has_the_compilers_colours_and_the_page_has_not(self):
        ours, theirs = pty.openpty()
        with open(ours, "rb", buffering=0) as terminal:
            folder = self.project(BROKEN)
            dev = subprocess.Popen([hosts.PROGRAM, "dev", folder, "--listen", "127.0.0.1:0"],
                                   env=places.environment() | {"CMAKE_BUILD_TYPE": "Debug"},
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=theirs, start_new_session=True)
            self.addCleanup(dev.communicate)
            self.addCleanup(dev.send_signal, signal.SIGTERM)
            os.close(theirs)
            dev.address, dev.port = re.match(r"Server started at http://(.*):(\d+)/$",
                                             dev.stdout.readline().decode().strip()).groups()
            written = b""
            while b"the build is broken" not in written:
                written += os.read(terminal.fileno(), 65536)
            self.assertRegex(written, rb"\x1b\[[\d;]*m[^\n]*error: ")
            connection = self.connection(dev)
            text = ""
            while "error: " not in text:
                text = self.ask(connection)[1]
            self.assertNotIn("\x1b", text)


class Refusals(Case):
    def assert_refused(self, code, text, *words):
        done = hosts.run_to_end("dev", *words)
        self.assertEqual((done.returncode, done.stdout), (code, ""))
        line, = done.stderr.splitlines()
        self.assertRegex(line, text)

    def test_name_the_cure(self):
        empty = places.folder(self)
        self.assert_refused(1, r"has no CMakeLists\.txt; name a project, or make one: mortise new",
                            empty)
        self.assert_refused(1, r"has no CMakeLists\.txt", empty / "none")
        for option in ("--plugins", "--config", "--control"):
            self.assert_refused(2, option, empty, option, "x")
        self.assert_refused(2, "--header-timeout", empty, "--header-timeout", "soon")

    def test_name_an_address_that_is_none(self):
        done = hosts.run_to_end("dev", self.project(), "--listen", "nowhere")
        self.assertEqual(done.returncode, 2)
        self.assertIn('--listen: "nowhere" is no address to listen on', done.stderr)


class Filters(Case):
    def test_run_where_they_are_named(self):
        where = places.folder(self)
        places.call(hosts.PROGRAM, "new", "gate", "--kind", "filter", where=where)
        dev = Developing(self, where / "gate", "--filters", "gate", "--set", "gate.key=1 ${HOME}\"",
                         "--set", "gaet.key=2")
        connection = self.connection(dev)
        dev.next_line('^there is no plugin "gaet", which --set names$')
        dev.next_line("^gate 0.1.0 serves")
        self.assertEqual(self.ask(connection, "/gate")[0], 401)
        status, text, fields = self.ask(connection, "/gate", **{"X-Key": '1 ${HOME}"'})
        self.assertEqual((status, text, fields["X-Let-In-By"]), (200, "You are in\n", "gate"))


if __name__ == "__main__":
    os.umask(0o022)
    if shutil.which("ninja"):
        os.environ.setdefault("CMAKE_GENERATOR", "Ninja")
    unittest.main()
