#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks examples/gateway and examples/tenants for minutes on end while everything around them fails:
the gateway's file gets good, bad, empty and torn writes, the tenants' database is moved away, locked
and changed, and clients of both send nonsense or hang up. An answer that was not due is an error, and
so is a server that needs more memory at the end than in the middle.

    soak.py --gateway FILE --tenants FILE [--minutes 60] [--rate 100] [--seed 1]
"""
import argparse
import http.client
import pathlib
import random
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "gateway"))
import reload_test  # noqa: E402  (its writer, and how it tells which version answers)

TOKEN = "soak"
CLIENTS = 3  # for each server, of those who ask in good order
# What no server may be impressed by: half a request, none, a method of 8,000 bytes, a body that never
# comes, field lines without end, a second request behind an unfinished one.
NONSENSE = [b"GET /get HTTP/1.1\r\nHost: cors.exam", b"\r\n\r\n\x00\xff", b"A" * 8000,
            b"PUT /items HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nx",
            b"GET /get HTTP/1.1\r\n" + b"Origin: https://a.example\r\n" * 2000 + b"\r\n",
            b"OPTIONS /items HTTP/1.1\r\nOrigin: https://" + b"a." * 3000 + b"example\r\n\r\n"]


class server:
    """A process, what it says, and what its clients saw."""

    def __init__(self, name, folder, arguments):
        self.name, self.log = name, folder / (name + ".log")
        with self.log.open("w") as output:
            self.process = subprocess.Popen(arguments, stdout=output, stderr=subprocess.STDOUT)
        self.seen, self.errors, self.lock = {}, [], threading.Lock()
        self.memory = []  # KiB, one each second
        for _ in range(200):
            found = re.search(r"^listening on .*:(\d+)$", self.log.read_text(), re.MULTILINE)
            if found:
                self.port = int(found.group(1))
                return
            time.sleep(0.05)
        sys.exit(f"{name} did not start:\n{self.log.read_text()}")

    def count(self, what):
        with self.lock:
            self.seen[what] = self.seen.get(what, 0) + 1

    def wrong(self, sentence):
        with self.lock:
            self.errors.append(sentence)

    def look(self):
        if self.process.poll() is not None:
            self.wrong(f"ended with {self.process.returncode}")
            return False
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        self.memory.append(int(re.search(r"VmRSS:\s+(\d+)", status).group(1)))
        return True


def loop(done, pause, step):
    while not done.is_set():
        step()
        done.wait(pause)


def patient(what, connection, step):
    """A good client's errors are the server's."""
    try:
        step()
    except (OSError, http.client.HTTPException) as error:
        what.wrong(f"no answer: {error!r}")
        connection.close()


def ask_gateway(gateway, done, pause, roll):
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=20)

    def step():
        version = reload_test.version_of(connection, roll.randrange(6))
        if version is None:
            gateway.wrong("an answer of no version")
        gateway.count(f"version {version}")
    loop(done, pause, lambda: patient(gateway, connection, step))


def misbehave(what, done, roll):
    def step():
        try:
            with socket.create_connection(("127.0.0.1", what.port), timeout=5) as client:
                client.sendall(roll.choice(NONSENSE))
                if roll.random() < 0.5:
                    client.settimeout(roll.choice([0.01, 0.2]))
                    client.recv(100)
        except OSError:
            pass  # it is the server's good right to hang up
        what.count("nonsense")
    loop(done, 0.2, step)


class tenants_database:
    """Fails now and then; `sound` is set while it does not."""

    def __init__(self, path):
        self.path, self.sound, self.faults = path, threading.Event(), {}
        self.quiet = threading.Lock()  # held by whoever relies on `sound`

    def fail(self, done, roll):
        gone = self.path.with_suffix(".gone")
        while not done.wait(roll.uniform(1, 4)):
            kind = roll.choice(["moved away", "locked", "not a database"])
            other = None
            with self.quiet:
                self.sound.clear()
                if kind == "locked":
                    other = sqlite3.connect(self.path, isolation_level=None)
                    other.execute("begin exclusive")
                else:
                    self.path.rename(gone)
                if kind == "not a database":
                    self.path.write_bytes(roll.randbytes(4096))
            done.wait(roll.uniform(0.2, 2))
            with self.quiet:
                if other:
                    other.close()
                else:
                    gone.rename(self.path)
            time.sleep(0.5)  # a question that is under way has failed by then
            self.sound.set()
            self.faults[kind] = self.faults.get(kind, 0) + 1


def fetch(connection, method, path, headers, body=None):
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    response.read()
    return response.status, response.getheader("access-control-allow-origin")


def look_at(connection, origin, preflight):
    asked = {"Origin": origin}
    if preflight:
        asked["Access-Control-Request-Method"] = "PUT"
    status, reader = fetch(connection, "OPTIONS" if preflight else "GET", "/items", asked)
    if (status, reader) == (204 if preflight else 200, origin):
        return "shared"
    if (status, reader) == (403 if preflight else 200, None):
        return "hidden"
    return f"{status} {reader}"


def ask_tenants(tenants, done, pause, roll):
    """Pages of ours, which always may, and strangers, who never do, whatever the database is up to."""
    connection = http.client.HTTPConnection("127.0.0.1", tenants.port, timeout=20)

    def step():
        ours = roll.random() < 0.5
        origin = "https://console.example" if ours else f"https://{roll.randrange(10**9)}.evil.example"
        got = look_at(connection, origin, roll.random() < 0.3)
        if got != ("shared" if ours else "hidden"):
            tenants.wrong(f"{origin}: {got}")
        tenants.count("ours" if ours else "strangers")
    loop(done, pause, lambda: patient(tenants, connection, step))


def change_tenants(tenants, database, done, pause, roll):
    """Tenants come and go; both count at once, and while the database is down nothing is believed."""
    connection = http.client.HTTPConnection("127.0.0.1", tenants.port, timeout=20)

    def step():
        origin = f"https://{roll.randrange(200)}.tenant.example"
        adds = roll.random() < 0.5
        with database.quiet:
            sound = database.sound.is_set()
            status, _ = fetch(connection, "PUT" if adds else "DELETE", "/tenants",
                              {"Authorization": "Bearer " + TOKEN}, origin)
            got = look_at(connection, origin, roll.random() < 0.5)
        if status != 204 and (sound or status != 503):
            tenants.wrong(f"change: {status}")
        if got not in ("shared", "hidden"):
            tenants.wrong(f"{origin}: {got}")
        if sound and got != ("shared" if adds else "hidden"):
            tenants.wrong(f"{origin}, {'added' if adds else 'removed'}: {got}")
        if status == 204 and not adds and got == "shared":
            tenants.wrong(f"{origin} is removed and yet shared")
        tenants.count(f"changes, {status}")
    loop(done, pause, lambda: patient(tenants, connection, step))


def report(what, threads):
    """@return  Whether something is wrong."""
    size = len(what.memory)
    start, middle, end = (max(what.memory[int(size * at):int(size * (at + 0.1)) + 1])
                          for at in (0.1, 0.5, 0.9))
    print(f"{what.name}: {dict(sorted(what.seen.items()))}; resident {start} KiB at the start, "
          f"{middle} in the middle, {end} at the end; {len(what.errors)} errors that were not due")
    for sentence in what.errors[:20]:
        print("WRONG:", sentence)
    grows = end > middle * 1.05 + 1024
    if grows:
        print("WRONG: it grows")
    if not threads:
        print("WRONG: a client of it has stopped")
    return bool(what.errors) or grows or not threads


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--tenants", required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=100, help="requests a second, each server")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return run(given, pathlib.Path(folder))


def run(given, folder):
    manifests, done = folder / "cors.yaml", threading.Event()
    manifests.write_text(reload_test.GOOD[0])
    gateway = server("gateway", folder, [given.gateway, "--port", "0", str(manifests)])
    database = tenants_database(folder / "tenants.db")
    tenants = server("tenants", folder, [
        given.tenants, "--port", "0", "--database", str(database.path), "--token", TOKEN,
        "--allowed-for", "2000", "--refused-for", "1000"])
    database.sound.set()
    pause, writes = CLIENTS / given.rate, {}
    seeds = iter(range(given.seed * 100, given.seed * 100 + 100))
    rolls = (random.Random(seed) for seed in seeds)
    jobs = {gateway: [(reload_test.write, manifests, next(rolls), done, writes),
                      (misbehave, gateway, done, next(rolls))],
            tenants: [(database.fail, done, next(rolls)), (misbehave, tenants, done, next(rolls)),
                      (change_tenants, tenants, database, done, pause, next(rolls))]}
    for _ in range(CLIENTS):
        jobs[gateway].append((ask_gateway, gateway, done, pause, next(rolls)))
        jobs[tenants].append((ask_tenants, tenants, done, pause, next(rolls)))
    threads = {what: [threading.Thread(target=job[0], args=job[1:]) for job in list_]
               for what, list_ in jobs.items()}
    for thread in (*threads[gateway], *threads[tenants]):
        thread.start()
    end = time.monotonic() + given.minutes * 60
    while time.monotonic() < end and gateway.look() and tenants.look():
        time.sleep(1)
    alive = {what: all(thread.is_alive() for thread in list_) for what, list_ in threads.items()}
    done.set()
    for thread in (*threads[gateway], *threads[tenants]):
        thread.join()
    for what in threads:
        what.process.terminate()
        if what.process.wait() != 0:
            what.wrong(f"ended with {what.process.returncode}")
    log = gateway.log.read_text()
    print(f"{given.minutes:g} minutes; writes: {writes}, reloaded {log.count('reloaded')} times, "
          f"refused {log.count('the old policies stay')}; faults: {database.faults}")
    return any([report(what, alive[what]) for what in threads])


if __name__ == "__main__":
    sys.exit(main())
