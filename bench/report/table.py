# SPDX-License-Identifier: MIT
"""Prints what was measured.

Ratios say what corsac costs beside a way: below 1 it is cheaper. They divide what each adds to a
server without CORS, the `base` of the same kind of strings or of the same language; ways in other
languages are beside corsac on owned strings.
"""
from . import peers

COLUMNS = ("ns", "alone", "together")
KINDS = ("views", "owned", *peers.KINDS)
WAYS = ("base", "by hand", "middleware", "same duties", "std::regex", "corsac", "corsac, static")


def split(name):
    row, kind, way = name.split("/", 2)
    return row, kind, way


def added(ways, name, column):
    """What a way adds to its base, or None if it was not measured."""
    row, kind, _ = split(name)
    whole = ways.get(name, {}).get(column)
    base = ways.get(f"{row}/{kind}/base", {}).get(column)
    return None if whole is None or base is None else whole - base


def ratio(ways, ours, theirs, column):
    a, b = added(ways, ours, column), added(ways, theirs, column)
    return None if a is None or b is None or b <= 0 else a / b


def beside(ways, name, column):
    row, kind, way = split(name)
    if way in ("base", "corsac"):
        return None
    return ratio(ways, f"{row}/{kind if kind in ('views', 'owned') else 'owned'}/corsac", name,
                 column)


def text(value, form="{:,.0f}"):
    return "" if value is None else form.format(value)


def print_run(run, rows):
    ways = run["ways"]
    print(f"\n{run['compiler']}, -O2; ratios: what corsac adds, divided by what the way adds\n")
    if ways:
        print(f"{'':28}{'ns':>11} {'spread':>6} {'instructions':>13} {'together':>11} {'allocs':>7}"
              f"   ratio:{'ns':>5} {'instr':>6} {'together':>8}")
    for row in rows:
        for kind in KINDS:
            names = [name for name in ways if name.startswith(f"{row['name']}/{kind}/")]
            names.sort(key=lambda name: (*WAYS, split(name)[2]).index(split(name)[2]))
            if names:
                print(f"{row['about']}, {kind}")
            for name in names:
                way = ways[name]
                print(f"  {split(name)[2]:26}{text(way.get('ns'), '{:,.1f}'):>11} "
                      f"{text(way.get('spread'), '{:+.0%}'):>6} {text(way.get('alone')):>13} "
                      f"{text(way.get('together')):>11} {text(way.get('allocations')):>7}        "
                      + " ".join(f"{text(beside(ways, name, column), '{:.2f}'):>{width}}"
                                 for column, width in zip(COLUMNS, (5, 6, 8))))
        if row["beside"] and f"{row['name']}/views/corsac" in ways:
            for kind in ("views", "owned"):
                ours, theirs = (f"{r}/{kind}/corsac" for r in (row["name"], row["beside"]))
                print(f"  {'divided by ' + row['beside'] + ', ' + kind:87}"
                      + " ".join(f"{text(ratio(ways, ours, theirs, column), '{:.2f}'):>{width}}"
                                 for column, width in zip(COLUMNS, (5, 6, 8))))
    print_sizes(run["sizes"])
    for note in run["notes"]:
        print(note)


def print_adapters(compiler, counts):
    """A line for each way to answer a request."""
    print(f"\n{compiler}, -O2: instructions of a whole request\n\n"
          f"{'framework/request/way':40}{'whole':>9}{'added':>9}   of ideal")
    for name, whole in counts.items():
        request, way = name.rsplit("/", 1)
        ratio = whole / counts[f"{request}/ideal"] if way.startswith("corsac") else None
        print(f"{name:40}{whole:>9,.0f}{whole - counts[request + '/base']:>9,.0f}"
              f"   {text(ratio, '{:.2f}'):>8}")


