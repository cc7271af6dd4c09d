#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Spells a path in every way that some server could take for it: whoever gets the backend's handler
of the path gets the policy of its rule, too.

    paths_test.py --server FILE
"""
import argparse
import http.client
import json
import pathlib
import sys
import tempfile

from running_gateway import running_gateway

ADMIN = "/headers"  # a handler of the backend; every other path has another, or none
ORIGIN = "https://wide.example"
MANIFEST = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: site}
spec:
  rules:
  - matches: [{path: {type: PathPrefix, value: /headers}}]
    filters: [{type: CORS, cors: {allowOrigins: ["https://admin.example"]}}]
  - filters: [{type: CORS, cors: {allowOrigins: ["https://wide.example"]}}]
"""


def spellings(path):
    every = [path]
    for at, letter in enumerate(path):
        before, after = path[:at], path[at + 1:]
        code, other = f"{ord(letter):02x}", chr(ord(letter) ^ 32)
        every += [f"{before}%{code}{after}", f"{before}%{code.upper()}{after}",
                  f"{before}%25{code}{after}"]
        if at > 0:
            every += [before + other + after, f"{before}%{ord(other):02x}{after}",
                      f"{before}%00{path[at:]}", f"{before}/{path[at:]}"]
    every += [before + path for before in (
        "/", "/.", "/./", "/x/..", "/x/%2e%2e", "//x/..", "/%2f", "/;x", "/%5c", "/get/..",
        "/get/../", "/..", "/%2e", "http://h", "http://cors.example")]
    every += [path + after for after in (
        "/", "//", "/.", "/./", "/x/..", "/..%2fheaders", ";x", ";x=/get", "?", "?x=/get", "#x",
        "%00", "%00x", "%20", "%3f", "%3fx", "%23x", "%2f", "%2F", ".", "%2e", "x", "/x")]
    return every


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True)
    given = parser.parse_args()
    wrong = handled = explained = 0
    with tempfile.TemporaryDirectory() as folder:
        manifest, log = pathlib.Path(folder, "site.yaml"), pathlib.Path(folder, "log")
        manifest.write_text(MANIFEST)
        with running_gateway(given.server, ["--explain", str(manifest)], log) as port:
            every = spellings(ADMIN)
            for path in every:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", path, headers={"Host": "cors.example", "Origin": ORIGIN})
                response = connection.getresponse()
                response.read()
                # The backend answers 200 from a handler, 404 where it has none.
                is_admin = response.status == 200
                handled += is_admin
                if is_admin and response.getheader("access-control-allow-origin") is not None:
                    wrong += 1
                    print(f"WRONG: {path} reaches the handler of {ADMIN} under another policy")
                if not is_admin and response.status not in (400, 404):
                    wrong += 1
                    print(f"WRONG: {path} is answered {response.status}")
            for line in log.read_text().splitlines():
                explained += line.startswith("{") and "rule" in json.loads(line)
    print(f"{len(every)} spellings of {ADMIN}: {handled} reach its handler, {wrong} wrong")
    return wrong != 0 or handled < 3 or explained < len(every) - 10


if __name__ == "__main__":
    sys.exit(main())
