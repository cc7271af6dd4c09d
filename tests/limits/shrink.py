#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""shrink.py FOLDER: writes the headers that have a bound there, with the bounds of bounds.txt.

FOLDER is an include directory to search before include/. Fails if a bound is not in bounds.txt."""
import re
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
include = here.parents[1] / "include"
bound = re.compile(r"(constexpr (?:std::)?(?:size_t|u?int\d*(?:_t)?|unsigned) (max_\w+) =)\s*([^;]+);")


def main():
    wanted = {}
    for line in (here / "bounds.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, value = line.split(maxsplit=1)
            wanted[name] = value
    seen = set()
    for header in sorted(include.rglob("*.hpp")):
        code = header.read_text()

        def replaced(match):
            declared, name, _ = match.groups()
            seen.add(name)
            value = wanted.get(name, "")
            return f"{declared} {value};" if value.isdigit() else match[0]

        small = bound.sub(replaced, code)
        if small != code:
            target = Path(sys.argv[1]) / header.relative_to(include)
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.read_text() != small:
                target.write_text(small)
    wrong = [f"{name} is not in tests/limits/bounds.txt" for name in sorted(seen - set(wanted))]
    wrong += [f"{name} of tests/limits/bounds.txt is no bound" for name in sorted(set(wanted) - seen)]
    if wrong:
        sys.exit("\n".join(wrong))


main()
