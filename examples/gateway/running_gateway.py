# SPDX-License-Identifier: MIT
"""Starts the gateway for a test."""
import contextlib
import re
import subprocess
import sys
import time


@contextlib.contextmanager
def running_gateway(server, arguments, log):
    """The port of a gateway that stands as long as the block; what it says goes to `log`."""
    with log.open("w") as output:
        process = subprocess.Popen([server, "--port", "0", *arguments], stdout=output,
                                   stderr=subprocess.STDOUT)
    try:
        port = None
        while port is None and process.poll() is None:
            port = re.search(r"^listening on .*:(\d+)$", log.read_text(), re.MULTILINE)
            time.sleep(0.05)
        if port is None:
            sys.exit("the gateway did not start:\n" + log.read_text())
        yield int(port.group(1))
    finally:
        process.terminate()
        process.wait()