def print_sizes(sizes):
    """A line for each way, a column for each number."""
    lines = {}
    for name, what in sizes.items():
        way, number = name.rsplit("/", 1)
        lines.setdefault(way, {})[int(number)] = what
    for title, prefix, form in (
            ("ns a request, by the number of origins", "sizes/",
             lambda what, _: text(what["ns"], "{:,.1f}")),
            ("ns a look-up among origins, some chosen to collide", "look-up/",
             lambda what, _: text(what["ns"], "{:,.1f}")),
            ("ns a request, by the number of routes", "table/",
             lambda what, _: text(what["ns"], "{:,.1f}")),
            ("building: ns an entry, by the number of entries", "build/",
             lambda what, number: text(what["ns"] / number)),
            ("memory: bytes an entry beyond its text", "build/",
             lambda what, _: text(what.get("bytes", 0) - what["text"], "{:.1f}")
             if what.get("bytes") and what.get("text") else "")):
        chosen = {way: row for way, row in lines.items() if way.startswith(prefix)}
        shown = {way: {n: form(what, n) for n, what in row.items()} for way, row in chosen.items()}
        shown = {way: row for way, row in shown.items() if any(row.values())}
        if not shown:
            continue
        numbers = sorted({n for row in shown.values() for n in row})
        print(f"\n{title:52}" + " ".join(f"{n:>10,}" for n in numbers))
        for way, row in shown.items():
            print(f"  {way.removeprefix(prefix):50}"
                  + " ".join(f"{row.get(n, ''):>10}" for n in numbers))


def summary(results):
    """Markdown: what corsac adds, and how many times that each of the others adds."""
    lines = []
    for run in results["runs"]:
        ways = run["ways"]

        def measured(row, kind, column):
            return text(added(ways, f"{row}/{kind}/corsac", column))

        def times(row, kind, way, column):
            value = ratio(ways, f"{row}/{kind}/{way}", f"{row}/owned/corsac", column)
            return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:,.0f}"

        lines += [f"{run['compiler']}, `-O2`, {results['machine']}:", "",
                  "| request | ns, views | ns, owned | instructions | by hand | same duties | "
                  "rs/cors, jub0bs | tower-http, actix | Express |",
                  "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
        for row in results["rows"]:
            name = row["name"]
            if not row["common"] or f"{name}/owned/corsac" not in ways:
                continue
            lines.append(
                f"| {row['about']} | {measured(name, 'views', 'ns')} | "
                f"{measured(name, 'owned', 'ns')} | {measured(name, 'owned', 'alone')} | "
                f"{times(name, 'owned', 'by hand', 'alone')} | "
                f"{times(name, 'owned', 'same duties', 'alone')} | "
                f"{times(name, 'go', 'rs/cors', 'ns')}, {times(name, 'go', 'jub0bs/cors', 'ns')} | "
                f"{times(name, 'tower', 'tower-http', 'ns')}, "
                f"{times(name, 'actix', 'actix-cors', 'ns')} | "
                f"{times(name, 'node', 'cors', 'ns')} |")
        lines.append("")
        dearest = [f"{row['about'].removeprefix('the dearest policy: ')} "
                   + text(ratio(ways, row["name"] + "/owned/corsac",
                                row["beside"] + "/owned/corsac", "ns"), "{:.1f}")
                   for row in results["rows"] if row["beside"]
                   and f"{row['name']}/owned/corsac" in ways]
        if dearest:
            lines += ["The dearest policy, in times of an ordinary one: " + ", ".join(dearest) + ".",
                      ""]
    return "\n".join(lines)


def write_readme(results, path):
    whole = path.read_text()
    marks = "<!-- written by bench/run --write-readme -->", "<!-- end -->"
    if any(mark not in whole for mark in marks):
        raise SystemExit(f"{path} has no place for the table: {marks[0]} … {marks[1]}")
    head, rest = whole.split(marks[0], 1)
    tail = rest.split(marks[1], 1)[1]
    path.write_text(f"{head}{marks[0]}\n{summary(results)}{marks[1]}{tail}")
