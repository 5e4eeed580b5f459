"""Writes golden/paired-tests.json: p-values of paired differences, by other ways than the program's.

t test: the survival function as a regularised incomplete beta function with 40 digits (mpmath).
Wilcoxon signed-rank: every one of the 2^n arrangements of signs is counted, with mean ranks in exact fractions;
differences of zero are left out first (Wilcoxon's own rule).

    python make_paired_tests.py ../resources/golden/paired-tests.json
"""
import itertools
import json
import sys
from fractions import Fraction

import mpmath

mpmath.mp.dps = 40

# Whole hundredths, so that equal differences are equal.
CASES = [
    [100, 200, 300],
    [150, -50],
    [500, 400, 300, 200, 100],
    [-500, -400, -300, -200, -100],
    [250, 125, -75, 310, 42, 188],
    [100, 100, 200, 300, -100, 400],
    [0, 100, 200, -300, 400, 500],
    [0, 0, 100, 100, -100, 200],
    [-100, 100, -200, 200],
    [100, 100, 100, 100, 200],
    [0, 0, 0, 250],
    [12, 7, -3, 25, 31, -8, 14, 22, 5, 9, -11, 40],
    [417, -83, 250, 250, -83, 333, 83, 83, 167, -167, 500, 0, 83, 250],
]


def student(values):
    n = len(values)
    mean = mpmath.fsum(values) / n
    variance = mpmath.fsum((v - mean) ** 2 for v in values) / (n - 1)
    t = mean / mpmath.sqrt(variance / n)
    return mpmath.betainc(mpmath.mpf(n - 1) / 2, mpmath.mpf(1) / 2, 0, (n - 1) / (n - 1 + t * t), regularized=True)


def wilcoxon(hundredths):
    values = [v for v in hundredths if v != 0]
    if not values:
        return None
    sizes = sorted(abs(v) for v in values)
    rank = {s: Fraction(2 * sizes.index(s) + sizes.count(s) + 1, 2) for s in sizes}
    ranks = [rank[abs(v)] for v in values]
    middle = sum(ranks) / 2
    distance = abs(sum(r for r, v in zip(ranks, values) if v > 0) - middle)
    extreme = sum(
        abs(sum(r for r, sign in zip(ranks, signs) if sign) - middle) >= distance
        for signs in itertools.product((False, True), repeat=len(ranks))
    )
    return extreme / 2 ** len(ranks)


def main():
    cases = []
    for hundredths in CASES:
        exact = [mpmath.mpf(v) / 100 for v in hundredths]
        n = len(exact)
        mean = mpmath.fsum(exact) / n
        deviation = mpmath.sqrt(mpmath.fsum((v - mean) ** 2 for v in exact) / (n - 1))
        cases.append({
            "differences": [v / 100 for v in hundredths],
            "pStudent": float(student(exact)),
            "pStudentOfOne": float(student([v - 1 for v in exact])),
            "pWilcoxon": wilcoxon(hundredths),
            "effect": float(mean / deviation),
        })
    with open(sys.argv[1], "w") as file:
        json.dump({"mpmath": mpmath.__version__, "cases": cases}, file, indent=1)
        file.write("\n")


main()
