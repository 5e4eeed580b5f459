#!/usr/bin/env python3
"""Runs ours and PyTorch in turn on the same work, and writes results.json, results.md and results.svg.

    python3 experiments/benchmark/run.py              # installs what it needs below target/, builds, measures
    python3 experiments/benchmark/run.py --quick      # everything once: does it run, do both agree?
    python3 experiments/benchmark/run.py --jmh        # the pieces in JMH, with the allocation profiler

Needs Python 3.9 or later with venv, Java 17 and Maven. README.md beside this file says what is measured and how.
Exit status: 0 both sides agree, 1 they differ (results.md says where), 2 something is missing.
"""
import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from compare import chart, curves, environment, inference, page, rows
from compare.session import WAITING, Sessions

HERE = Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5, help="rounds of every row (default 5)")
    parser.add_argument("--curve-pairs", type=int, default=3, help="rounds of every point of a curve (default 3)")
    parser.add_argument("--images", type=int, default=16, help="photographs of a round, a multiple of 8 (default 16)")
    parser.add_argument("--epochs", type=int, default=5, help="epochs of 10 steps of the whole training (default 5)")
    parser.add_argument("--coop-classes", type=int, default=100,
                        help="most classes for CoOp's way, which needs 40 MB a class (default 100)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of either side (default: cores)")
    parser.add_argument("--waiting", choices=WAITING, default="shipped",
                        help="how idle threads wait: ours as the plugin sets it and PyTorch as it comes (shipped, the"
                        " default), both sleeping (passive), both spinning for a while as OpenMP comes (active)")
    parser.add_argument("--only", help="rows and curves to run, with commas between them (default: all)")
    parser.add_argument("--python", help="a Python that has the packages of requirements.txt (default: a venv in target)")
    parser.add_argument("--model", type=Path, help="a transformers CLIP folder (default: a random ViT-B/16 in target)")
    parser.add_argument("--maven", default="mvn", help="the Maven command (default mvn)")
    parser.add_argument("--skip-build", action="store_true", help="take the Java side as it was built before")
    parser.add_argument("--out", type=Path, default=HERE / "target" / "results", help="where the results go")
    parser.add_argument("--quick", action="store_true", help="one round of everything at small sizes")
    parser.add_argument("--jmh", nargs="?", const=".*", metavar="REGEX", help="run JMH's benchmarks instead")
    parser.add_argument("--jmh-options", default="", help="more options of JMH, as one text, for example \"-i 1 -wi 1\"")
    return parser.parse_args()


def main():
    args = arguments()
    if args.quick:
        args.pairs = args.curve_pairs = 1
        args.images, args.epochs, args.coop_classes = 8, 1, 24
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    place = environment.prepare(args, HERE, HERE / "target")
    if args.jmh:
        return subprocess.run(environment.jmh(place, args.jmh, args.jmh_options.split(), out)).returncode
    results = {"machine": environment.machine(HERE), "settings": environment.settings(args), "rows": [], "curves": []}
    with Sessions(place) as sessions:
        results["machine"] |= sessions.facts()
        for part in (rows, curves, inference):
            part.run(sessions, args, results, wanted(args))
    results["disagreements"] = [d for entry in results["rows"] + results["curves"] for d in entry["disagreements"]]
    (out / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (out / "results.md").write_text(page.text(results), encoding="utf-8")
    (out / "results.svg").write_text(chart.svg(results), encoding="utf-8")
    print(f"\n{page.text(results)}\nwritten: {out}/results.json, results.md, results.svg")
    return 1 if results["disagreements"] else 0


def wanted(args):
    """Returns a test of an id; a name before a dash stands for all that begin with it."""
    only = args.only.split(",") if args.only else None
    return lambda name: only is None or any(name == o or name.startswith(o + "-") for o in only)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except environment.Missing as missing:
        print(missing, file=sys.stderr)
        sys.exit(2)
