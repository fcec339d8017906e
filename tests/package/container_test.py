# SPDX-License-Identifier: BSL-1.0
"""The container image, unpacked, serves as its own user, tells of its health and ends when asked.

No container runtime is needed: the image's layers are a root for chroot, and its configuration says
what is started there."""

import json
import os
import pathlib
import subprocess
import tarfile
import tempfile
import unittest
import urllib.request

PACKAGES = pathlib.Path(os.environ["MORTISE_PACKAGES"])
BUILD = pathlib.Path(__file__).resolve().parents[2] / "packaging/container/build.sh"
PATIENCE = 60  # seconds; only a fault waits so long
MOST = 15 * 1000 * 1000  # bytes of all layers


class Container(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="mortise-container-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.archive = next(PACKAGES.glob("mortise-*-linux-*.tar.gz"))
        cls.image = cls.build("image.tar")
        cls.root = cls.folder / "root"
        cls.root.mkdir()
        with tarfile.open(cls.image) as image:
            manifest, = json.load(image.extractfile("manifest.json"))
            cls.about = json.load(image.extractfile(manifest["Config"]))["config"]
            cls.size = sum(image.getmember(layer).size for layer in manifest["Layers"])
            for layer in manifest["Layers"]:
                with tarfile.open(fileobj=image.extractfile(layer)) as files:
                    files.extractall(cls.root)
        user, _, group = cls.about["User"].partition(":")
        # As a runtime does, with /proc and /dev.
        mounts = f"mount -t proc proc {cls.root}/proc; mount --bind /dev {cls.root}/dev"
        cls.enter = ["unshare", "--mount", "sh", "-ec", f'{mounts}; exec "$@"', "sh",
                     "chroot", f"--userspec={user}:{group}", "--groups=", cls.root]

    @classmethod
    def build(cls, name):
        subprocess.run([BUILD, cls.archive, cls.folder / name], check=True)
        return cls.folder / name

    @staticmethod
    def layers(file):
        """Their names, which are the digests of what they hold."""
        with tarfile.open(file) as image:
            return json.load(image.extractfile("manifest.json"))[0]["Layers"]

    def health(self):
        """The exit code of the command that the image says to ask."""
        kind, *command = self.about["Healthcheck"]["Test"]
        if kind == "CMD-SHELL":  # there is no shell in the image
            self.fail("the health check needs a shell")
        return subprocess.run([*self.enter, *command], capture_output=True, timeout=PATIENCE,
                              check=False).returncode

    @staticmethod
    def line_before_start(host):
        """A line of the log; empty for the one that says that it serves, and at its end."""
        line = host.stderr.readline()
        return "" if "Server started at " in line else line

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:8080{path}", timeout=PATIENCE) as answer:
            return answer.read()

    def test_serves_as_its_user_and_tells_of_its_health(self):
        self.assertNotIn(self.about["User"].partition(":")[0], ("", "0", "root"))
        self.assertNotEqual(self.health(), 0)
        self.assertFalse(self.about.get("Cmd"))  # options behind the image's name take its place
        host = subprocess.Popen([*self.enter, *self.about["Entrypoint"], "--server-timing"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/")
        self.addCleanup(host.wait)
        self.addCleanup(host.kill)
        said = list(iter(lambda: self.line_before_start(host), ""))
        self.assertIsNone(host.poll(), "".join(said))
        self.assertEqual(self.get("/Ada"), b"Hello, Ada!\n")
        self.assertEqual(self.health(), 0)
        self.assertEqual(self.about["StopSignal"], "SIGTERM")
        host.terminate()
        out, err = host.communicate(timeout=PATIENCE)
        self.assertEqual(host.returncode, 0, err)
        self.assertEqual([json.loads(line)["target"] for line in out.splitlines()], ["/Ada"])
        self.assertNotEqual(self.health(), 0)
        self.assertEqual(os.listdir(self.root / "tmp"), [])

    def test_is_small(self):
        self.assertLess(self.size, MOST)

    def test_lets_its_user_write_where_it_must_alone(self):
        user = int(self.about["User"].partition(":")[0])
        writable = [str(path.relative_to(self.root)) for path in self.root.rglob("*")
                    if not path.is_symlink() and
                    (path.stat().st_mode & 0o022 or path.stat().st_uid == user)]
        self.assertEqual(sorted(writable), ["run/mortise", "tmp"])

    def test_has_the_same_files_each_time(self):
        self.assertEqual(self.layers(self.build("again.tar")), self.layers(self.image))


if __name__ == "__main__":
    unittest.main()
