# SPDX-License-Identifier: BSL-1.0
"""A host takes on another configuration while it serves: all of it, or nothing."""

import json
import pathlib
import signal
import socket
import stat
import subprocess
import tempfile
import unittest

import clients
import hosts
import prometheus


class Reload(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mortise-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.plugins = hosts.plugin_folder(self, "greeting", "hello")
        self.control = self.folder / "control.sock"

    def configure(self, *texts, listeners=("127.0.0.1:0",)):
        lines = [f'[plugins]\ndirectory = "{self.plugins}"\n',
                 f'[admin]\nsocket = "{self.control}"\n',
                 *(f'[[listener]]\naddress = "{each}"\n' for each in listeners), *texts]
        (self.folder / "mortise.toml").write_text("\n".join(lines))

    def start(self, *texts, **more):
        self.configure(*texts, **more)
        return hosts.Host(self, config=self.folder / "mortise.toml")

    def reload(self):
        return hosts.run_to_end("reload", "--control", self.control)

    def greeting(self, salutation="Hello", mount="/hello"):
        return (f'[plugin.greeting]\nfile = "greeting.so"\nmount = "{mount}"\n'
                f'[plugin.greeting.config]\nsalutation = "{salutation}"\n')

    def answer(self, host, path, name=None):
        head = f"GET {path} HTTP/1.1\r\nHost: {name or 'localhost'}\r\n\r\n"
        given = clients.Client(host).send(head.encode()).answer()
        return given.status, given.content

    def test_moves_routes_and_gives_plugins_new_values(self):
        host = self.start(self.greeting())
        self.assertEqual(self.answer(host, "/hello/Ada"), (200, b"Hello, Ada!\n"))
        self.configure(self.greeting("Hi", "/hi"))
        done = self.reload()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("greeting 1.0.0 is in service as generation 2", done.stdout)
        self.assertEqual(self.answer(host, "/hi/Ada"), (200, b"Hi, Ada!\n"))
        self.assertEqual(self.answer(host, "/hi"), (200, b"Hi, Anonymous!\n"))
        self.assertEqual(self.answer(host, "/hello/Ada")[0], 404)

    def test_moves_routes_without_loading_their_plugin_again(self):
        host = self.start(self.greeting())
        self.configure(self.greeting(mount="/there"))
        self.assertEqual(self.reload().returncode, 0)
        self.assertEqual(self.answer(host, "/there/Ada")[0], 200)
        self.assertEqual(self.plugins_of(host)["greeting"]["generation"], 1)
        self.assertEqual(self.plugins_of(host)["greeting"]["routes"],
                         ["GET /there/", "GET /there", "GET /there/{name}"])

    def plugins_of(self, host):
        done = hosts.run_to_end("plugin", "list", "--json", "--control", self.control)
        return {each["id"]: each for each in json.loads(done.stdout)["plugins"]}

    def test_adds_and_removes_plugins(self):
        hello = '[plugin.hello]\nfile = "hello.so"\nmount = "/plain"\n'
        host = self.start(self.greeting())
        self.configure(self.greeting(), hello)
        self.assertEqual(self.reload().returncode, 0)
        self.assertEqual(set(self.plugins_of(host)), {"greeting", "hello"})
        self.configure(hello)
        self.assertIn("greeting is out of service", self.reload().stdout)
        self.assertEqual(self.answer(host, "/hello/Ada")[0], 404)
        self.assertEqual(set(self.plugins_of(host)), {"hello"})

    def test_serves_by_virtual_host(self):
        host = self.start('[virtual_host.main]\nnames = ["example.org", "*.example.org"]\n',
                          self.greeting().replace("[plugin.greeting.config]",
                                                   'virtual_hosts = ["main"]\n'
                                                   "[plugin.greeting.config]"))
        self.assertEqual(self.answer(host, "/hello/Ada", "example.org")[0], 200)
        self.assertEqual(self.answer(host, "/hello/Ada", "www.example.org")[0], 200)
        self.assertEqual(self.answer(host, "/hello/Ada", "example.net")[0], 404)

    def test_changes_nothing_where_anything_is_wrong(self):
        host = self.start(self.greeting())
        before = self.plugins_of(host)
        missing = '[plugin.hello]\nfile = "none.so"\nmount = "/plain"\n'
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        taken_address = f"127.0.0.1:{taken.getsockname()[1]}"
        all_of_them = "[plugins.limits]\nlog = 50\n[plugin.helo.limits]\nlog = 5\n"
        broken = [("[server]\nworkers = 0\n", "mortise.toml:.*workers"),
                  (missing, "none.so: is not there"),
                  ('[plugin.hello]\nfile = "hello.so"\n[plugins.limits]\nlgo = 1\n', "did you mean log"),
                  ("[server\n", "mortise.toml:"),
                  (all_of_them, 'there is no plugin "helo", which the configuration names'),
                  ("", rf"mortise.toml:\d+:11: cannot listen on {taken_address}: Address already")]
        for text, said in broken:
            with self.subTest(text):
                listeners = ("127.0.0.1:0", *([] if text else [taken_address]))
                self.configure(self.greeting("Hi"), text, listeners=listeners)
                if text == all_of_them:
                    self.take_all_plugins()
                done = self.reload()
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertRegex(done.stderr, said)
                self.assertEqual(self.answer(host, "/hello/Ada"), (200, b"Hello, Ada!\n"))
                self.assertEqual(self.plugins_of(host), before)

    def test_is_given_up_where_the_host_is_told_to_stop_meanwhile(self):
        gate = self.folder / "gate"
        waits = hosts.plugin_file("waits_in_create")
        (self.plugins / waits.name).write_bytes(waits.read_bytes())
        (self.plugins / waits.name).chmod(0o644)
        one_loop = "[server]\nworkers = 1\n"
        host = self.start(one_loop, self.greeting())
        held = clients.Client(host).send(clients.get("/hello/Ada")[:-2]) # which keeps it draining
        clients.Client(host).send(clients.get()).answer() # so the loop has seen that
        path = self.folder / "http.sock"
        self.configure(one_loop, self.greeting(mount="/hi"), f'[plugin.waits-in-create]\nfile = "{waits.name}"\n'
                       f'[plugin.waits-in-create.config]\nuntil = "{gate}"\n',
                       listeners=("127.0.0.1:0", f"unix:{path}"))
        with subprocess.Popen([hosts.PROGRAM, "reload", "--control", self.control],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asking:
            children = pathlib.Path(f"/proc/{host.process.pid}/task/{host.process.pid}/children")
            host.wait_until(lambda: children.read_text().split())
            host.signal()
            host.wait_for_line("draining: what is in flight is finished")
            gate.touch()
            out, err = asking.communicate()
        self.assertEqual((asking.returncode, out), (1, ""))
        self.assertIn("the host is stopping", err)
        self.assertFalse(path.exists())
        self.assertEqual(held.send(b"\r\n").answer().content, b"Hello, Ada!\n")
        self.assertEqual(host.wait_for_end(), 0)

    def take_all_plugins(self):
        file = self.folder / "mortise.toml"
        file.write_text(file.read_text().replace("[plugins]\n", "[plugins]\nall = true\n", 1))

    def test_adds_and_removes_listeners_and_keeps_connections(self):
        host = self.start(self.greeting())
        path = self.folder / "http.sock"
        kept = clients.Client(host)
        self.assertEqual(kept.send(clients.get("/hello/Ada")).answer().status, 200)
        self.configure(self.greeting(), listeners=("127.0.0.1:0", f"unix:{path}"))
        self.assertEqual(self.reload().stdout, f"listens at unix:{path}\n")
        done = subprocess.run(["curl", "-s", "--unix-socket", path, "http://localhost/hello/Bo"],
                              capture_output=True, check=True)
        self.assertEqual(done.stdout, b"Hello, Bo!\n")
        self.configure(self.greeting(), listeners=(f"unix:{path}",))
        self.assertEqual(self.reload().stdout, f"listens no more at {host.url}\n")
        self.assertEqual(kept.send(clients.get("/hello/Ada")).answer().status, 200)
        with self.assertRaises(ConnectionRefusedError):
            clients.Client(host)
        self.configure(self.greeting())
        self.reload()
        self.assertFalse(path.exists())

    def test_takes_on_limits_and_deadlines(self):
        host = self.start(self.greeting())
        kept = clients.Client(host)
        self.assertEqual(kept.send(clients.get("/hello/" + "a" * 100)).answer().status, 200)
        self.configure(self.greeting(), '[limits]\ntarget_size = "64"\n')
        self.assertEqual(self.reload().returncode, 0)
        self.assertEqual(kept.send(clients.get("/hello/" + "a" * 100)).answer().status, 414)

    def metrics(self):
        done = subprocess.run(["curl", "-sS", "--fail", "--unix-socket", self.control,
                               "http://localhost/metrics"], capture_output=True, text=True,
                              check=True)
        return prometheus.Shown(self, done.stdout)

    def test_keeps_counts_and_counts_by_routes_as_they_stand(self):
        host = self.start(self.greeting())
        self.assertEqual(self.answer(host, "/hello/Ada")[0], 200)
        self.configure(self.greeting(mount="/there").replace(
            "[plugin.greeting.config]", 'virtual_hosts = ["main"]\n[plugin.greeting.config]'),
            '[virtual_host.main]\nnames = ["example.org"]\n')
        self.assertEqual(self.reload().returncode, 0)
        for path in ("/there/Ada", "/there/Bo", "/hello/Ada"):
            self.answer(host, path, "example.org")
        shown = self.metrics()
        self.assertEqual(shown.count("greeting", "/hello/{name}", "GET", "2xx"), 1)
        self.assertEqual(shown.count("greeting", "example.org/there/{name}", "GET", "2xx"), 2)
        self.assertEqual(shown.count("", "", "GET", "4xx"), 1)
        self.configure(self.greeting())
        self.assertEqual(self.reload().returncode, 0)
        self.assertEqual(self.answer(host, "/hello/Ada")[0], 200)
        self.assertEqual(self.metrics().count("greeting", "/hello/{name}", "GET", "2xx"), 2)

    def test_takes_on_how_the_log_is_written(self):
        host = self.start(self.greeting())
        for form, line in (("json", r'^\{"time":.*"message":"the configuration is in service"\}$'),
                           ("text", r"Z info the configuration is in service$")):
            self.configure(self.greeting(), f'[log]\nformat = "{form}"\n')
            self.assertEqual(self.reload().returncode, 0)
            host.wait_for_line(line)

    def test_begins_and_ends_to_write_the_metrics(self):
        host = self.start(self.greeting())
        files = [self.folder / "one.prom", self.folder / "two.prom"]
        for file in files:
            self.configure(self.greeting(), f'[metrics]\nfile = "{file}"\n')
            self.assertEqual(self.reload().returncode, 0)
            self.assertEqual(prometheus.Shown(self, file.read_text()).answered(), 0)
        self.assertEqual(self.answer(host, "/hello/Ada")[0], 200)
        host.stop()
        self.assertEqual([prometheus.Shown(self, file.read_text()).answered() for file in files],
                         [0, 1])

    def test_tells_how_long_handlers_took_from_then_on(self):
        host = self.start(self.greeting(), "[metrics]\nrequests = false\n")
        kept = clients.Client(host)
        for timing in (False, True, False):
            self.configure(self.greeting(), f"[metrics]\nrequests = false\n",
                           f"[server]\ntiming = {str(timing).lower()}\n")
            self.assertEqual(self.reload().returncode, 0)
            answer = kept.send(clients.get("/hello/Ada")).answer()
            self.assertEqual("server-timing" in answer.fields, timing)

    def test_says_what_takes_a_restart(self):
        self.start(self.greeting())
        self.configure(self.greeting(), "[server]\nworkers = 3\n")
        done = self.reload()
        self.assertEqual(done.returncode, 0)
        self.assertIn("server.workers is not changed yet", done.stdout)

    def test_says_each_thing_that_has_changed_and_only_then_that_nothing_has(self):
        host = self.start(self.greeting())
        self.assertEqual(self.reload().stdout, "nothing has changed\n")
        steps = [
            ('[deadlines]\nheader = "5s"\n', 'deadlines.header is "5s" now\n'),
            ("[limits]\nfields = 7\n",
             'limits.fields is 7 now\ndeadlines.header is "10s" now\n'),
            ('[server]\nserver_field = "m"\n[limits]\nfields = 7\n',
             'server.server_field is "m" now\n'),
            ("[limits]\nfields = 7\n", "server.server_field has its default now: none\n"),
            ('[limits]\nfields = 7\n[log]\nlevel = "debug"\n', 'log.level is "debug" now\n'),
            ('[limits]\nfields = 7\n[log]\nlevel = "debug"\n'
             '[virtual_host.main]\nnames = ["example.org"]\n',
             'virtual_host.main.names is ["example.org"] now\n')]
        for text, said in steps:
            with self.subTest(text):
                self.configure(self.greeting(), text)
                self.assertEqual(self.reload().stdout, said)
                self.assertEqual(self.reload().stdout, "nothing has changed\n")
        self.configure(self.greeting(mount="/shop"), steps[-1][0])
        self.assertEqual(self.reload().stdout, 'plugin.greeting.mount is "/shop" now\n')
        self.assertEqual(self.answer(host, "/shop/Ada")[0], 200)
        status = hosts.run_to_end("status", "--control", self.control).stdout
        self.assertRegex(status, r"\nlast change, asked, at \S+Z\n"
                                 r'  plugin\.greeting\.mount is "/shop" now\n')

    def test_tells_no_secret(self):
        password = '[plugin.hello.config]\npassword = "{}"\n'
        hello = '[plugin.hello]\nfile = "hello.so"\nmount = "/plain"\n'
        host = self.start(self.greeting(), hello, password.format("s3cret-one"))
        self.configure(self.greeting(), hello, password.format("s3cret-two"))
        said = self.reload().stdout
        self.assertIn("plugin.hello.config.password has another value now\n", said)
        self.assertNotIn("s3cret", said + "".join(host.err.all()))

    def test_gives_unix_sockets_another_mode(self):
        path = self.folder / "http.sock"
        mode = lambda: stat.S_IMODE(path.stat().st_mode)
        configure = lambda text: self.configure(
            self.greeting(), f'[[listener]]\naddress = "unix:{path}"\n{text}')
        configure('mode = "0666"\n')
        host = hosts.Host(self, config=self.folder / "mortise.toml")
        self.assertEqual(mode(), 0o666)
        for text, digits in (('mode = "0600"\n', "0600"), ("", "0660")):
            configure(text)
            self.assertEqual(self.reload().stdout, f'mode of unix:{path} is "{digits}" now\n')
            self.assertEqual(mode(), int(digits, 8))
            self.assertEqual(self.reload().stdout, "nothing has changed\n")
        path.unlink()
        path.write_text("precious")
        path.chmod(0o644)
        configure('mode = "0600"\n')
        said = "another file is there; remove it and restart the host"
        self.assertEqual(self.reload().stdout, f"mode of unix:{path} is not changed: {said}\n")
        host.wait_for_line(f"error the mode of a unix socket cannot be changed: {said} at=")
        self.assertEqual(mode(), 0o644)
        path.unlink()

    def test_shows_what_holds_and_what_takes_a_restart(self):
        self.start(self.greeting(), "[server]\nworkers = 2\n")
        self.configure(self.greeting(), "[server]\nworkers = 3\ntiming = true\n")
        self.assertIn("server.timing is true now\nserver.workers is not changed yet",
                      self.reload().stdout)
        shown = self.shown()
        self.assertRegex(shown, r"(?m)^workers = 2 # \S+/mortise\.toml:\d+:11; 3 after a restart$")
        self.assertRegex(shown, r"(?m)^timing = true # \S+/mortise\.toml:\d+:10$")
        self.configure(self.greeting(), "[server]\nworkers = 2\n")
        self.assertEqual(self.reload().stdout, "server.timing is false now\n")
        self.assertNotIn("after a restart", self.shown())

    def shown(self):
        """The settings that hold."""
        return subprocess.run(["curl", "-sS", "--fail", "--unix-socket", self.control,
                               "http://localhost/configuration"], capture_output=True, text=True,
                              check=True).stdout

    def test_is_begun_by_hup_too(self):
        host = self.start(self.greeting())
        self.configure(self.greeting("Hi"))
        host.signal(signal.SIGHUP)
        host.wait_for_line("info the configuration is in service")
        self.assertEqual(self.answer(host, "/hello/Ada"), (200, b"Hi, Ada!\n"))


if __name__ == "__main__":
    unittest.main()
