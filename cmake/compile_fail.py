#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles a program that must not compile, and checks that it fails for the right reason.

The program names the reason at its top, one regular expression a line: `// expect: <regex>`. All
must match the compiler's output. It is tried with and without exceptions, as users build both ways.
"""
import argparse
import os
import re
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--include", required=True)
    parser.add_argument("source")
    args = parser.parse_args()

    with open(args.source, encoding="utf-8") as file:
        expected = re.findall(r"^// expect: (.+?)\s*$", file.read(), re.MULTILINE)
    if not expected:
        sys.exit(f"{args.source}: no line `// expect: <regex>` says why it must not compile")

    if os.path.basename(args.compiler).lower() in ("cl.exe", "cl"):
        base = [args.compiler, "/nologo", "/std:c++20", "/permissive-", "/EHsc", "/Zs",
                "/I" + args.include]
        variants = [[]]
    else:
        base = [args.compiler, "-std=c++20", "-fsyntax-only", "-I", args.include]
        variants = [[], ["-fno-exceptions", "-fno-rtti"]]

    failed = False
    for variant in variants:
        command = base + variant + [args.source]
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             errors="replace", env={**os.environ, "LC_ALL": "C"})
        wrong = []
        if run.returncode == 0:
            wrong.append("it compiles")
        wrong += [f"the output has nothing like: {e}" for e in expected
                  if not re.search(e, run.stdout)]
        if wrong:
            failed = True
            print("$", " ".join(command))
            print(run.stdout)
            for sentence in wrong:
                print("WRONG:", sentence)
    sys.exit(1 if failed else 0)


main()
