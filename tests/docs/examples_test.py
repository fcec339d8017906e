# SPDX-License-Identifier: BSL-1.0
"""Each example answers as its README's console blocks show: a line of `$ ` is a command for a host
that has the plugin, the lines behind it are what it prints, where `…` stands for anything."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import pages

BUILD = pathlib.Path(os.environ["MORTISE_BUILD"])
PATIENCE = 120  # seconds; only a fault waits so long


def options(page):
    """Those that the page starts the host with, beside the plugin directory."""
    found = re.search(r"`mortise run --plugins build([^`]*)`", page.read_text())
    return found[1].split() if found else []


class Examples(unittest.TestCase):
    def serve(self, *names, options=()):
        """A host with these plugins: http://127.0.0.1:PORT."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="examples-"))
        self.addCleanup(shutil.rmtree, folder)
        for file in names:
            shutil.copyfile(file, folder / file.name)
            (folder / file.name).chmod(0o644)
        host = subprocess.Popen([BUILD / "bin/mortise", "run", "--listen", "127.0.0.1:0",
                                 "--plugins", folder, "--check-plugins", *options],
                                cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                text=True)
        self.addCleanup(host.communicate)
        self.addCleanup(host.terminate)
        started = host.stdout.readline()
        self.assertTrue(started.startswith("Server started at "), names)
        return started.split()[-1].rstrip("/")

    def test_answer_as_their_pages_say(self):
        for folder in sorted((pages.TREE / "examples").iterdir()):
            if not folder.is_dir():
                continue
            with self.subTest(example=folder.name):
                shown = [each for block in pages.fenced(folder / "README.md", "console")
                         for each in pages.typed(block)]
                self.assertTrue(shown, "the README has no console block")
                plugin = BUILD / f"examples/{folder.name}.so"
                if not plugin.exists():
                    self.skipTest(f"{folder.name} is not built on this machine")
                url = self.serve(plugin, options=options(folder / "README.md"))
                for command, output in shown:
                    done = subprocess.run(
                        ["bash", "-c", command.replace("http://localhost:8080", url)],
                        capture_output=True, text=True, timeout=PATIENCE, check=False)
                    self.assertRegex(done.stdout.replace("\r\n", "\n"), pages.pattern(output),
                                     command)


if __name__ == "__main__":
    unittest.main()
