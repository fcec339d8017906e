# SPDX-License-Identifier: BSL-1.0
"""Plugins that cannot be served: a line each that names file, fault and cure; the others serve."""

import unittest

import clients
import hosts


class PluginLoad(unittest.TestCase):
    def assert_reported(self, lines, file, fault, cure):
        """Just one line speaks of the file as an error."""
        line, = [line for line in lines if " error " in line and f"{file}: " in line]
        self.assertRegex(line, f"Z error {file}: .*{fault}.*; .*{cure}")

    def assert_left_out(self, file, fault, cure):
        """`file`, in a folder of its own, is reported in one line; the greeting is served."""
        with self.subTest(file=file.name, fault=fault):
            folder = file.parent
            alone = hosts.run_to_end("run", "--plugins", folder, "--listen", "127.0.0.1:0")
            self.assertEqual((alone.returncode, alone.stdout), (1, ""))
            self.assert_reported(alone.stderr.splitlines(), file, fault, cure)
            self.assertRegex(alone.stderr, "Z error no plugin (in|is left) .*; ")

            (folder / "greeting.so").write_bytes(hosts.plugin_file("greeting").read_bytes())
            (folder / "greeting.so").chmod(0o644)
            host = hosts.Host(self, folder=folder)
            self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))
            host.stop()
            self.assert_reported(host.err.rest(), file, fault, cure)

    def made_file(self, content):
        file = hosts.plugin_folder(self) / "made.so"
        file.write_bytes(content)
        file.chmod(0o644)
        return file

    def test_leaves_out_what_is_no_whole_library(self):
        whole = hosts.plugin_file("echo").read_bytes()
        self.assert_left_out(self.made_file(b""), "is not an ELF file", "shared libraries")
        self.assert_left_out(self.made_file(b"#!/bin/sh\nexit 0\n"), "is not an ELF file", "only")
        for size in (20, 100, 4096, len(whole) // 2, len(whole) - 1):
            self.assert_left_out(self.made_file(whole[:size]), "is truncated", "copy or build")

    def test_leaves_out_an_entry_that_is_no_file(self):
        folder = hosts.plugin_folder(self)
        (folder / "gone.so").symlink_to(folder / "nowhere")
        self.assert_left_out(folder / "gone.so", "is not there", "check the path")
        folder = hosts.plugin_folder(self)
        (folder / "folder.so").mkdir(mode=0o755)
        self.assert_left_out(folder / "folder.so", "is not a regular file", "shared libraries")

    def test_leaves_out_what_does_not_keep_to_the_border(self):
        for name, fault, cure in (
                ("older_abi", "is built for ABI 0.0, but this host speaks ABI", "rebuild it"),
                ("newer_abi", "is built for ABI 2.3, but this host speaks ABI", "update the host"),
                ("missing_symbol", "does not export mortise_plugin", "MORTISE_PLUGIN"),
                ("missing_note", "has no Mortise note", "MORTISE_PLUGIN"),
                ("undefined_symbol", "undefined symbol: function_that_nobody_has", "-z,defs"),
                ("disagreeing_note", "do not agree", "build it again"),
                ("wrong_size", "of the wrong size", "sizeof"),
                ("null_callbacks", "has no create or no configure", "set both")):
            file = hosts.plugin_folder(self, name) / f"{name}.so"
            self.assert_left_out(file, fault, cure)

    def test_leaves_out_what_fails_in_its_first_steps(self):
        for name, fault, cure in (
                ("throws_in_create", "throws in create: the model file is missing", "catch"),
                ("needs_newer", "needs mortise.future/1 of ABI 0.99; this host speaks ABI 0.2", ""),
                ("fails_in_create", 'fails in create: "limit" must be a number', "correct"),
                ("fails_in_configure", "fails in configure with code", "ask its author"),
                ("fails_in_loop_start", "fails in loop_start: no room on this loop", "correct"),
                ("refused_route", "does not begin with /", "correct the route")):
            file = hosts.plugin_folder(self, name) / f"{name}.so"
            self.assert_left_out(file, fault, cure)

    def test_leaves_out_files_that_others_may_write(self):
        for mode in (0o664, 0o646):
            file = hosts.plugin_folder(self, "echo") / "echo.so"
            file.chmod(mode)
            self.assert_left_out(file, "may be written by others", f"chmod go-w {file}")

    def test_refuses_a_directory_that_others_may_write(self):
        folder = hosts.plugin_folder(self, "greeting")
        folder.chmod(0o777)
        done = hosts.run_to_end("run", "--plugins", folder)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, f"error {folder}: may be written by others; chmod go-w")
        self.assertEqual(done.stderr.count("\n"), 1)


class Conflicts(unittest.TestCase):
    def test_names_both_owners_and_serves_the_first(self):
        host = hosts.Host(self, plugins=["conflicting_left", "conflicting_right"])
        self.assertIn(b"conflicting-left", clients.curl(host, "/taken/seat"))
        host.stop()
        line, = [line for line in host.err.rest() if " error " in line]
        self.assertRegex(line, f"{host.folder}/conflicting_right.so: .*conflicting-right.*"
                               "conflicts with /taken/{name} of plugin conflicting-left.*; change")

    def test_refuses_the_second_of_one_id(self):
        folder = hosts.plugin_folder(self, "greeting")
        (folder / "later.so").write_bytes((folder / "greeting.so").read_bytes())
        (folder / "later.so").chmod(0o644)
        host = hosts.Host(self, folder=folder)
        self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))
        host.wait_for_line(f'error {folder}/later.so: has the id "greeting" of '
                           f'{folder}/greeting.so; remove one')

    def test_gives_the_id_of_a_broken_file_to_the_next(self):
        folder = hosts.plugin_folder(self, "greeting")
        whole = (folder / "greeting.so").read_bytes()
        (folder / "a-broken.so").write_bytes(whole.replace(b"mortise_plugin\0", b"mortise_plugim\0"))
        (folder / "a-broken.so").chmod(0o644)
        host = hosts.Host(self, folder=folder)
        self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))
        host.wait_for_line(f"error {folder}/a-broken.so: does not export mortise_plugin")

    def test_reports_configuration_that_is_nobodys(self):
        host = hosts.Host(self, "--set", "nobody.key=value")
        host.wait_for_line('error there is no plugin "nobody".*; add the plugin')


if __name__ == "__main__":
    unittest.main()
