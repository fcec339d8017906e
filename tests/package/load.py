# SPDX-License-Identifier: BSL-1.0
"""load.py URL: asks for URL until standard input ends, then prints what came of it as JSON.

Two clients keep their connection until an answer closes it, two take a new one each time. Whatever
is not a whole answer of 200 is a fault; nothing is asked twice.
"""

import http.client
import json
import sys
import threading
import urllib.parse


class Client(threading.Thread):
    def __init__(self, at, keeps):
        super().__init__()
        self.at, self.keeps = at, keeps
        self.answers, self.faults = 0, []
        self.has_begun, self.is_over = threading.Event(), threading.Event()

    def run(self):
        connection = None
        while not self.is_over.is_set():
            try:
                if connection is None:
                    connection = http.client.HTTPConnection(self.at.hostname, self.at.port, timeout=60)
                connection.request("GET", self.at.path)
                answer = connection.getresponse()
                content = answer.read()
                if answer.status != 200 or not content:
                    raise ValueError(f"status {answer.status}")
                self.answers += 1
                if answer.will_close or not self.keeps:
                    connection.close()
                    connection = None
            except (OSError, ValueError, http.client.HTTPException) as fault:
                self.faults.append(repr(fault))
                connection = None
            self.has_begun.set()


def main(url):
    clients = [Client(urllib.parse.urlsplit(url), keeps) for keeps in (True, True, False, False)]
    for each in clients:
        each.start()
    for each in clients:
        each.has_begun.wait()
    print("under way", flush=True)
    sys.stdin.read()
    for each in clients:
        each.is_over.set()
    for each in clients:
        each.join()
    print(json.dumps({"answers": sum(each.answers for each in clients),
                      "faults": [fault for each in clients for fault in each.faults]}))


if __name__ == "__main__":
    main(sys.argv[1])
