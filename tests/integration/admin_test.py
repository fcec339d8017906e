# SPDX-License-Identifier: BSL-1.0
"""What operators ask a host: health, status, metrics, routes and faults, at its control socket."""

import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import unittest

import clients
import generations
import hosts


class Admin(unittest.TestCase):
    def serve(self, *options, **how):
        self.file = hosts.plugin_folder(self) / "control.sock"
        self.host = hosts.Host(self, "--no-watch", "--control", self.file, *options, **how)

    def ask(self, path, *options):
        """The answer at the control socket."""
        done = subprocess.run(
            ["curl", "-sSi", "--unix-socket", self.file, "--max-time", str(hosts.PATIENCE),
             *options, f"http://localhost{path}"],
            stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return clients.parse(done.stdout)

    def object(self, path, status=200, *options):
        answer = self.ask(path, *options)
        self.assertEqual((answer.status, answer.fields["content-type"]),
                         (status, "application/json"), answer.content)
        return json.loads(answer.content)

    def connection(self):
        """A connection that stays open, to the control socket."""
        to = socket.socket(socket.AF_UNIX)
        self.addCleanup(to.close)
        to.settimeout(hosts.PATIENCE)
        to.connect(str(self.file))
        return to

    def test_tells_that_it_is_alive_and_ready(self):
        self.serve()
        self.assertEqual(self.object("/healthz"), {"status": "alive"})
        self.assertEqual(self.object("/readyz"), {"status": "ready"})

    def test_names_the_loop_that_does_not_answer(self):
        self.serve("--workers", "2", "--stall-timeout", "100ms", "--call-timeout", "1h",
                   "--set", "blocks-10s.milliseconds=2000", plugins=["blocks_10s"])
        client = clients.Client(self.host).send(clients.get("/fault"))
        held = int(self.host.wait_for_line(r"a plugin holds its loop loop=(\d)").group(1))
        sick = self.object("/healthz", 503)
        self.assertEqual((sick["silent"], sick["error"]),
                         ([held], f"loops that do not answer: {held}"))
        loops = self.object("/status")["loops"]
        self.assertEqual([each["answers"] for each in loops], [held != 0, held != 1])
        self.assertIsNone(loops[held]["connections"])
        self.assertEqual(self.object("/readyz"), {"status": "ready"})
        self.assertEqual(client.answer().content, b"slept")
        self.host.wait_until(lambda: self.ask("/healthz").status == 200)

    def test_tells_its_status(self):
        self.serve("--workers", "1", plugins=["never_replies", "greeting"])
        idle = clients.Client(self.host).send(clients.get("/Ada"))
        idle.answer()
        clients.Client(self.host).send(clients.get("/fault"))
        self.host.wait_until(lambda: self.object("/status")["loops"][0]["requests"] == 1)
        status = self.object("/status")
        self.assertEqual(status["loops"],
                         [{"loop": 0, "answers": True, "connections": 2, "requests": 1}])
        self.assertEqual(status["state"], "serving")
        self.assertEqual(status["pid"], self.host.process.pid)
        self.assertEqual(status["listeners"], [self.host.url])
        self.assertRegex(status["started"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(f"mortise {status['version']}\n",
                         hosts.run_to_end("--version").stdout)
        self.assertEqual([(each["id"], each["state"]) for each in status["plugins"]],
                         [("greeting", "serving"), ("never-replies", "serving")])
        self.assertEqual((status["changes"], status["last_change"], status["drain"]),
                         (0, None, None))
        self.cut_off()

    def cut_off(self):
        """Ends a host that a plugin keeps from draining."""
        self.host.signal()
        self.host.wait_for_line("draining")
        self.host.signal()
        self.assertEqual(self.host.wait_for_end(), 1)

    def test_tells_what_the_last_change_came_to(self):
        folder = hosts.plugin_folder(self, "greeting")
        self.serve(folder=folder)
        generations.write(folder, 1)
        (folder / "broken.so").write_bytes(b"garbage")
        self.object("/plugins/reload", 409, "-X", "POST")
        status = self.object("/status")
        change = status["last_change"]
        self.assertEqual((status["changes"], change["cause"]), (1, "asked"))
        self.assertRegex(change["changes"][0], r"^generations 1\.0\.0 is in service as generation")
        self.assertRegex(change["faults"][0], r"broken\.so: is not an ELF file; ")

    def test_tells_the_metrics_for_prometheus(self):
        self.serve(plugins=["metrics"])
        clients.curl(self.host, "/fault")
        answer = self.ask("/metrics")
        self.assertEqual(answer.fields["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        self.assertRegex(answer.content.decode(), r"(?m)^# TYPE \w+ counter$")

    def test_lists_the_routes(self):
        self.serve(plugins=["greeting", "echo"])
        routes = self.object("/routes")["routes"]
        self.assertIn(("GET", "", "/{name}", "greeting"),
                      [(each["method"], each["host"], each["pattern"], each["plugin"])
                       for each in routes])
        self.assertEqual({each["plugin"] for each in routes}, {"greeting", "echo"})

    def test_remembers_faults(self):
        self.serve(plugins=["throws", "greeting"])
        self.assertEqual(self.object("/faults"), {"faults": []})
        clients.curl(self.host, "/fault")
        (self.host.folder / "broken.so").write_bytes(b"garbage")
        self.object("/plugins/reload", 409, "-X", "POST")
        first, second = self.object("/faults")["faults"]
        self.assertRegex(first["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(first["plugin"], "throws")
        self.assertIn("GET /fault", first["text"])
        self.assertIsNone(second["plugin"])
        self.assertRegex(second["text"], r"broken\.so: is not an ELF file; ")

    def test_remembers_who_held_a_loop_as_one_fault(self):
        self.serve("--stall-timeout", "200ms", "--set", "blocks-10s.milliseconds=1000",
                   plugins=["blocks_10s"])
        clients.curl(self.host, "/fault")
        faults = [(each["plugin"], each["text"]) for each in self.object("/faults")["faults"]
                  if each["fields"].get("call") == "GET /fault"]  # a busy machine has others
        self.assertEqual(faults, [("blocks-10s", "a plugin holds its loop")])

    def test_answers_while_it_drains_and_changes_nothing_any_more(self):
        self.serve("--workers", "1", plugins=["never_replies", "greeting"])
        kept = self.connection()
        waiting = clients.Client(self.host).send(clients.get("/fault"))
        self.host.wait_until(lambda: self.object("/status")["loops"][0]["requests"] == 1)
        self.host.signal()
        self.host.wait_until(lambda: self.ask("/readyz").status == 503)
        self.assertEqual(self.object("/readyz", 503)["error"], "the host is draining")
        self.assertEqual(self.object("/healthz"), {"status": "alive"})
        self.assertEqual(self.ask("/metrics").status, 200)
        status = self.object("/status")
        self.assertEqual((status["state"], status["drain"]["longest_ms"]), ("draining", 30_000))
        self.assertEqual(self.object("/plugins/reload", 503, "-X", "POST")["error"],
                         "the host is stopping")
        waiting.close()
        kept.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n") # it was there before
        self.assertRegex(kept.recv(1000), rb"^HTTP/1\.1 503 ")
        self.host.signal()
        self.assertEqual(self.host.wait_for_end(), 1)

    def test_says_what_is_not_there(self):
        self.serve()
        self.assertRegex(self.object("/nothing", 404)["error"], "^there is no /nothing$")
        refused = self.ask("/status", "-X", "DELETE")
        self.assertEqual((refused.status, refused.fields["allow"]), (405, "GET, HEAD"))
        refused = self.ask("/plugins/greeting/disable")
        self.assertEqual((refused.status, refused.fields["allow"]), (405, "POST"))

    def test_answers_head_without_content(self):
        self.serve()
        to = self.connection()
        for _ in range(2): # the next answer begins behind the head
            to.sendall(b"HEAD /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = to.recv(1000)
            self.assertRegex(answer, rb"(?s)^HTTP/1\.1 200 OK\r\n.*Content-Length: 19\r\n")
            self.assertTrue(answer.endswith(b"\r\n\r\n"), answer)

    def test_lets_no_page_of_another_site_change_anything(self):
        self.serve()
        for field in ("Origin: http://example.org", "Origin: null", "Sec-Fetch-Site: cross-site"):
            refused = self.object("/plugins/greeting/disable", 403, "-X", "POST", "-H", field)
            self.assertEqual(refused["error"], "a page of another site asks for a change")
            self.assertEqual(self.ask("/status", "-H", field).status, 200)
        self.assertEqual(self.object("/status")["plugins"][0]["state"], "serving")

    def test_has_room_for_so_many_connections(self):
        self.serve()
        kept = [self.connection() for _ in range(64)]
        for each in kept:
            each.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertRegex(each.recv(1000), rb"^HTTP/1\.1 200 ")
        waiting = self.connection()
        waiting.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        kept[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertRegex(kept[0].recv(1000), rb"^HTTP/1\.1 200 ") # by now it could have accepted
        self.assertEqual(select.select([waiting], [], [], 0)[0], [])
        kept[1].close()
        self.assertRegex(waiting.recv(1000), rb"^HTTP/1\.1 200 ")

    def test_keeps_its_sockets_from_plugins_that_are_tried(self):
        folder = hosts.plugin_folder(self, "greeting")
        self.serve("--probe-timeout", "1h", folder=folder)
        kept = self.connection()
        kept.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertRegex(kept.recv(1000), rb"^HTTP/1\.1 200 ")
        hanging = folder / "hangs_in_create.so"
        hanging.write_bytes(hosts.plugin_file("hangs_in_create").read_bytes())
        hanging.chmod(0o644)
        self.host.signal(signal.SIGHUP)
        process = pathlib.Path(f"/proc/{self.host.process.pid}")
        children = process / "task" / process.name / "children"
        self.host.wait_until(lambda: children.read_text())
        child = children.read_text().split()[0]
        program = pathlib.Path(f"/proc/{child}/cmdline")
        self.host.wait_until(lambda: b"probe-plugin" in program.read_bytes())
        files = hosts.open_files(child)
        self.assertEqual([each for each in files if each.startswith("socket:")], [])
        os.kill(int(child), signal.SIGKILL)
        self.host.wait_for_line("hangs_in_create.so: ")


if __name__ == "__main__":
    unittest.main()
