# SPDX-License-Identifier: BSL-1.0
"""What tests of upgrades share: the command, and the end of processes that no test has started."""

import contextlib
import os
import re
import select
import signal

import hosts


def end(process, by=signal.SIGTERM):
    """Tells it to stop and waits, where it is there."""
    with contextlib.suppress(ProcessLookupError):
        gone = os.pidfd_open(process)
        try:
            os.kill(process, by)
            if not select.select([gone], [], [], hosts.PATIENCE)[0]:
                raise TimeoutError(f"process {process} does not end")
        finally:
            os.close(gone)


def end_with(test, process):
    """Ends with the test."""
    test.addCleanup(end, process)


def upgrade(test, control, host):
    """The process that serves after `mortise upgrade`; it ends with the test, and so does the host
    that the test has started, by itself."""
    done = hosts.run_to_end("upgrade", "--control", control)
    test.assertEqual((done.returncode, done.stderr), (0, ""))
    process = int(re.fullmatch(r"process (\d+) serves now\n", done.stdout).group(1))
    test.addCleanup(host.wait_for_end)
    end_with(test, process)
    return process
