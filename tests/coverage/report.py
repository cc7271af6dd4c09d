#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Says how much of include/ the tests execute, by room, and what they do not.

Reads gcovr's JSON, for conditions gcov's own, for branches of the source llvm-cov's. Fails if the shares of lines and branches are below
what is asked for, or if a condition was not seen to decide by itself which the given file does not
argue."""
import argparse
import collections
import json
import subprocess
import sys
from pathlib import Path

root = Path(__file__).resolve().parents[2]
conditions_are_measured_in = ("request", "origin", "policy", "decision")


def room_of(file):
    """`origin` for include/corsac/origin/detail/network.hpp; `corsac` for what stands in no room."""
    parts = file.split("/")
    return parts[2] if len(parts) > 3 else "corsac"


def source_line(file, number, cache={}):
    if file not in cache:
        cache[file] = (root / file).read_text().splitlines()
    return cache[file][number - 1].strip()


def share(part, whole):
    return f"{100 * part / whole:6.2f} % of {whole}" if whole else "       none"


class Tally:
    """Covered and counted, in total and by room."""

    def __init__(self):
        self.by_room = collections.defaultdict(lambda: [0, 0])

    def add(self, room, covered, counted):
        for key in (room, "in total"):
            self.by_room[key][0] += covered
            self.by_room[key][1] += counted

    def percent(self):
        covered, counted = self.by_room["in total"]
        return 100 * covered / counted if counted else 100


def report_lines_and_branches(data, least_lines, least_branches):
    lines, branches = Tally(), Tally()
    missing = []
    for file in sorted(data["files"], key=lambda f: f["file"]):
        name, room = file["file"], room_of(file["file"])
        for line in file["lines"]:
            if line.get("gcovr/noncode") or line.get("gcovr/excluded"):
                continue
            number, executed = line["line_number"], line["count"] > 0
            taken = [branch["count"] > 0 for branch in line.get("branches", [])]
            lines.add(room, executed, 1)
            branches.add(room, sum(taken), len(taken))
            if not executed:
                missing.append(f"{name}:{number}: never executed: {source_line(name, number)}")
            elif not all(taken):
                missing.append(f"{name}:{number}: {taken.count(False)} of {len(taken)} branches "
                               f"never taken: {source_line(name, number)}")
    print("\n".join(missing))
    print(f"\n{'':10} {'lines':>18}   {'branches':>18}")
    for room in sorted(lines.by_room, key=lambda r: (r == "in total", r)):
        print(f"{room:10} {share(*lines.by_room[room]):>18}   {share(*branches.by_room[room]):>18}")
    if lines.percent() < least_lines or branches.percent() < least_branches:
        print(f"too little: at least {least_lines} % of the lines and {least_branches} % of the "
              "branches are due")
        return False
    return True


def report_source_branches(data, least):
    """A condition of a template counts as taken either way if any of its instances took it."""
    taken = collections.defaultdict(lambda: [0, 0])
    for function in data["functions"]:
        for *begin, end_line, end_column, true, false, index, _, _ in function["branches"]:
            file = function["filenames"][index]
            at = file.find("include/corsac/")
            if at < 0:
                continue
            counts = taken[file[at:], *begin, end_line, end_column]
            counts[0] += true
            counts[1] += false
    tally = Tally()
    missing = []
    for (file, line, column, end_line, end_column), counts in sorted(taken.items()):
        if "= default" in source_line(file, line) or source_line(file, line).startswith("switch ("):
            continue  # nobody wrote what is counted there
        tally.add(room_of(file), sum(count > 0 for count in counts), 2)
        never = " or ".join(side for side, count in zip(("true", "false"), counts) if count == 0)
        if never:
            text = (root / file).read_text().splitlines()[line - 1]
            text = text[column - 1:end_column - 1 if end_line == line else None]
            missing.append(f"{file}:{line}: never {never}: {text}")
    print("\n".join(missing))
    print("\nconditions seen true and false:")
    for room, (covered, counted) in sorted(tally.by_room.items(), key=lambda r: r[0] == "in total"):
        print(f"{room:10} {share(covered, counted):>18}")
    if tally.percent() < least:
        print(f"too little: at least {least} % are due")
        return False
    return True


def read_conditions(gcov, folder):
    """{(file, line): {how many outcomes: those never seen to decide}}.

    A line of a template has the decisions of all its instances, which cannot be told from several
    decisions of one line; those of one size count as one, which all of them have seen together."""
    seen = {}
    for counts in sorted(Path(folder).rglob("*.gcda")):
        said = subprocess.run([gcov, "--json-format", "--stdout", "--conditions", counts],
                              capture_output=True, text=True, check=True).stdout
        for file in (file for part in said.splitlines() for file in json.loads(part)["files"]):
            at = file["file"].find("include/corsac/")
            if at < 0 or room_of(file["file"][at:]) not in conditions_are_measured_in:
                continue
            for line in file["lines"]:
                known = seen.setdefault((file["file"][at:], line["line_number"]), {})
                for decision in line.get("conditions", []):
                    never = {(part, side) for side in ("true", "false")
                             for part in decision[f"not_covered_{side}"]}
                    count = decision["count"]
                    known[count] = known[count] & never if count in known else never
    return seen


def report_conditions(conditions, argued):
    tally = Tally()
    missing, used = [], set()
    for (file, number), decisions in sorted(conditions.items()):
        text = source_line(file, number)
        for count, never in decisions.items():
            is_argued = bool(never) and (file, text) in argued
            if is_argued:
                used.add((file, text))
            tally.add(room_of(file), count - len(never), count)
            if never and not is_argued:
                sides = ", ".join(f"{i} never {side} alone" for i, side in sorted(never))
                missing.append(f"{file}:{number}: condition {sides}: {text}")
    print("\n".join(missing))
    print("\nconditions seen to decide alone, true and false:")
    for room, (covered, counted) in sorted(tally.by_room.items(), key=lambda r: r[0] == "in total"):
        print(f"{room:10} {share(covered, counted):>18}")
    for file, text in sorted(argued - used):
        print(f"argued without need: {file}: {text}")
    print(f"lines argued in tests/coverage/conditions.txt: {len(used)}; neither: {len(missing)}")
    return not missing


def read_argued(path):
    """`file: line of source`, and indented below it the reason."""
    argued = set()
    for line in Path(path).read_text().splitlines():
        if line and not line.startswith(("#", " ")):
            file, text = line.split(": ", 1)
            argued.add((file, text))
    return argued


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=float, default=0, metavar="PERCENT")
    parser.add_argument("--branches", type=float, default=0, metavar="PERCENT")
    parser.add_argument("--conditions", metavar="FILE", help="what FILE argues is not missing")
    parser.add_argument("--source-branches", type=float, metavar="PERCENT")
    parser.add_argument("--gcov", default="gcov")
    parser.add_argument("counts", help="gcovr's or llvm-cov's JSON; for conditions the build folder")
    arguments = parser.parse_args()
    if arguments.conditions:
        good = report_conditions(read_conditions(arguments.gcov, arguments.counts),
                                 read_argued(arguments.conditions))
    elif arguments.source_branches:
        good = report_source_branches(json.loads(Path(arguments.counts).read_text())["data"][0],
                                      arguments.source_branches)
    else:
        good = report_lines_and_branches(json.loads(Path(arguments.counts).read_text()),
                                         arguments.lines, arguments.branches)
    sys.exit(0 if good else 1)


main()
