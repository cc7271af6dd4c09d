#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks a gateway without a pause while its file gets good, bad, empty and torn writes: every answer
must be that of one of the good versions, header for header, and the last good one must win.

    reload_test.py --server FILE [--requests 3600] [--seed 1]
"""
import argparse
import http.client
import pathlib
import random
import sys
import tempfile
import threading
import time

from running_gateway import running_gateway

MANIFESTS = pathlib.Path(__file__).resolve().parent / "manifests"
GOOD = [(MANIFESTS / name).read_text() for name in ("native-filter.yaml", "traffic-policy.yaml")]
EXPOSED = ["Origin, X-HTTPRoute-Header", "Origin, X-TrafficPolicy-Header"]
LISTED = ["Origin", "Origin, Authorization, Content-Type"]
BAD = ["", "   \n", "# nothing\n", "kind: [", 'x: "\x1b[31m\n', GOOD[0][:len(GOOD[0]) // 2],
       GOOD[1][:300], "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
       GOOD[0].replace("https://example.com", "https://example.com/")]
POLL = 0.2  # seconds between two looks of the gateway


def write(path, roll, done, counts):
    """One write after the other, of every kind."""
    while not done.is_set():
        kind = roll.choice(["in place", "bad", "torn", "renamed"])
        text = roll.choice(BAD if kind == "bad" else GOOD)
        if kind == "torn":  # pauses longer than a look, and shorter ones
            with open(path, "w") as file:
                for at in range(0, len(text), 200):
                    file.write(text[at:at + 200])
                    file.flush()
                    time.sleep(roll.choice([0, POLL / 10, POLL * 0.75]))
        elif kind == "renamed":
            new = path.with_suffix(".new")
            new.write_text(text)
            new.rename(path)
        else:
            path.write_text(text)
        counts[kind] = counts.get(kind, 0) + 1
        done.wait(roll.choice([0.05, 1.5 * POLL, 2.5 * POLL]))


def headers(response):
    fields = {name.lower(): value for name, value in response.getheaders()}
    return tuple(fields.get("access-control-" + name)
                 for name in ("allow-origin", "allow-credentials", "allow-headers", "expose-headers"))


def version_of(connection, number):
    """Which version answers, -1 if both would say the same, None if neither would say that."""
    preflight, own = number % 3 == 0, number % 2 == 0
    asked = {"Host": "cors.example",
             "Origin": "https://example.com" if own else "https://notallowed.com"}
    if preflight:
        asked |= {"Access-Control-Request-Method": "POST"}
    connection.request("OPTIONS" if preflight else "GET", "/get", headers=asked)
    response = connection.getresponse()
    response.read()
    got = headers(response)
    if not own:
        refused = response.status == (403 if preflight else 200) and got == (None,) * 4
        return -1 if refused else None
    for version in range(2):
        lists = (LISTED[version] if preflight else None, EXPOSED[version])
        if got == ("https://example.com", "true", *lists):
            return version if response.status == (204 if preflight else 200) else None
    return None


def ask(port, share, seen, lock):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for number in range(share):
        try:
            version = version_of(connection, number)
        except (OSError, http.client.HTTPException) as error:
            version = None
            print("no answer:", error)
            connection.close()
        with lock:
            seen[version] = seen.get(version, 0) + 1
        time.sleep(0.03)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True)
    parser.add_argument("--requests", type=int, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, log = pathlib.Path(folder, "cors.yaml"), pathlib.Path(folder, "log")
        path.write_text(GOOD[0])
        with running_gateway(given.server, [str(path)], log) as port:
            return run(given, path, log, port)


def run(given, path, log, port):
    seen, counts, lock, done = {}, {}, threading.Lock(), threading.Event()
    writer = threading.Thread(target=write, args=(path, random.Random(given.seed), done, counts))
    writer.start()
    clients = [threading.Thread(target=ask, args=(port, given.requests // 4, seen, lock))
               for _ in range(4)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    done.set()
    writer.join()
    path.write_text(GOOD[1])
    time.sleep(5 * POLL)
    last = version_of(http.client.HTTPConnection("127.0.0.1", port, timeout=10), 2)
    text = log.read_text()
    print(f"{sum(seen.values())} requests, {seen.get(None, 0)} wrong answers; writes: {counts}; "
          f"reloaded {text.count('reloaded')} times, refused {text.count('the old policies stay')}; "
          f"first version {seen.get(0, 0)}, second {seen.get(1, 0)} answers")
    wrong = {
        "an answer of no version": seen.get(None, 0) != 0,
        "one version never answered": not (seen.get(0) and seen.get(1)),
        "nothing was refused": "the old policies stay" not in text,
        "the last good version is not in force": last != 1,
        "bytes that a terminal obeys are in the log": "\x1b" in text,
    }
    for sentence, holds in wrong.items():
        if holds:
            print("WRONG:", sentence)
    return any(wrong.values())


if __name__ == "__main__":
    sys.exit(main())
