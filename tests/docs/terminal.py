# SPDX-License-Identifier: BSL-1.0
"""A terminal in which a page is followed, on a machine of its own: what the page has in
/etc/mortise and the like lies in a temporary folder, and its hosts have ports of their own."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading

import commands
import pages

BUILD = pathlib.Path(os.environ["MORTISE_BUILD"]).resolve()
PATIENCE = 120  # seconds; only a fault waits so long

# What a page shows, and another run prints otherwise.
SHAPES = (
    r"\d{4}-\d\d-\d\dT[\d:.]+Z",
    r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT",
    r"\b(?:localhost|127\.0\.0\.1):\d+",
    r"\bprocess \d+",
    r"\bup for \d[\d a-z]*",
    r"\b\d+\.\d+ s\b",
    r"(?<![^\n])\d+(?: +\d+)+(?![^\n])",  # a row of figures
    r"/home/ada\b|/tmp/\S+",
)

# What is there before a page is followed.
PREPARED = {
    "README.md": "mkdir -p build/release/plugins && cp greeting.so build/release/plugins/",
    "docs/install.md": "mkdir build && g++ -std=c++20 hello.cpp -o build/hello.so "
                       "$(mortise sdk --cflags --ldflags)",
    "docs/plugins.md": "mkdir build && g++ -std=c++20 prices.cpp -o build/prices.so "
                       "$(mortise sdk --cflags --ldflags)",
    "docs/testing-plugins.md": f"mkdir build && cp {BUILD}/examples/echo.so build/ && "
                               f"ln -s {pages.TREE}/sdk sdk",
}
SOURCES = {  # the first of their kind on a page
    "hello.cpp": ("README.md", "cpp"),
    "prices.cpp": ("docs/plugin-guide.md", "cpp"),
    "echo_test.cpp": ("docs/testing-plugins.md", "cpp"),
}
MAKEFILES = ("README.md", "docs/plugin-guide.md")
FIRST_STEPS = "docs/operations.md"

# The host that serves while a page starts none: by page, or page and section.
DEV_RUN = "mortise run --plugins build/release/plugins"
SERVICE = "mortise run --config /etc/mortise/mortise.toml --workers 2"
HOSTS = {
    "README.md": DEV_RUN,
    "docs/admin.md": f"{SERVICE} --admin-listen 127.0.0.1:9090 --admin-token-file token",
    "docs/operations.md, Output": f"{SERVICE} --set greeting.nonsense=1",
    "docs/plugins.md": "mortise run --plugins /usr/local/lib/mortise/plugins "
                       "--control /run/mortise/control.sock",
}
IS_HOST = re.compile(r"\S*\bmortise (?:run|dev)\b")
ASKS_HOST = re.compile(r"\blocalhost\b|127\.0\.0\.1|\bmortise (?:status|reload|upgrade)\b|"
                       r"\bmortise plugin (?!check)")


class Fault(Exception):
    """What a page says is not so."""


class Host:
    """A host that was started in a terminal, by `mortise run` or `mortise dev`."""

    def __init__(self, command, folder, env):
        self.command = command
        self.successor = None  # the process that took its place, by an upgrade
        self._lines = []
        self._is_over = False
        self._news = threading.Condition()
        self._process = subprocess.Popen(["bash", "-c", f"exec {command}"], cwd=folder, env=env,
                                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                         stderr=subprocess.STDOUT, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()
        with self._news:
            self._is_over = True
            self._news.notify_all()

    def wait_for(self, pattern):
        """All up to the first line that fits, and what did."""
        def find():
            for number, line in enumerate(self._lines):
                if found := re.search(pattern, line):
                    return "".join(self._lines[:number + 1]), found
            return self._is_over

        with self._news:
            found = self._news.wait_for(find, PATIENCE)
            if isinstance(found, tuple):
                return found
            raise Fault(f"{self.command}: says nothing like {pattern}\n{''.join(self._lines)}")

    def address(self):
        return self.wait_for(r"^Server started at http://(\S+)/$")[1][1]

    def end(self):
        """Ends it; raises Fault where it had one."""
        os.kill(self.successor or self._process.pid, signal.SIGTERM)
        self._reader.join()  # until the last of its processes is gone
        code = self._process.wait()
        self._process.stdout.close()
        if code != 0:
            raise Fault(f"{self.command}: exit code {code}\n{''.join(self._lines)}")


class Terminal:
    def __init__(self, page):
        self.page = page
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pages-"))
        self.root = self.folder / "root"
        self.work = self.folder / "work"
        self.work.mkdir()
        self.section = ""
        self.host = None
        self.served = ""  # the words that have started it, where those are not the page's
        self.is_pages = False  # whether the page has started it, in this section
        known = {key: value for key, value in os.environ.items() if key != "CMAKE_PREFIX_PATH"}
        self.env = known | {
            "PATH": f"{BUILD}/bin:/usr/lib/ccache:{known['PATH']}",
            "MORTISE_CONTROL": str(self.root / "run/mortise/control.sock"),
            # Neither optimised nor with debug information, which would take twice the time.
            "CMAKE_BUILD_TYPE": "None",
            "CCACHE_BASEDIR": str(self.folder), "CCACHE_NOHASHDIR": "1",
        }

    def prepare(self, steps):
        """A machine on which FIRST_STEPS were taken up to the first host."""
        shutil.copy(BUILD / "plugins/greeting.so", self.work)
        for name, (page, language) in SOURCES.items():
            (self.work / name).write_text(pages.fenced(pages.TREE / page, language)[0])
        if self.page in MAKEFILES:
            (self.work / "CMakeLists.txt").write_text(
                pages.fenced(pages.TREE / self.page, "cmake")[0])
        if self.page != FIRST_STEPS:
            for folder in ("etc/mortise/conf.d", "etc/mortise/plugins.d", "run/mortise",
                           "usr/local/lib/mortise/plugins", "var/lib/mortise"):
                (self.root / folder).mkdir(parents=True)
            shutil.copy(self.work / "greeting.so", self.root / "usr/local/lib/mortise/plugins")
            if not any(step.text.startswith("[plugins]") for step in steps):
                for step in commands.read(FIRST_STEPS, (pages.TREE / FIRST_STEPS).read_text()):
                    if isinstance(step, commands.File):
                        self.write(step)
        if self.page in PREPARED:
            self.run(PREPARED[self.page])

    def words(self):
        """Those that start the host of this section, where the page starts none."""
        return HOSTS.get(f"{self.page}, {self.section}", HOSTS.get(self.page, SERVICE))

    def enter(self, section):
        """A host that a section starts ends with it."""
        before, self.section = self.section, section
        if section != before and (self.is_pages or self.words() != self.served):
            self.end_host()

    def end_host(self):
        host, self.host, self.is_pages = self.host, None, False
        if host is not None:
            host.end()

    def close(self):
        try:
            self.end_host()
        finally:
            shutil.rmtree(self.folder)

    def placed(self, text):
        """With the machine's folders where they are."""
        return re.sub(r"(?<![\w./])(?=/(?:etc|run|usr/lib|usr/local/lib|var/lib)/mortise\b)",
                      str(self.root), text)

    def spelled(self, command):
        """With the places of this machine, and without what is root's."""
        command = command.replace("MORTISE/build/release", str(BUILD))
        command = re.sub(r"^build/dev/", f"{BUILD}/", command)
        command = re.sub(r"^setpriv --reuid=\S+ --regid=\S+ --init-groups ", "", command)
        command = command.replace("install -d -o mortise -g mortise ", "install -d ")
        command = re.sub(r"^mortise (check|run)(?!.* --(?:config|plugins))",
                         r"mortise \1 --config /etc/mortise/mortise.toml", command)
        # Tests of this very run are listed alone.
        command = re.sub(r"^ctest --preset dev (.*)",
                         rf"ctest --test-dir {BUILD} --show-only \1 | grep 'Total Tests: [1-9]'",
                         command)
        return self.placed(command)

    def start(self, command):
        """A host by a command that is spelled already."""
        self.end_host()
        command = command.removesuffix(" &").replace(" 127.0.0.1:9090", " 127.0.0.1:0")
        command = re.sub(r" --listen \S+", "", command)
        if " --config " not in command:  # which has an address
            command += " --listen 127.0.0.1:0"
        self.host = Host(command, self.work, self.env)
        self.host.address()
        if " dev" in command:
            self.host.wait_for(r" serves, \d")

    def need_host(self):
        """There is one: that which the page has started in this section, or else HOSTS'."""
        if self.host is None:
            self.served = self.words()
            self.start(self.spelled(self.served))

    def addressed(self, command):
        """With the addresses of the host that it asks."""
        if not ASKS_HOST.search(command):
            return command
        self.need_host()
        if "127.0.0.1:9090" in command:
            admin = self.host.wait_for(r" listening for commands at=http://(\S+)/$")[1][1]
            command = command.replace("127.0.0.1:9090", admin)
        return re.sub(r"\b(?:localhost|127\.0\.0\.1):80\d\d\b", self.host.address(), command)

    def run(self, command):
        """What it prints."""
        script = f"set -o pipefail\ntrap 'pwd >{self.folder}/pwd' EXIT\n{command}"
        done = subprocess.run(["bash", "-c", script], cwd=self.work, env=self.env,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        if done.returncode != 0:
            raise Fault(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        self.work = pathlib.Path((self.folder / "pwd").read_text().rstrip("\n"))
        return done.stdout.replace("\r\n", "\n")

    def write(self, step):
        text = step.text.replace("0.0.0.0:8080", "127.0.0.1:0")
        pathlib.Path(self.placed(step.path)).write_text(self.placed(text))

    def take(self, step):
        """Takes the step; raises Fault."""
        if isinstance(step, commands.File):
            self.write(step)
        elif isinstance(step, commands.Said):
            self.compare_said(step.text)
        else:
            self.type(step)

    def refuse(self, command):
        """Raises Fault where it may be none that runs here."""
        for part in re.split(r"&&|[;|]", command):
            program = pathlib.PurePath(part.strip("( ").split(" ")[0]).name
            if program not in commands.RUN:
                raise Fault(f"{command}: is neither run, since {program} is not in commands.RUN, "
                            "nor in commands.ELSEWHERE")
        for path in re.findall(r"(?:^|(?<=[\s>=]))/[^\s)]*", command):
            if not path.startswith((f"{self.folder}/", f"{BUILD}/")) and path != str(BUILD):
                raise Fault(f"{command}: {path} is of no use here")

    def type(self, step):
        command = self.spelled(step.text)
        self.refuse(command)
        if IS_HOST.match(command):
            self.start(command)
            self.is_pages = True
            output = self.host.wait_for("^Server started at ")[0]
        else:
            command = self.addressed(command)
            if step.shown is None: # an answer that tells of a fault would do else
                command = re.sub(r"\bcurl\b", "curl --fail", command)
            output = self.run(command)
            if made := re.match(r".*\bmortise new (\w+)$", command):
                self.shorten(self.work / made[1])
            if upgraded := re.match(r"process (\d+) serves now\n", output):
                self.host.successor = int(upgraded[1])
        if step.shown is not None and not pages.pattern(step.shown, SHAPES).match(output):
            raise Fault(f"{command}: prints\n{output}\nand the page shows\n{step.shown}")

    def shorten(self, project):
        """Its test takes three quarters of its build; tests/projects/new_test.py builds it."""
        test, = project.glob("*_test.cpp")
        test.write_text("int main() {}\n")

    def compare_said(self, text):
        self.need_host()
        for line in text.splitlines():
            if "after the save" in line:
                for source in self.work.glob("*/*.cpp"):
                    source.write_text(source.read_text().replace('"Hello"', '"Good day"'))
            self.host.wait_for(pages.pattern(line, SHAPES))


def follow(page, steps):
    """The faults of a page's steps, each with its line."""
    faults = []

    def judge(line, act, *arguments):
        try:
            act(*arguments)
        except (Fault, OSError, subprocess.TimeoutExpired) as fault:
            faults.append(f"{page}:{line}: {fault}")

    terminal = Terminal(page)
    try:
        judge(0, terminal.prepare, steps)
        for step in steps:
            judge(step.line, terminal.enter, step.section)
            judge(step.line, terminal.take, step)
        if any(isinstance(step, commands.File) for step in steps):
            judge(0, terminal.take, commands.Command(page, 0, "", "mortise check"))
    finally:
        judge(0, terminal.close)
    return faults
