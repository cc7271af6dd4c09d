#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes include/corsac/origin/detail/public_suffix_data.hpp from the Public Suffix List.

    cmake/public_suffix.py https://publicsuffix.org/list/public_suffix_list.dat

refreshes it. The list may also be a file; without an argument it is the one of Debian's package
`publicsuffix`, which is often years old; one older than the header's is taken only if it is named.

--check   changes nothing. The header must be what this script makes of the rules in it, and, if the
          list at hand is of the same version, of that list's rules. If not, a note says how they
          differ.
--rules   prints the list's rules in ASCII, or with --header those of the header, one a line.
"""
import argparse
import collections
import datetime
import hashlib
import itertools
import pathlib
import re
import sys
import unicodedata
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER = ROOT / "include/corsac/origin/detail/public_suffix_data.hpp"
DEBIAN = "/usr/share/publicsuffix/public_suffix_list.dat"

# --- the list -------------------------------------------------------------------------------------

RULE, WILDCARD, EXCEPTION = "rule", "wildcard", "exception"

List = collections.namedtuple("List", "version commit rules fingerprint", defaults=[None])


def ascii_label(label):
    """ToASCII of a label that is in lower case already, as the list demands."""
    label = unicodedata.normalize("NFC", label.lower())
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def parse_rule(line):
    """A rule as (host in ASCII, kind). `*.ck` is a wildcard on `ck`."""
    kind, host = RULE, line
    if line.startswith("!"):
        kind, host = EXCEPTION, line[1:]
    elif line.startswith("*."):
        kind, host = WILDCARD, line[2:]
    host = ".".join(map(ascii_label, host.split(".")))
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", host):
        sys.exit(f"this is no rule that corsac understands: {line}")
    return host, kind


def is_address(place):
    return re.match(r"[a-z]+://", place) is not None


def read_list(place):
    """The version, the commit and the rules of a list: a file's name or an address."""
    if is_address(place):
        with urllib.request.urlopen(place) as answer:
            text = answer.read().decode("utf-8")
        version = None
    else:
        path = pathlib.Path(place)
        text = path.read_text(encoding="utf-8")
        version = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.timezone.utc)
        version = version.strftime("%Y-%m-%d_%H-%M-%S_UTC")
    rules, said = [], {}
    for line in text.splitlines():
        comment = re.match(r"// (VERSION|COMMIT): (\S+)$", line)
        if comment:
            said[comment[1]] = comment[2]
        elif line.strip() and not line.startswith("//"):
            rules.append(parse_rule(line.split()[0]))
    # Lists before 2024 do not say their version; Debian's file has the time of its last change.
    version = said.get("VERSION", version)
    if version is None or len(rules) < 5000:
        sys.exit(f"{place} is not the Public Suffix List")
    return List(version, said.get("COMMIT"), rules)


def written(rule):
    host, kind = rule
    return {RULE: "", WILDCARD: "*.", EXCEPTION: "!"}[kind] + host


def fingerprint(rules):
    """SHA-256 of the rules, sorted, one a line: tells whether a header was changed since."""
    return hashlib.sha256("\n".join(sorted(map(written, rules))).encode("ascii")).hexdigest()


# --- the automaton --------------------------------------------------------------------------------
#
# A trie over the labels from the right, and over the characters of each label from the left. A
# label ends in a mark. Equal subtries are one state: a tuple of edges (character, state behind it).
# END is the state behind the mark of a label that has no labels to its left.

END = -1

# A mark says what the labels so far are, and whether there are rules below.
MARKS = {"!": (EXCEPTION, False), "#": (WILDCARD, False), "$": (RULE, False),
         "%": (WILDCARD, True), "&": (RULE, True), "'": (None, True)}
MARK_OF = {meaning: mark for mark, meaning in MARKS.items()}


