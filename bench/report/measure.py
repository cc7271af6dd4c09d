# SPDX-License-Identifier: MIT
"""Runs the programs in C++.

`run["ways"]` maps (as text) row/kind/way to what was measured of it: `ns`, `spread`, `allocations`,
`alone`, `together`. `run["sizes"]` maps what/way/number to the same.
"""
import json
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import tempfile


def banner(compiler):
    return subprocess.run([compiler, "--version"], capture_output=True, text=True,
                          check=True).stdout.splitlines()[0]


def machine():
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
        return re.search(r"model name\s*: (.*)", text)[1]
    except (OSError, TypeError):
        return platform.processor()


def asked(programs):
    """Policies and requests, as corsac_bench_rows writes them."""
    return json.loads(subprocess.run([programs / "peers" / "corsac_bench_rows"], check=True,
                                     capture_output=True).stdout)


def of_times(times):
    """The fastest is what it costs when nothing else runs."""
    fastest = min(times)
    return {"ns": fastest, "spread": statistics.median(times) / fastest - 1}


def google_benchmark(program, wanted, *options):
    """Runs what matches the expression `wanted`; yields names, times in ns, and counters."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run([program, f"--benchmark_filter={wanted}", f"--benchmark_out={out.name}",
                        *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lines = json.load(open(out.name, encoding="utf-8"))["benchmarks"]
    unit = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
    found = {}
    for line in lines:
        if line.get("run_type") == "aggregate":
            continue
        if line.get("error_occurred"):
            raise SystemExit(f"{line['name']}: {line['error_message']}")
        name = line.get("run_name", line["name"])
        times, _ = found.setdefault(name, ([], line))
        times.append(line["cpu_time"] * unit[line["time_unit"]])
    for name, (times, line) in found.items():
        yield name, times, line


def add_times(run, programs, args):
    # Interleaved, so that a slow phase of the machine meets all ways alike.
    for name, times, line in google_benchmark(
            programs / "corsac_bench", f"^{args.rows}[a-z_]*/(views|owned)/",
            f"--benchmark_repetitions={args.repetitions}",
            "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.01"):
        run["ways"].setdefault(name, {}).update(of_times(times), allocations=line["allocs"])


def add_sizes(run, programs, args):
    for wanted, repetitions, least in (("^(sizes|look-up|table)/", args.repetitions, "0.05"),
                                       ("^build/", 3, "0.001")):
        for name, times, line in google_benchmark(
                programs / "corsac_bench", wanted, f"--benchmark_repetitions={repetitions}",
                f"--benchmark_min_time={least}"):
            run["sizes"][name] = of_times(times) | {
                key: line[key] for key in ("allocs", "text", "bytes") if key in line}


def instructions(program, *arguments):
    """Runs a program under callgrind; yields what it counted, and instructions a call."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program,
                        *arguments], check=True, capture_output=True)
        profiles = pathlib.Path(folder).glob("out.*")
        for profile in sorted(profiles, key=lambda path: int(path.suffix[1:])):
            text = profile.read_text()
            name, times = re.search(r"Client Request: (.*)/(\d+)$", text, re.M).groups()
            yield name, int(re.search(r"^summary: (\d+)", text, re.M)[1]) / int(times)


def add_instructions(run, programs, args):
    if not shutil.which("valgrind") or not (programs / "instructions/corsac_count_together").exists():
        run["notes"].append("no instructions: Valgrind is absent")
        return
    for program, column in (("alone_views", "alone"), ("alone_owned", "alone"),
                            ("together", "together")):
        for name, number in instructions(programs / f"instructions/corsac_count_{program}", args.rows):
            run["ways"].setdefault(name, {})[column] = number


def adapters(programs):
    """Maps framework/request/way to instructions of a whole request."""
    if not shutil.which("valgrind"):
        raise SystemExit("bench/run: --adapters counts instructions with Valgrind, which is absent")
    return dict(instructions(programs / "adapters/corsac_bench_adapters", "--count"))
