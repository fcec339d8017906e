# SPDX-License-Identifier: BSL-1.0
"""What a bad plugin does to others: next to nothing, and the log names it."""

import os
import re
import shutil
import signal
import tempfile
import unittest
import unittest.mock

import clients
import hosts


class Trial(unittest.TestCase):
    """What would harm the process is found in another one."""

    FAULTS = (
        ("crashing_static_ctor", # which a sanitizer ends in its own way
         "(crashes in load by SIG[A-Z]+; mend it|ends the process in load)"
         if hosts.IS_SANITIZED else "crashes in load by SIGSEGV; mend it; the stack is above", ()),
        ("hangs_in_create", "does not come back from create within 1000 ms; .*--probe-timeout",
         ("--probe-timeout", "1s")),
        ("calls_exit", "ends the process in create, with exit code 1; give an error back",
         ("--set", "calls-exit.early=yes")),
        ("throws_in_create", "throws in create: the model file is missing; catch every", ()),
        ("bad_config", "fails in create: limit is not a digit; correct the cause", ()),
    )

    def test_refuses_at_the_start(self):
        for name, fault, options in self.FAULTS:
            with self.subTest(name):
                host = hosts.Host(self, *options, plugins=[name, "greeting"])
                host.wait_for_line(rf" error .*/{name}\.so: {fault}")
                self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))
                host.stop()

    def test_refuses_while_the_host_serves(self):
        for name, fault, options in self.FAULTS:
            with self.subTest(name):
                host = hosts.Host(self, *options)
                shutil.copyfile(hosts.plugin_file(name), host.folder / f"{name}.so")
                host.wait_for_line(rf" error .*/{name}\.so: {fault}")
                self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))
                host.stop()

    def test_leaves_no_copy_behind(self):
        with tempfile.TemporaryDirectory() as folder, \
             unittest.mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": folder}):
            host = hosts.Host(self, "--probe-timeout", "1s", "--set", "calls-exit.early=yes",
                              plugins=["calls_exit", "hangs_in_create", "greeting"])
            self.assertEqual(len(os.listdir(folder)), 1) # the greeting's
            host.stop()
            self.assertEqual(os.listdir(folder), [])

    def test_tells_of_what_does_not_keep_a_plugin_out(self):
        host = hosts.Host(self, plugins=["starts_thread"])
        host.wait_for_line(r" warning starts threads of its own: .* plugin=starts-thread ")
        self.assertIn(b"with a thread", clients.curl(host, "/fault"))

    def test_is_given_the_configuration(self):
        host = hosts.Host(self, "--set", "bad-config.limit=1", plugins=["bad_config", "greeting"])
        host.wait_for_line("plugin loaded id=bad-config")

    def test_may_be_left_out(self):
        host = hosts.Host(self, "--no-probe", plugins=["starts_thread"])
        host.stop()
        self.assertFalse([line for line in host.err.rest() if "threads of its own" in line])


