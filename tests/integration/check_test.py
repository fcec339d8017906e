# SPDX-License-Identifier: BSL-1.0
"""mortise plugin check and inspect: what they say of a file."""

import json
import pathlib
import subprocess
import tempfile
import unittest

import hosts

TREE = pathlib.Path(__file__).resolve().parents[2]
SEVEN_CALLS = """
#include <mortise/sdk.hpp>
#include <map>
#include <string>
template <class T> struct calls { static inline std::map<std::string, T> by_name; };
struct plain {
    explicit plain(const mortise::config&) {}
    void routes(mortise::routes& on) {
        on.get("/{name}", [](const mortise::request& request) {
            return mortise::text(std::to_string(++calls<int>::by_name[std::string{request.param("name")}]));
        });
    }
};
MORTISE_PLUGIN(plain, "plain", "1.0.0")
"""
# As the library of Rust has it.
WEAK_NEED = SEVEN_CALLS + """
extern "C" int __cxa_thread_atexit_impl(void (*)(void*), void*, void*) __attribute__((weak));
[[gnu::used]] static void* const needed = reinterpret_cast<void*>(&__cxa_thread_atexit_impl);
"""


@unittest.skipIf(hosts.IS_SANITIZED, "what a sanitizer adds to a plugin is a hazard in itself")
class Check(unittest.TestCase):
    def check(self, file, *options):
        done = hosts.run_to_end("plugin", "check", file, *options)
        return done.returncode, done.stdout, done.stderr

    def assert_found(self, name, code, *patterns, options=()):
        with self.subTest(name):
            got, said, errors = self.check(hosts.plugin_file(name), *options)
            self.assertEqual(got, code, said + errors)
            for pattern in patterns:
                self.assertRegex(said, pattern)

    def test_finds_nothing_in_what_is_sound(self):
        for name in ("greeting", "echo", "events", "hello-c"):
            self.assert_found(
                name, 0, r"(?m)^ok  file: \S+ \S+, for ABI \d+\.\d+$",
                r"(?m)^ok  trial: lives and leaves in a process of its own$",
                r"(?m)^ok  conformance: \d+ requests were answered, 0 of them with 5xx; "
                r"\d+ clients left; replaced 10 times$")

    def test_shows_the_routes_that_a_plugin_registers(self):
        self.assert_found("greeting", 0, r"(?m)^ok  routes: GET /, GET /\{name\}$")

    def test_names_hazards_that_the_file_shows(self):
        for name, hazard in (("unique_symbols", "unique-symbols: has unique symbols .*version script"),
                             ("static_tls", "static-tls: .*compile it with -fPIC"),
                             ("pinned", "thread-local-destructors: .*loop_start")):
            self.assert_found(name, 1, rf"(?m)^hazard  {hazard}")

    def test_names_what_cannot_be_seen_into(self):
        code = bytearray(hosts.plugin_file("static_tls").read_bytes())
        code[40:48] = bytes(8)  # e_shoff
        code[60:64] = bytes(4)  # e_shnum, e_shstrndx
        file = hosts.plugin_folder(self) / "stripped.so"
        file.write_bytes(code)
        code, said, _ = self.check(file)
        self.assertEqual(code, 1, said)
        self.assertRegex(said, r"(?m)^hazard  no-sections: ")

    def test_finds_what_a_caution_came_to(self):
        self.assert_found("starts_thread", 1, r"(?m)^caution  threads: ",
                          r"(?m)^hazard  conformance: .* its thread \d+ runs on; end it")

    def test_lets_pass_what_may_make_no_trouble(self):
        self.assert_found("ends_thread", 0, r"(?m)^caution  threads: .*use offload, or end")
        linked = hosts.run_to_end("sdk", "--ldflags").stdout.split()
        code, said, errors = self.check(self.built(WEAK_NEED, *linked))
        self.assertEqual(code, 0, said + errors)
        self.assertRegex(said, r"(?m)^caution  thread-local-destructors: may have .*loop_start")
        code, said, _ = self.check(hosts.plugin_file("ends_thread"), "--json")
        told = json.loads(said)
        self.assertEqual((code, told["exit"]), (0, 0))
        self.assertIn(("caution", "threads"),
                      [(each["kind"], each["name"]) for each in told["findings"]])

    def test_names_what_a_linker_was_told(self):
        for option, hazard in (("-Wl,-rpath,/tmp/lib", r"rpath: looks for its libraries in /tmp/lib: "),
                               ("-Wl,-z,nodelete", "nodelete: is never unmapped"),
                               ("-Wl,-z,execstack", "executable-stack: ")):
            with self.subTest(option):
                code, said, errors = self.check(self.built(SEVEN_CALLS, option))
                self.assertEqual(code, 1, said + errors)
                self.assertRegex(said, rf"(?m)^hazard  {hazard}")

    def test_judges_a_plugin_of_plain_gxx(self):
        code, said, errors = self.check(self.built(SEVEN_CALLS))
        self.assertEqual(code, 1, said + errors)
        self.assertRegex(said, r"(?m)^hazard  unique-symbols: .*build it by mortise_add_plugin\(\)")
        self.assertRegex(said, r"(?m)^hazard  extra-exports: exports more than mortise_plugin: ")

    def test_compares_versions_of_libraries(self):
        code = hosts.plugin_file("echo").read_bytes()
        self.assertIn(b"GLIBC_2.2.5\0", code)
        file = hosts.plugin_folder(self) / "newer.so"
        file.write_bytes(code.replace(b"GLIBC_2.2.5\0", b"GLIBC_9.9.9\0"))
        _, said, _ = self.check(file)
        self.assertRegex(said, r"(?m)^hazard  newer-library: needs GLIBC_9\.9\.9 of libc\.so\.6, ")

    def test_refuses_what_cannot_be_served(self):
        for name, why in (("missing_note", "file: is no Mortise plugin"),
                          ("newer_abi", "file: is built for ABI 2.3"),
                          ("disagreeing_note", "trial: has a note and a symbol .* do not agree"),
                          ("missing_symbol", "trial: does not export mortise_plugin"),
                          ("undefined_symbol", "trial: cannot be loaded: undefined symbol"),
                          ("crashing_static_ctor", "trial: (crashes|ends the process) in load"),
                          ("throws_in_create", "trial: throws in create"),
                          ("bad_config", "trial: fails in create: limit is not a digit")):
            self.assert_found(name, 2, rf"(?m)^refused  {why}")
        code, said, _ = self.check("/nowhere/none.so")
        self.assertEqual((code, said), (2, "refused  file: is not there; check the path\n"))

    def test_gives_the_plugin_its_configuration(self):
        self.assert_found("bad_config", 0, options=("--set", "bad-config.limit=1"))

    def test_finds_breaches_while_it_serves(self):
        for name, fault in (("replies_twice", "the exchange was replied to before"),
                            ("throws", "let an exception cross the border"),
                            ("segfault", "a plugin has crashed: .*signal=SIGSEGV"),
                            ("loops_forever", "a loop has left a call that did not return"),
                            ("replies_nothing", "returned MORTISE_REPLIED without a reply")):
            self.assert_found(name, 1, rf"(?m)^hazard  conformance: the host says: .*{fault}")

    def test_speaks_json(self):
        code, said, _ = self.check(hosts.plugin_file("static_tls"), "--json")
        told = json.loads(said)
        self.assertEqual((code, told["exit"]), (1, 1))
        self.assertEqual([(each["kind"], each["name"]) for each in told["findings"]],
                         [("ok", "file"), ("hazard", "static-tls"), ("ok", "trial"),
                          ("ok", "routes"), ("ok", "conformance")])

    def built(self, source, *options):
        """What plain g++ makes of it, without the SDK's CMake function."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="mortise-"))
        self.addCleanup(subprocess.run, ["rm", "-r", folder], check=True)
        (folder / "plain.cpp").write_text(source)
        subprocess.run(["g++", "-std=c++20", "-shared", "-fPIC", "-I", TREE / "sdk/include",
                        *options, "-o", folder / "plain.so", folder / "plain.cpp"], check=True)
        return folder / "plain.so"


class Inspect(unittest.TestCase):
    def test_shows_what_stands_in_the_file(self):
        done = hosts.run_to_end("plugin", "inspect", hosts.plugin_file("crashing_static_ctor"))
        self.assertEqual((done.returncode, done.stderr), (0, "")) # nothing of it has run
        self.assertRegex(done.stdout, r"(?m)^id: crashing-static-ctor\nversion: 1\.0\.0\nABI: 0\.2$")
        told = json.loads(hosts.run_to_end("plugin", "inspect", hosts.plugin_file("hello-c"),
                                           "--json").stdout)
        self.assertEqual(told["id"], "hello-c")
        self.assertIn("libc.so.6", told["libraries"])
        self.assertRegex(told["build_id"], "^[0-9a-f]{40}$")

    def test_survives_hostile_files(self):
        code = bytearray(hosts.plugin_file("echo").read_bytes())
        file = hosts.plugin_folder(self) / "hostile.so"
        for at in range(0, 64, 3): # each field of the ELF header
            changed = bytearray(code)
            changed[at:at + 4] = b"\xff\xff\xff\x7f"
            file.write_bytes(changed)
            done = hosts.run_to_end("plugin", "inspect", file)
            self.assertIn(done.returncode, (0, 1), (at, done.stderr))

    def test_says_what_is_wrong_with_a_file(self):
        done = hosts.run_to_end("plugin", "inspect", "/nowhere/none.so")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr, "mortise: /nowhere/none.so: is not there; check the path\n")


if __name__ == "__main__":
    unittest.main()
