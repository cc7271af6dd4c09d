#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks a real Envoy that has the exported routes of redirects.yaml where it redirects to: that must
be what the Gateway API says, whatever Envoy would do by itself."""
import argparse
import http.client
import json
import pathlib
import subprocess
import sys
import tempfile

import compare

# Host, path, and what must come. Of ports, those that a scheme has anyway may be named or not.
ROWS = [
    ("plain.test", "/status", 301, "http://plain.test/whole"),
    ("odd.test:8080", "/status?q=1", 301, "http://odd.test:8080/whole?q=1"),
    ("plain.test", "/https/x?q=1", 308, "https://plain.test/https/x?q=1"),
    ("plain.test:80", "/https", 308, "https://plain.test/https"),
    ("odd.test:8080", "/https", 308, "https://odd.test/https"),
    ("plain.test", "/host", 302, "http://new.test/host"),
    ("odd.test:8080", "/host", 302, "http://new.test:8080/host"),
    ("odd.test:8080", "/both", 302, "https://new.test/both"),
    ("plain.test", "/port", 307, "https://plain.test:8443/port"),
    ("odd.test:8080", "/port", 307, "https://odd.test:8443/port"),
    ("plain.test", "/a/b", 303, "http://plain.test/c"),
    ("plain.test", "/a/b/", 303, "http://plain.test/c/"),
    ("plain.test", "/a/b/x/y", 303, "http://plain.test/c/x/y"),
    ("plain.test", "/gone/x", 302, "http://plain.test/x"),
    ("plain.test", "/gone", 302, "http://plain.test/"),
    ("plain.test", "/gone/?q=1", 302, "http://plain.test/?q=1"),
    ("plain.test", "/goner", 302, "http://plain.test/new/goner"),
    ("plain.test", "/any/x", 302, "http://plain.test/new/any/x"),
    ("plain.test", "/cors", 302, "https://plain.test/cors"),
]
PREFLIGHT = {"origin": "https://a.example", "access-control-request-method": "PUT"}


def location(text):
    scheme, rest = text.split("://", 1)
    host, slash, path = rest.partition("/")
    default = {"http": ":80", "https": ":443"}[scheme]
    return f"{scheme}://{host.removesuffix(default)}{slash}{path}"


def ask(port, method, host, path, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={"host": host, **headers})
    response = connection.getresponse()
    response.read()
    return response


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envoy", required=True, help="the binary")
    parser.add_argument("--tables", required=True,
                        help="what corsac_envoy_table_cases printed for redirects.yaml")
    given = parser.parse_args()
    tables = json.loads(pathlib.Path(given.tables).read_text(encoding="utf-8"))
    ports_of = {"plain.test": "default/gateway:80", "odd.test": "default/gateway:8080"}
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        config, log, admin = (pathlib.Path(folder, name) for name in ("envoy.json", "log", "admin"))
        config.write_text(json.dumps(compare.envoy_config(
            {"policies": [], "twins": [], "above": {}}, tables, 1)))
        with log.open("wb") as output:
            process = subprocess.Popen(
                [given.envoy, "-c", str(config), "--admin-address-path", str(admin),
                 "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning"],
                stdout=output, stderr=subprocess.STDOUT)
        try:
            ports = compare.wait_for_ports(process, admin, log)
            numbers = {one["name"]: ports[str(number)]
                       for number, one in enumerate(tables["configurations"])
                       if "virtual_hosts" in one}
            for host, path, status, to in ROWS:
                port = numbers[ports_of[host.split(":")[0]]]
                got = ask(port, "GET", host, path, {})
                seen = location(got.getheader("location", "http://none/"))
                if (got.status, seen) != (status, to):
                    wrong += 1
                    print(f"WRONG: {host}{path}: {got.status} {seen}, not {status} {to}")
            preflight = ask(numbers["default/gateway:80"], "OPTIONS", "plain.test", "/cors", PREFLIGHT)
            if preflight.getheader("access-control-allow-origin") != PREFLIGHT["origin"]:
                wrong += 1
                print("WRONG: the preflight of a redirect that has a policy is not granted")
        finally:
            process.terminate()
            process.wait()
    print(f"{len(ROWS) + 1} redirects: {wrong} wrong")
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main())