class Crash(unittest.TestCase):
    """The process ends as it would have; the log says who it was."""

    WAYS = (("segfault", "SIGSEGV", "write_nowhere"), ("abort", "SIGABRT", "handle"),
            ("stack_overflow", "SIGSEGV", "go_deeper"), ("calls_exit", "exit", "handle"))

    # A copy of a sanitizer's process may not come to its end: then the handler writes lines too.
    PREFIX, QUOTE = ("(error|mortise:)", '"?') if hosts.IS_SANITIZED else ("error", '"')

    def crash(self, name, *options, folder=None):
        host = hosts.Host(self, *options, plugins=[name, "greeting"], folder=folder)
        clients.Client(host).send(clients.get("/fault")).rest()
        self.assertNotEqual(host.wait_for_end(), 0)
        return host

    def test_is_reported_with_plugin_route_and_stack(self):
        for name, why, function in self.WAYS:
            with self.subTest(name):
                lines = self.crash(name).err.rest()
                told, *more = [line for line in lines if "a plugin has crashed" in line]
                self.assertTrue(hosts.IS_SANITIZED or not more, more)
                self.assertRegex(
                    told, rf"{self.PREFIX} a plugin has crashed: this process ends signal={why} "
                          rf"plugin={name.replace('_', '-')} version=1\.0\.0 generation=\d+ "
                          rf"file=\S+/{name}\.so call={self.QUOTE}GET /fault{self.QUOTE} "
                          r"exchange=\d+")
                frames = [line for line in lines if re.search(r"  #\d+ ", line)]
                self.assertRegex("\n".join(frames),
                                 rf"#\d+ {function}\+0x[0-9a-f]+ in \S+/{name}\.so")

    def test_leaves_the_signal_as_it_was(self):
        self.assertEqual(self.crash("abort").process.returncode, -signal.SIGABRT)

    def test_starts_the_next_process_in_quarantine(self):
        folder = hosts.plugin_folder(self, "segfault", "greeting")
        state = hosts.plugin_folder(self)
        options = ("--state", state, "--quarantine-crashes", "2")
        for _ in range(2):
            self.crash("segfault", *options, folder=folder)
        host = hosts.Host(self, *options, folder=folder)
        host.wait_for_line(r" error a plugin is in quarantine, .* plugin=segfault .* crashes=2")
        answer = clients.Client(host).send(clients.get("/fault")).answer()
        self.assertEqual((answer.status, answer.fields["retry-after"]), (503, "60"))
        self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))
        shutil.copyfile(hosts.plugin_file("echo"), folder / "segfault.so")
        host.wait_for_line("plugin unloaded plugin=segfault")

    def test_reads_a_record_that_was_cut_short(self):
        state = hosts.plugin_folder(self)
        (state / "crashes").write_bytes(b"17957808\n\xff\n99999999999 greeting 12")
        host = hosts.Host(self, "--state", state)
        self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))

    def test_goes_on_without_a_place_for_the_record(self):
        host = hosts.Host(self, "--state", "/nowhere")
        host.wait_for_line(" warning crashes of plugins are not recorded: .* directory=/nowhere ")


class Stall(unittest.TestCase):
    """A loop that a plugin holds serves nobody; the others do."""

    def test_is_reported_while_it_lasts_and_when_it_is_over(self):
        host = hosts.Host(self, "--stall-timeout", "100ms", "--set", "blocks-10s.milliseconds=1500",
                          plugins=["blocks_10s"])
        self.assertEqual(clients.parse(clients.curl(host, "/fault")).content, b"slept")
        told = host.wait_for_line(r" error a plugin holds its loop loop=\d+ for=\S+s .*").group()
        self.assertRegex(told, r"plugin=blocks-10s version=1\.0\.0 generation=\d+ .*"
                               r"call=\"GET /fault\" exchange=\d+")
        host.wait_for_line(r"  #\d+ handle\+0x[0-9a-f]+ in \S+/blocks_10s\.so")
        host.wait_for_line(r" warning a loop goes on, which a plugin held loop=\d+ for=1\.\ds")

    def test_takes_no_new_client_with_it(self):
        host = hosts.Host(self, "--workers", "2", "--stall-timeout", "50ms", "--set",
                          "blocks-10s.milliseconds=3000", plugins=["blocks_10s", "greeting"])
        waiting = clients.Client(host).send(clients.get("/fault"))
        host.wait_for_line("a plugin holds its loop")
        for _ in range(100): # each is a connection of its own; the kernel gives half to that loop
            answer = clients.Client(host).send(clients.get("/Ada")).answer()
            self.assertEqual(answer.content, b"Hello, Ada!\n")
        self.assertFalse(waiting.has_bytes())
        self.assertEqual(waiting.answer().content, b"slept")

    def test_that_cannot_be_left_is_ended_with_the_process(self):
        for plugin, path in (("blocks_10s", "/fault"), ("loops_forever", "/fault?release")):
            with self.subTest(plugin):
                host = hosts.Host(self, "--workers", "2", "--stall-timeout", "50ms",
                                  "--call-timeout", "50ms", "--drain-timeout", "100ms", "--set",
                                  "blocks-10s.milliseconds=1000000", plugins=[plugin, "greeting"])
                clients.Client(host).send(clients.get(path))
                host.wait_for_line("a plugin holds its loop")
                self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))
                host.signal()
                self.assertEqual(host.wait_for_end(), 1)
                said = "\n".join(host.err.rest())
                self.assertIn("ending without taking it down", said)
                self.assertNotIn("has left a call", said)

    def test_that_comes_again_and_again_ends_in_quarantine(self):
        host = hosts.Host(self, "--stall-timeout", "50ms", "--set", "blocks-10s.milliseconds=500",
                          plugins=["blocks_10s", "greeting"])
        for _ in range(3):
            self.assertEqual(clients.parse(clients.curl(host, "/fault")).status, 200)
        host.wait_for_line(r" error is in quarantine for its faults: .* plugin=blocks-10s")
        self.assertEqual(clients.parse(clients.curl(host, "/fault")).status, 503)


