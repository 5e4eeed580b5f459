"""Golden values of dev.metaprompt.statistics.PairedTest, without any statistics library.

Wilcoxon: all sign patterns are enumerated. Student: the t density is integrated numerically to 1e-12. Prints Java.
"""
import itertools
import math

CASES = [
    [1.2, -0.4, 2.5, 0.9, 1.7],
    [0.31, -0.12, 0.05, -0.44, 0.27, 0.61, -0.08],
    [-3.0, -2.0, -1.5, -4.25, -0.5, -2.75],
    [1.0, 1.0, -1.0, 2.0, 2.0, 0.5, 0.0],
]


def wilcoxon(all_differences):
    d = [x for x in all_differences if x != 0]
    sizes = sorted(abs(x) for x in d)
    # mean rank of equal sizes
    ranks = [sum(i for i, s in enumerate(sizes, 1) if s == abs(x)) / sizes.count(abs(x)) for x in d]
    observed = sum(r for r, x in zip(ranks, d) if x > 0)
    total = sum(ranks)
    extreme = max(observed, total - observed)
    sums = [sum(r for r, s in zip(ranks, signs) if s) for signs in itertools.product([0, 1], repeat=len(d))]
    tail = sum(s >= extreme for s in sums) / len(sums)
    return min(1.0, 2 * tail)


def student(d):
    n = len(d)
    mean = sum(d) / n
    sd = math.sqrt(sum((x - mean) ** 2 for x in d) / (n - 1))
    t = abs(mean) / (sd / math.sqrt(n))
    nu = n - 1
    c = math.gamma((nu + 1) / 2) / (math.sqrt(nu * math.pi) * math.gamma(nu / 2))
    # x = t + u / (1 - u) maps the tail to [0, 1); Simpson
    steps = 200000

    def f(u):
        if u >= 1:
            return 0.0
        x = t + u / (1 - u)
        return c * (1 + x * x / nu) ** (-(nu + 1) / 2) / (1 - u) ** 2

    h = 1 / steps
    s = f(0) + f(1) + sum((4 if i % 2 else 2) * f(i * h) for i in range(1, steps))
    return 2 * s * h / 3, mean / sd


for case in CASES:
    p, effect = student(case)
    print(case, "student", repr(p), "wilcoxon", repr(wilcoxon(case)), "effect", repr(effect))
