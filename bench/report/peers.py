# SPDX-License-Identifier: MIT
"""Builds and runs the programs in other languages, as far as their toolchains are here.

Each gets the file of rows, and writes a line of JSON for each row and way, whose `kind` names a
server that has a `base` of its own.
"""
import json
import pathlib
import shutil
import subprocess

from . import measure

SOURCES = pathlib.Path(__file__).resolve().parent.parent / "peers"


def go(folder, rows):
    program = folder / "go-peers"
    subprocess.run(["go", "build", "-o", str(program), "."], cwd=SOURCES / "go", check=True,
                   capture_output=True, text=True)
    return [str(program), str(rows)]


def rust(folder, rows):
    target = folder / "rust-peers"
    subprocess.run(["cargo", "build", "--release", "--locked", "--target-dir", str(target)],
                   cwd=SOURCES / "rust", check=True, capture_output=True, text=True)
    return [str(target / "release" / "corsac-bench-peers"), str(rows)]


def node(folder, rows):
    # npm installs beside a package file only.
    copy = folder / "node-peers"
    copy.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json", "main.js"):
        shutil.copy(SOURCES / "node" / name, copy)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=copy,
                   check=True, capture_output=True, text=True)
    return ["node", "--expose-gc", str(copy / "main.js"), str(rows)]


KINDS = ("go", "tower", "actix", "node")
LANGUAGES = {"go": ("go", go), "rust": ("cargo", rust), "node": ("npm", node)}


def add(run, programs, args):
    asked = measure.asked(programs)
    asked["rows"] = [row for row in asked["rows"]
                     if row["common"] and row["name"].startswith(args.rows)]
    expected = {row["name"]: row["granted"] for row in asked["rows"]}
    rows = programs / "rows.json"
    rows.write_text(json.dumps(asked))
    for language, (tool, command) in LANGUAGES.items():
        if not shutil.which(tool):
            run["notes"].append(f"no peers in {language}: {tool} is absent")
            continue
        try:
            out = subprocess.run(command(args.build, rows), check=True, capture_output=True,
                                 text=True).stdout
        except subprocess.CalledProcessError as failed:
            run["notes"].append(f"no peers in {language}: {failed.stderr.strip()[-300:]}")
            continue
        for line in map(json.loads, out.splitlines()):
            line = {key.lower(): value for key, value in line.items()}
            name = f"{line['row']}/{line['kind']}/{line['way']}"
            if line["way"] != "base" and line["granted"] != expected[line["row"]]:
                run["notes"].append(f"{name} answers {line['granted']}")
                continue
            run["ways"][name] = measure.of_times(line["ns"])
            if "allocations" in line:
                run["ways"][name]["allocations"] = line["allocations"]


def of(run):
    """What was measured before."""
    return {name: way for name, way in run["ways"].items() if name.split("/")[1] in KINDS}