@unittest.skipIf(hosts.SANITIZER == "thread", "it delivers a signal when the call is over")
class Leaving(unittest.TestCase):
    """A call that does not return is left: its client has an answer, and the loop serves on."""

    TOLD = r" error a loop has left a call that did not return loop=0 for=\S+ "

    def serve(self, *plugins, options=()):
        self.control = hosts.plugin_folder(self) / "control.sock"
        self.host = hosts.Host(self, "--workers", "1", "--stall-timeout", "50ms", "--call-timeout",
                               "100ms", "--control", self.control, *options,
                               plugins=[*plugins, "greeting"])
        return self.host

    def greet(self, client):
        self.assertEqual(client.send(clients.get("/Ada")).answer().content, b"Hello, Ada!\n")

    def count(self, text):
        return sum(text in line for line in self.host.err.all())

    def leave(self, request, plugin):
        """Sends it, and waits until the loop has left that plugin's call."""
        before = self.count("a loop has left")
        client = clients.Client(self.host).send(request)
        self.host.wait_until(lambda: self.count("a loop has left") > before)
        done = hosts.run_to_end("plugin", "enable", plugin, "--control", self.control)
        self.assertEqual(done.returncode, 0, done.stderr)
        return client

    def test_answers_its_client_and_goes_on_with_all_others(self):
        host = self.serve("loops_forever")
        kept = [clients.Client(host) for _ in range(50)]
        for client in kept:
            self.greet(client)
        lost = clients.Client(host).send(clients.get("/fault"))
        for client in kept: # they wait for the loop, some in the turn that was broken off
            client.send(clients.get("/Ada"))
        self.assertEqual(lost.answer().status, 504)
        for client in kept:
            self.assertEqual(client.answer().content, b"Hello, Ada!\n")
            self.greet(client)
        host.wait_for_line(self.TOLD + r"plugin=loops-forever .*call=\"GET /fault\"")
        host.wait_for_line(r" error is in quarantine for a call that did not return: .*"
                           r"plugin=loops-forever")
        self.assertEqual(clients.parse(clients.curl(host, "/fault")).status, 503)

    def test_is_possible_again_and_again(self):
        self.serve("loops_forever")
        kept = clients.Client(self.host)
        for _ in range(10):
            client = self.leave(clients.get("/fault"), "loops-forever")
            self.assertEqual(client.answer().status, 504)
            self.greet(kept)
        self.host.stop()

    def test_sends_the_answer_that_was_given_and_serves_what_came_behind(self):
        self.serve("loops_forever")
        client = self.leave(clients.get("/fault?replied") + clients.get("/Ada"), "loops-forever")
        self.assertEqual(client.answer().content, b"replied")
        self.assertEqual(client.answer().content, b"Hello, Ada!\n")

    def test_ends_a_coroutine_that_was_resumed_with_content(self):
        self.serve("loops_later")
        kept = clients.Client(self.host)
        head = clients.get("/fault/content", "Content-Length: 3", method="POST")
        self.assertEqual(self.leave(head + b"abc", "loops-later").answer().status, 504)
        self.greet(kept)
        client = clients.Client(self.host).send(head)
        self.greet(kept) # the handler waits by now
        client.send(b"abc")
        self.assertEqual(client.answer().status, 504)
        self.greet(kept)

    def test_breaks_off_a_stream_that_has_begun(self):
        self.serve("loops_later")
        client = self.leave(clients.get("/fault/piece"), "loops-later")
        self.assertNotIn(b"\r\n0\r\n", client.rest())
        self.greet(clients.Client(self.host))

    def test_goes_on_with_timers_and_with_work_that_is_done(self):
        self.serve("loops_later", options=("--limit", "loops-later.requests=1"))
        kept = clients.Client(self.host)
        for path in ("/fault/sleep", "/fault/work", "/fault/sleep", "/fault/work"):
            client = self.leave(clients.get(path), "loops-later")
            self.assertEqual(client.answer().status, 504)
            self.greet(kept)

    def test_goes_on_with_all_that_was_cancelled(self):
        host = self.serve("loops_later", options=("--handler-timeout", "500ms"))
        kept = clients.Client(host)
        late = [clients.Client(host).send(clients.get("/fault/cancellation")) for _ in range(3)]
        host.wait_until(lambda: self.count("a loop has left") == len(late))
        self.assertEqual([client.answer().status for client in late], [504] * len(late))
        self.greet(kept)

    def test_breaks_off_a_stream_that_waited_for_a_timer(self):
        self.serve("loops_later")
        client = self.leave(clients.get("/fault/piece-and-sleep"), "loops-later")
        self.assertNotIn(b"\r\n0\r\n", client.rest())

    def test_leaves_no_register_in_use(self):
        self.serve("loops_later")
        kept = clients.Client(self.host)
        for _ in range(3):
            self.leave(clients.get("/fault/registers"), "loops-later")
            answer = kept.send(clients.get("/product")).answer()
            self.assertEqual(answer.content, b"11.250000\n")

    def test_lets_a_replaced_plugin_go(self):
        for file, plugin, path in (("loops_forever", "loops-forever", "/fault"),
                                   ("loops_later", "loops-later", "/fault/sleep")):
            with self.subTest(plugin):
                host = self.serve(file)
                self.leave(clients.get(path), plugin)
                (host.folder / f"{file}.so").unlink()
                host.signal(signal.SIGHUP)
                host.wait_for_line(rf" info plugin unloaded plugin={plugin} ")

    def test_waits_for_a_call_that_stands_in_a_library(self):
        host = hosts.Host(self, "--stall-timeout", "50ms", "--call-timeout", "50ms", "--set",
                          "blocks-10s.milliseconds=700", plugins=["blocks_10s"])
        self.assertEqual(clients.parse(clients.curl(host, "/fault")).content, b"slept")

    def test_does_not_wake_a_call_again_and_again_that_waits_in_the_kernel(self):
        host = hosts.Host(self, "--stall-timeout", "50ms", "--call-timeout", "50ms", "--set",
                          "blocks-10s.milliseconds=700", "--set", "blocks-10s.anew=yes",
                          plugins=["blocks_10s"])
        self.assertEqual(clients.parse(clients.curl(host, "/fault")).content, b"slept")


