#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a version wherever it stands, or checks that all those places agree (--check).

version.hpp is the source. The inline namespace of every header is named after it, so that no two
releases share one, and a program may hold both. .github/CHANGELOG.md says what a release is.

    cmake/packaging/release.py 0.3.0
    cmake/packaging/release.py --check
"""
import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NAMESPACE = re.compile(r"\bcorsac::inline (v\w+)")

# What else names the version: the file, and the text around it.
PLACES = [
    ("README.md", r"(GIT_TAG v)([\d.]+)()"),
    ("cmake/packaging/README.md", r"(GIT_TAG v|NAME corsac VERSION |find_package\(corsac )([\d.]+)()"),
    ("cmake/packaging/meson/corsac.wrap", r"(revision = v)([\d.]+)()"),
    ("cmake/packaging/meson/packagefiles/corsac/meson.build", r"(version: ')([\d.]+)(')"),
    ("cmake/packaging/vcpkg/vcpkg.json", r'("version": ")([\d.]+)(")'),
]


def sources(root):
    """What names the inline namespace: every header, and the script that writes one of them."""
    return [*sorted((root / "include").rglob("*.hpp")), root / "cmake/public_suffix.py"]


def version_of(root):
    text = (root / "include/corsac/version.hpp").read_text(encoding="utf-8")
    return ".".join(re.findall(r"^#define CORSAC_VERSION_\w+ (\d+)$", text, re.MULTILINE))


def namespace_of(version):
    return "v" + version.replace(".", "_")


def write(root, version):
    def substitute(path, pattern, replacement):
        old = path.read_text(encoding="utf-8")
        new = re.sub(pattern, replacement, old, flags=re.MULTILINE)
        if new != old:
            path.write_text(new, encoding="utf-8")

    for name, number in zip(("MAJOR", "MINOR", "PATCH"), version.split("."), strict=True):
        substitute(root / "include/corsac/version.hpp",
                   rf"^(#define CORSAC_VERSION_{name}) \d+$", rf"\1 {number}")
    for source in sources(root):
        substitute(source, NAMESPACE.pattern, f"corsac::inline {namespace_of(version)}")
    for file, pattern in PLACES:
        if (root / file).is_file():
            substitute(root / file, pattern, rf"\g<1>{version}\3")


def problems(root):
    version = version_of(root)
    for source in sources(root):
        for name in set(NAMESPACE.findall(source.read_text(encoding="utf-8"))):
            if name != namespace_of(version):
                yield (f"{source.relative_to(root)} has the inline namespace {name}, not "
                       f"{namespace_of(version)}: release.py {version} mends it")
    for file, pattern in PLACES:
        found = re.findall(pattern, (root / file).read_text(encoding="utf-8"), re.MULTILINE)
        if not found:
            yield f"{file} names no version"
        for _, other, _ in found:
            if other != version:
                yield f"{file} says {other}, version.hpp {version}"
    newest = re.search(r"^## (\d\S+)", (root / ".github/CHANGELOG.md").read_text(encoding="utf-8"),
                       re.MULTILINE)
    if newest is None or newest.group(1) != version:
        yield f".github/CHANGELOG.md does not begin with {version}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("version", nargs="?", help="such as 0.3.0")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--root", type=pathlib.Path, default=ROOT, help="another copy of the tree")
    options = parser.parse_args()
    if options.version:
        if not re.fullmatch(r"\d+\.\d+\.\d+", options.version):
            parser.error("a version is three numbers")
        write(options.root, options.version)
    if options.check:
        wrong = list(problems(options.root))
        print("\n".join(wrong) or f"every place says {version_of(options.root)}")
        return 1 if wrong else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
