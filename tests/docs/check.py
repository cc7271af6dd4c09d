#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the reference that Doxygen wrote against the headers: every name that they declare for others
is there, with a text of its own. Constants of a documented namespace need none; nor do enumerators of
a documented enumeration, except outcomes and codes."""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "cmake" / "packaging"))
from module import INCLUDE, names_of  # noqa: E402

EVERY_ENUMERATOR = {"corsac::config_code", "corsac::outcome"}
EVERY_MEMBER = {"corsac::policy_options"}


def text_of(element):
    return "" if element is None else "".join(element.itertext()).strip()


def is_documented(element):
    return bool(text_of(element.find("briefdescription")) +
                text_of(element.find("detaileddescription")))


def read(folder):
    """Every name in the reference, and whether one of its declarations has a text."""
    documented = {}

    def note(name, element):
        documented[name] = documented.get(name, False) or is_documented(element)

    for path in folder.glob("*.xml"):
        for compound in ElementTree.parse(path).getroot().findall("compounddef"):
            name = re.sub(r"\s*<.*", "", text_of(compound.find("compoundname")))
            is_name = compound.get("kind") not in ("file", "dir", "page")
            if not is_name or not name.startswith("corsac") or compound.get("prot") == "private":
                continue
            note(name, compound)
            for member in compound.iter("memberdef"):
                member_name = f"{name}::{text_of(member.find('name'))}"
                if compound.get("kind") == "namespace" or (
                        name in EVERY_MEMBER and member.get("kind") == "variable"):
                    note(member_name, member)
                if member_name in EVERY_ENUMERATOR:
                    for value in member.findall("enumvalue"):
                        note(f"{member_name}::{text_of(value.find('name'))}", value)
    return documented


def declared():
    for header in sorted(INCLUDE.rglob("*.hpp")):
        name = header.relative_to(INCLUDE).as_posix()
        if "/detail/" not in name:
            for where, what in names_of(name):
                yield f"{where}::{what}", name


def main():
    documented = read(pathlib.Path(sys.argv[1]))
    wrong, names = [], set()
    for name, header in declared():
        names.add(name)
        if name not in documented:
            wrong.append(f"{name} of {header} is not in the reference")
    outer = {"corsac", "corsac::interop", "corsac::testing"}
    for name, has_text in sorted(documented.items()):
        parent = name.rpartition("::")[0]
        if not has_text and name not in outer and (parent in outer or not documented.get(parent)):
            wrong.append(f"{name} has no comment")
        elif not has_text and parent in EVERY_ENUMERATOR | EVERY_MEMBER:
            wrong.append(f"{name} has no comment")
    print("\n".join(sorted(wrong)))
    print(f"{len(names)} names are declared, {len(documented)} are in the reference, "
          f"{len(wrong)} wrong")
    return 1 if wrong or not names else 0


if __name__ == "__main__":
    sys.exit(main())