class Quarantine(unittest.TestCase):
    """Too many faults: the plugin's routes get 503, and nobody else's."""

    def test_follows_many_faults_and_ends_with_a_new_file(self):
        host = hosts.Host(self, "--quarantine-faults", "5", plugins=["throws", "greeting"])
        client = clients.Client(host)
        ask = lambda: client.send(clients.get("/fault")).answer()
        self.assertEqual([ask().status for _ in range(6)], [500] * 5 + [503])
        host.wait_for_line(r" error is in quarantine for its faults: .* plugin=throws")
        self.assertEqual(ask().fields["retry-after"], "60")
        self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))
        code = hosts.plugin_file("throws").read_bytes()
        (host.folder / "throws.so").write_bytes(code.replace(b"the price is", b"the count is"))
        host.wait_for_line("plugin unloaded plugin=throws")
        self.assertEqual(ask().status, 500)

    def test_closes_the_way_behind_a_filter(self):
        host = hosts.Host(self, "--quarantine-faults", "1", "--filters", "bad",
                          plugins=["throwing_filter", "greeting"])
        self.assertEqual(clients.parse(clients.curl(host, "/Ada")).status, 500)
        self.assertEqual(clients.parse(clients.curl(host, "/Ada")).status, 503)


if __name__ == "__main__":
    unittest.main()
