# SPDX-License-Identifier: BSL-1.0
"""The site of the documentation builds without a warning, has every page, and asks nothing of other
hosts; the reference of the border is what the headers say."""

import pathlib
import re
import subprocess
import tempfile
import unittest

import pages

SITE = pages.TREE / "packaging/site"


class Reference(unittest.TestCase):
    def test_is_what_the_headers_say(self):
        said = subprocess.run(["/usr/bin/python3", "-B", SITE / "abi_reference.py"],
                              stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertEqual((pages.TREE / "docs/abi-reference.md").read_text(), said)


class Site(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="site-")
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name)
        done = subprocess.run(["mkdocs", "build", "--strict", "--quiet", "--site-dir", cls.root,
                               "--config-file", SITE / "mkdocs.yml"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if done.returncode != 0:
            raise AssertionError(done.stdout)

    def test_has_every_page(self):
        docs = pages.TREE / "docs"
        for page in docs.rglob("*.md"):
            place = page.relative_to(docs).with_suffix(".html")
            if place.name == "README.html":
                place = place.with_name("index.html")
            with self.subTest(page=place):
                self.assertTrue((self.root / place).is_file())

    def test_leads_to_every_page_but_single_decisions(self):
        start = (self.root / "index.html").read_text()
        led_to = set(re.findall(r'href="([\w-]+)\.html"', start))
        self.assertEqual({page.stem for page in (pages.TREE / "docs").glob("*.md")} - led_to, set())

    def test_takes_nothing_from_other_hosts(self):
        for page in self.root.rglob("*.html"):
            taken = re.findall(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"']?([^\"' >]+)|"
                               r"<link\b(?![^>]*\brel=[\"']?canonical)[^>]*\bhref=[\"']?([^\"' >]+)",
                               page.read_text())
            for place in map("".join, taken):
                self.assertNotRegex(place, r"^(https?:)?//", page.name)
        for sheet in self.root.rglob("*.css"):
            self.assertNotRegex(sheet.read_text(), r"url\([\"']?(https?:)?//|@import", sheet.name)


if __name__ == "__main__":
    unittest.main()
