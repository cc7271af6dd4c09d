#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes seeds for a fuzzer of the texts in the tables of tests, a file for each.

    seeds.py TARGET FOLDER
"""
import ast
import hashlib
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
LITERAL = re.compile(r'R"(\w*)\((.*?)\)\1"|"((?:[^"\\\n]|\\.)*)"', re.DOTALL)


def texts(name):
    """Every string literal of a test but names of headers, in order."""
    source = re.sub(r"^#.*$|//.*$", "", (TESTS / name).read_text(), flags=re.MULTILINE)
    for found in LITERAL.finditer(source):
        if found.group(2) is not None:
            yield found.group(2).encode()
        else:
            plain = found.group(3).replace("\\?", "?")
            try:
                yield ast.literal_eval(f'"{plain}"').encode("latin-1")
            except (SyntaxError, UnicodeEncodeError):
                pass


def origin():
    yield from texts("origin/origin.test.cpp")


def url():
    for text in texts("testing/url.test.cpp"):
        yield text
        yield b"https://a.example:8443/b/c?q\n" + text


def pattern():
    for text in texts("origin/parse_origin_pattern.test.cpp"):
        lines = [text, text.replace(b":*", b":81").replace(b"*", b"a"), b"a.b", b"-"]
        yield b"\n".join(lines)


def header_list():
    for number, text in enumerate(texts("decision/evaluate_preflight.test.cpp")):
        yield b"%cPUT\n%b\nx-custom-id," % (number % 128, text)


def expression():
    all_texts = list(texts("interop/matchers/expression_proof.test.cpp"))
    for text, following in zip(all_texts, all_texts[1:]):  # a witness, as a rule
        yield b"r" + text + b"\n" + following
    for number in range(100):
        yield b"=%d\nnull" % number


def importers():
    for letter, name in {"a": "other/agentgateway", "c": "other/contour", "e": "envoy/cors_policy_reader",
                         "g": "other/gloo", "i": "other/istio", "n": "other/ingress_nginx",
                         "s": "other/s3", "t": "other/traefik", "v": "other/istio",
                         "y": "other/envoy_gateway"}.items():
        for text in texts(f"interop/{name}.test.cpp"):
            if b":" in text or b"[" in text:
                yield letter.encode() + text


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for seed in globals().get(target, lambda: ())():
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


if __name__ == "__main__":
    main()