def build_states(rules):
    """All states, each after those that it leads to; the last is the root."""
    labels = {}
    for host, kind in sorted(rules):
        node = labels
        for label in reversed(host.split(".")):
            node = node.setdefault(label, {})
        # *.ck makes ck a public suffix itself, so a rule that says just that adds nothing.
        if node.get(None) not in (None, kind) and {node[None], kind} != {RULE, WILDCARD}:
            sys.exit(f"{host} has two rules")
        node[None] = WILDCARD if WILDCARD in (node.get(None), kind) else kind

    def trie(node):
        root = {}
        for label, below in node.items():
            if label is None:
                continue
            at = root
            for c in label:
                at = at.setdefault(c, {})
            children = trie(below)
            at[MARK_OF[below.get(None), bool(children)]] = children
        return root

    states, numbers = [], {}

    def number(node):
        if not node:
            return END
        state = tuple(sorted((c, number(below)) for c, below in node.items()))
        if state not in numbers:
            numbers[state] = len(states)
            states.append(state)
        return numbers[state]

    number(trie(labels))
    return states


# --- the data -------------------------------------------------------------------------------------
#
# origin/detail/public_suffix_walk.hpp says what the symbols mean.

SKIP_NEAR, SKIP_FAR = ".", "/"
JUMP_NEAR, JUMP_FAR = "()*+", ","
FORKS = ":;<="  # 2 to 5 ways
FORK_MANY = ">"
DIGITS = [chr(c) for c in range(ord("#"), ord("~") + 1) if chr(c) not in "?\\"]
BASE = len(DIGITS)
GRAM_SYMBOLS = [c for c in map(chr, range(ord("@"), ord("~") + 1))
                if c != "\\" and not c.islower()]
LONGEST_GRAM = 3
# A node of at most so many symbols has no skip before it: it is read over. 24 would save 2.5 of
# 51 KB and cost a fifth of the speed.
SMALL = 12
# Bytes of the longest string that MSVC takes, its end included.
LONGEST_LITERAL = 65535
NEAR = len(JUMP_NEAR) * BASE


def digits(value, count):
    found = ""
    for _ in range(count):
        found = DIGITS[value % BASE] + found
        value //= BASE
    if value:
        sys.exit("the data has outgrown its numbers")
    return found


def skip_over(size):
    if size <= SMALL:
        return ""
    return SKIP_NEAR + digits(size, 1) if size < BASE else SKIP_FAR + digits(size, 3)


def fork(ways):
    return FORKS[ways - 2] if ways - 2 < len(FORKS) else FORK_MANY + digits(ways, 1)


