#!/usr/bin/env python3
"""Speed of the estimators beside crowd-kit's, on the same synthetic crowd in one run.

    python bench/truth_speed.py [--judgments 1000000] [--classes 4] [--iterations 20]
                                [--methods majority-vote,dawid-skene] [--threads 2] [--frames]

Builds and runs the example `truth-speed` (see bench/truth/speed.rs for the crowd) and, where crowd-kit is
importable, fits the same judgments with it. Prints seconds and the ratio. Both sides are timed from judgments in
memory to the fitted result; reading is not counted.

With --frames both sides get a data frame whose tasks, workers and labels are strings, and both are timed from the
frame to the frames of the result: what a Python program sees. Needs the package crowdsmith (python/test.sh builds it).
"""

import argparse
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def ours(arguments, csv):
    """Runs the Rust program; returns its report and the seconds of each method."""
    command = ["cargo", "run", "--quiet", "--release", "-p", "crowdsmith-truth", "--example", "truth-speed", "--"]
    for name in ("judgments", "classes", "iterations", "methods", "workers"):
        value = getattr(arguments, name)
        if value is not None:
            command += [f"--{name}", str(value)]
    command += ["--write", csv]
    environment = {**os.environ, "RAYON_NUM_THREADS": str(arguments.threads)}
    report = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    return report, {name: float(seconds) for name, seconds in re.findall(r"^(\S+)\s+([\d.]+) s", report, re.M)}


def peers(iterations):
    """crowd-kit's methods, set to make exactly the same number of iterations."""
    from crowdkit.aggregation import GLAD, MACE, DawidSkene, MajorityVote

    never = -float("inf")
    return {
        "majority-vote": MajorityVote(),
        "dawid-skene": DawidSkene(n_iter=iterations, tol=never),
        "glad": GLAD(n_iter=iterations, tol=never),
        "mace": MACE(n_iter=iterations, n_restarts=1),
    }


def frame_methods(iterations):
    """The same methods of the Python package."""
    from crowdsmith.aggregation import GLAD, MACE, DawidSkene, MajorityVote

    never = 0.0
    return {
        "majority-vote": MajorityVote(),
        "dawid-skene": DawidSkene(n_iter=iterations, tol=never),
        "glad": GLAD(n_iter=iterations, tol=never),
        "mace": MACE(n_iter=iterations, n_restarts=1),
    }


def named(judgments):
    """The judgments with strings for codes, in a frame of Python objects."""
    frame = judgments.copy()
    for column in ("task", "worker", "label"):
        frame[column] = (column + "-" + frame[column].astype(str)).astype(object)
    return frame


def fitted(method, judgments, repeats):
    """The shortest of some fits, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        method.fit(judgments)
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judgments", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--classes", type=int, default=4)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--methods", default="majority-vote,dawid-skene")
    parser.add_argument("--frames", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        csv = str(Path(folder) / "judgments.csv")
        report, seconds = ours(arguments, csv)
        print(report)
        try:
            methods = peers(arguments.iterations)
        except ImportError:
            print("crowd-kit is not importable: no comparison")
            return
        import pandas

        judgments = pandas.read_csv(csv)
    if arguments.frames:
        judgments = named(judgments)
        own = frame_methods(arguments.iterations)
        seconds = {name: fitted(own[name], judgments, 3) for name in arguments.methods.split(",") if name in own}
    print(f"{'method':<14} {'ours':>10} {'crowd-kit':>10} {'ratio':>8}")
    for name in arguments.methods.split(","):
        if name in methods:
            peer = fitted(methods[name], judgments, 1)
            mine = max(seconds[name], 1e-3)
            print(f"{name:<14} {mine:>8.3f} s {peer:>8.2f} s {peer / mine:>7.0f} x", flush=True)


if __name__ == "__main__":
    main()
