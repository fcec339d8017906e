# SPDX-License-Identifier: BSL-1.0
"""examples/upload takes content of any size in the same memory."""

import hashlib
import subprocess
import unittest

import clients
import hosts
import soaks


class Upload(unittest.TestCase):
    size = soaks.form(128 << 20, 1 << 30)
    growth = 16 << 20

    def test_takes_it_in_constant_memory(self):
        host = hosts.Host(self, plugins=["upload"])
        digest = hashlib.sha256()
        for _ in range(self.size >> 20):
            digest.update(bytes(1 << 20))
        soaks.forget_peak(host)
        before = soaks.memory(host)
        with subprocess.Popen(["head", "-c", str(self.size), "/dev/zero"],
                              stdout=subprocess.PIPE) as zeros:
            done = subprocess.run(["curl", "-s", "-i", "--noproxy", "*", "-X", "POST", "-T", "-",
                                   host.url + "upload"],
                                  stdin=zeros.stdout, capture_output=True, check=False)
        grown = soaks.memory(host, "VmHWM") - before
        print(f"{self.size} bytes of content: the host grew by {grown} bytes at the most")
        self.assertEqual(clients.parse(done.stdout).content.decode(),
                         f"{self.size} bytes, SHA-256 {digest.hexdigest()}\n")
        self.assertLess(grown, self.growth)


if __name__ == "__main__":
    unittest.main()