class Encoder:
    """Spells the states with as few symbols as it finds.

    `grams` are groups of characters with a symbol of their own. `shared` are the states that are
    written once, before the root, and jumped to; they map to the symbols that a jump takes."""

    def __init__(self, states):
        self.states = states
        self.grams = set()
        self.shared = {}
        self.size = []  # symbols of each state
        self.ways = []  # how each state is left: (symbols, text, state behind it)
        self.choose()
        for _ in range(3):
            self.share()
        while len(self.grams) < len(GRAM_SYMBOLS):
            self.add_grams(3)
            self.share()

    def cost(self, state):
        return 0 if state == END else self.shared.get(state) or self.size[state]

    def way(self, c, state):
        """The shortest way along an edge: its character, or a gram that begins with it."""
        best, text, behind = (1 + self.cost(state), c, state), c, state
        while behind != END and len(self.states[behind]) == 1 and len(text) < LONGEST_GRAM:
            text, behind = text + self.states[behind][0][0], self.states[behind][0][1]
            if text in self.grams:
                best = min(best, (1 + self.cost(behind), text, behind))
        return best

    def choose(self):
        """Decides, from the last states to the root, how each is written."""
        self.size, self.ways = [], []
        for state in self.states:
            ways = [self.way(c, behind) for c, behind in state]
            # The largest come first, as they are what is looked for most.
            ways.sort(key=lambda way: (-way[0], way[1]))
            size = sum(symbols for symbols, _, _ in ways)
            if len(ways) > 1:
                size += len(fork(len(ways)))
                size += sum(len(skip_over(symbols)) for symbols, _, _ in ways[:-1])
            self.ways.append(ways)
            self.size.append(size)

    def nodes(self, alone):
        """Every run of text that is written, and how often each state is referred to, if the states
        in `alone` are written once."""
        runs, references = [], collections.Counter()
        waiting, seen = [len(self.states) - 1], set()

        def follow(state, run):
            while state != END:
                references[state] += 1
                if state in alone:
                    if state not in seen:
                        seen.add(state)
                        waiting.append(state)
                    return
                state = leave(state, run)

        def leave(state, run):
            ways = self.ways[state]
            if len(ways) == 1:
                run.append(ways[0][1])
                return ways[0][2]
            for _, text, behind in ways:
                runs.append([text])
                follow(behind, runs[-1])
            return END

        while waiting:
            state = waiting.pop()
            runs.append([])
            follow(leave(state, runs[-1]), runs[-1])
        return runs, references

    def share(self):
        """Decides which states are written once."""
        _, references = self.nodes(range(len(self.states)))
        gains = [(count / self.size[state], state, count) for state, count in references.items()
                 if (count - 1) * self.size[state] > count * 2]
        self.shared, at = {}, 0
        for _, state, count in sorted(gains, key=lambda gain: (-gain[0], gain[1])):
            jump = 2 if at < NEAR else 3
            if (count - 1) * self.size[state] > count * jump:
                self.shared[state] = jump
                at += self.size[state]
        self.choose()

    def add_grams(self, count):
        runs, _ = self.nodes(self.shared)
        pairs = collections.Counter(a + b for run in runs for a, b in zip(run, run[1:])
                                    if len(a + b) <= LONGEST_GRAM and "$" not in a)
        best = sorted((p for p in pairs if p not in self.grams and not set(p) & set("!#%&'")),
                      key=lambda p: (-pairs[p], p))
        self.grams.update(best[:min(count, len(GRAM_SYMBOLS) - len(self.grams))])
        self.choose()

    def encode(self):
        """The symbols of the grams in their order, the data, and where the root is in it."""
        ending = sorted(g for g in self.grams if g.endswith("$"))
        order = ending + sorted(g for g in self.grams if not g.endswith("$"))
        symbols = dict(zip(order, GRAM_SYMBOLS))
        places = {}

        def jump(state):
            at = places.get(state, 0)
            if self.shared[state] == 2:
                return JUMP_NEAR[at // BASE] + digits(at % BASE, 1)
            return JUMP_FAR + digits(at, 2)

        def along(way):
            _, text, behind = way
            found = symbols.get(text, text)
            if behind == END:
                return found
            return found + (jump(behind) if behind in self.shared else node(behind))

        def node(state):
            parts = list(map(along, self.ways[state]))
            if len(parts) == 1:
                return parts[0]
            return fork(len(parts)) + "".join(skip_over(len(p)) + p for p in parts[:-1]) + parts[-1]

        # Those that a short jump may reach come first. One that is out of its reach after all gets
        # a longer jump, which moves the others.
        _, references = self.nodes(self.shared)
        self.shared = {state: jump for state, jump in self.shared.items() if references[state]}
        while True:
            order = sorted(self.shared, key=lambda state: (self.shared[state], self.size[state]))
            places.clear()  # lengths do not depend on them
            lengths = [len(node(state)) for state in order]
            places.update(zip(order, itertools.accumulate(lengths, initial=0)))
            far = [s for s in order if self.shared[s] == 2 and places[s] >= NEAR]
            if not far:
                break
            self.shared.update((state, 3) for state in far)
        data = "".join(map(node, order)) + node(len(self.states) - 1)
        if len(data) >= LONGEST_LITERAL:
            sys.exit(f"{len(data)} bytes are more than MSVC takes in one literal")
        return symbols, data, sum(lengths)


def decode(spellings, data, root):
    """The rules in the data, sorted: what `Encoder` wrote, read without it."""
    rules = []

    def number(at, count):
        value = 0
        for c in data[at:at + count]:
            value = value * BASE + DIGITS.index(c)
        return value

    def read(at, label, right):
        """Reads the node at `at`; returns where it ends."""
        while True:
            symbol = data[at]
            if symbol in JUMP_NEAR:
                read(JUMP_NEAR.index(symbol) * BASE + number(at + 1, 1), label, right)
                return at + 2
            if symbol == JUMP_FAR:
                read(number(at + 1, 2), label, right)
                return at + 3
            if symbol in FORKS or symbol == FORK_MANY:
                many = symbol == FORK_MANY
                ways = number(at + 1, 1) if many else FORKS.index(symbol) + 2
                at += 2 if many else 1
                for way in range(ways):
                    skip = {SKIP_NEAR: 1, SKIP_FAR: 3}.get(data[at]) if way + 1 < ways else None
                    end = None
                    if skip:
                        end = at + 1 + skip + number(at + 1, skip)
                        at += 1 + skip
                    at = read(at, label, right)
                    assert end in (None, at)
                return at
            text = spellings[symbol]
            at += 1
            if not text.endswith("$"):
                label += text
                continue
            label += text[:-1]
            kind, more = MARKS[symbol if symbol in MARKS else "$"]
            host = label + right
            if kind:
                rules.append((host, kind))
            if not more:
                return at
            label, right = "", "." + host

    assert read(root, "", "") == len(data)
    return sorted(rules)


# --- the header -----------------------------------------------------------------------------------

PREFIX = "inline constexpr "


def pieces(text, width=92):
    """A string literal in pieces, one a line: compilers may limit the length of one."""
    return "\n".join(f'    "{text[i:i + width]}"' for i in range(0, len(text), width))


def spelling_of(symbols):
    """What each symbol spells; a mark spells the end of its label, written $."""
    spellings = {c: c for c in "abcdefghijklmnopqrstuvwxyz0123456789-"}
    spellings.update({mark: "$" for mark in MARKS})
    spellings.update({symbol: gram for gram, symbol in symbols.items()})
    return spellings


def make_header(source):
    symbols, data, root = Encoder(build_states(source.rules)).encode()
    spellings = spelling_of(symbols)
    if decode(spellings, data, root) != sorted(source.rules):
        sys.exit("the data does not say what the list says")
    assert not set(data) & set('"\\?')  # nothing to escape, no trigraph
    rows = "".join(spellings.get(chr(c), "").ljust(4) for c in range(ord("!"), ord("~") + 1))
    last_ending = max((s for g, s in symbols.items() if g.endswith("$")), key=GRAM_SYMBOLS.index)
    assert last_ending < "a"  # those between are letters
    counts = collections.Counter(kind for _, kind in source.rules)
    commit = f"//   COMMIT: {source.commit}\n" if source.commit else ""
    return f"""// SPDX-License-Identifier: MPL-2.0
// clang-format off
//
// This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of
// the MPL was not distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.
// A copy is beside this file: public_suffix_data.LICENSE.
//
// The Public Suffix List, https://publicsuffix.org/list/public_suffix_list.dat, all of it:
//   VERSION: {source.version}
{commit}//   {counts[RULE]} rules, {counts[WILDCARD]} wildcards, {counts[EXCEPTION]} exceptions
//   SHA-256 of the rules in ASCII, sorted, one a line:
//   {fingerprint(source.rules)}
// Written by cmake/public_suffix.py, which also gives the list back (--rules --header). Not for
// changing by hand.
#ifndef CORSAC_ORIGIN_DETAIL_PUBLIC_SUFFIX_DATA_HPP
#define CORSAC_ORIGIN_DETAIL_PUBLIC_SUFFIX_DATA_HPP

#include <cstddef>

namespace corsac::inline v0_2_0::detail {{

/// The version of the list.
{PREFIX}char public_suffix_list_version[] = "{source.version}";

/// Where the walk from the right begins.
{PREFIX}std::size_t public_suffix_root = {root};

/// The last symbol from '@' on that spells the end of a label.
{PREFIX}char public_suffix_last_ending = '{last_ending}';

/// What the symbols from '!' on spell, four bytes each.
{PREFIX}char public_suffix_spellings[] =
{pieces(rows, 64)};

/// The rules; public_suffix_walk.hpp reads them. Printable characters, as compilers read them
/// faster than anything else of that size; not an array, as clang makes an object of each element.
{PREFIX}const char* public_suffix_data =
{pieces(data)};

}}  // namespace corsac::inline v0_2_0::detail

#endif
"""


def read_header(path):
    """The list that a header was made from, without its order."""
    text = path.read_text(encoding="utf-8")
    commit = re.search(r"^//   COMMIT: (\S+)$", text, re.MULTILINE)

    def constant(name):
        found = re.search(rf"\b{name}(?:\[\])? =\s*([^;]|;(?!\n))*", text)
        return found.group(0).partition("=")[2].strip()

    def literal(name):
        return "".join(re.findall(r'^ *"(.*)"$', constant(name), re.MULTILINE))

    rows = literal("public_suffix_spellings")
    spellings = {chr(ord("!") + i): rows[4 * i:4 * i + 4].strip() for i in range(len(rows) // 4)}
    rules = decode(spellings, literal("public_suffix_data"), int(constant("public_suffix_root")))
    said = re.search(r"^//   SHA-256 .*:\n//   (\w+)$", text, re.MULTILINE)
    return List(literal("public_suffix_list_version"), commit and commit[1], rules,
                said and said[1])


def check(path, place):
    ours = read_header(path)
    print(f"{path.name}: the list of {ours.version}, {len(ours.rules)} rules")
    if fingerprint(ours.rules) != ours.fingerprint:
        sys.exit(f"the rules in {path} are not those that it was made of")
    if make_header(ours) != path.read_text(encoding="utf-8"):
        sys.exit(f"{path} is not what this script makes of its rules: run it without --check")
    if not is_address(place) and not pathlib.Path(place).is_file():
        print(f"note: there is no {place} to compare with")
        return
    theirs = read_list(place)
    added = sorted(set(theirs.rules) - set(ours.rules))
    gone = sorted(set(ours.rules) - set(theirs.rules))
    if theirs.version != ours.version:
        age = "newer" if theirs.version > ours.version else "older"
        print(f"note: {place} is {age}, of {theirs.version}: {len(added)} rules more, "
              f"{len(gone)} less")
    elif added or gone:
        sys.exit(f"{path} is not made from {place}, though of the same version:\n" +
                 "\n".join(["+" + written(r) for r in added] + ["-" + written(r) for r in gone]))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", nargs="?", help=f"default: {DEBIAN}")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--header", action="store_true", help="with --rules: the header's")
    parser.add_argument("--output", type=pathlib.Path, default=HEADER, help=f"default: {HEADER}")
    args = parser.parse_args()

    place = args.list or DEBIAN
    if args.check:
        check(args.output, place)
    elif args.rules:
        source = read_header(args.output) if args.header else read_list(place)
        print("\n".join(map(written, source.rules)))
    else:
        source = read_list(place)
        if args.list is None and args.output.is_file():
            ours = read_header(args.output).version
            if source.version < ours:
                sys.exit(f"{place} is of {source.version}, the header of {ours}: name a newer "
                         "list, such as https://publicsuffix.org/list/public_suffix_list.dat")
        args.output.write_text(make_header(source), encoding="utf-8")


if __name__ == "__main__":
    main()
