"""Writes src/test/resources/golden/python-random.json: what Python's module random gives after random.seed(seed).

CPython 3.11.7, standard library only. Command, in this folder:
    python make_python_random.py

For each seed: words of 32 bits from the beginning and behind two refills of the generator's state; numbers below bounds;
samples of populations on both sides of the sizes at which random.sample changes its method (21 for up to five drawn, 85
for 6 to 21, 277 for 22 to 85). Each list starts from the seed anew; the samples of a seed follow one another.
"""

import json
import random
from pathlib import Path

SEEDS = [0, 1, 2, 3, 42, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**53 - 1, 123456789012345678]
BOUNDS = [1, 2, 3, 60, 64, 65, 1000, 2**16 + 1, 2**31 - 1]
SAMPLES = [(60, 16), (24, 4), (21, 5), (22, 5), (1, 1), (9, 9), (37, 6), (38, 6), (85, 16), (86, 16), (277, 22)]
SAMPLES += [(278, 22), (1300, 16), (100000, 30), (50, 0)]
LATE = 1300
OUT = Path(__file__).resolve().parents[1] / "resources" / "golden" / "python-random.json"


def words(seed):
    random.seed(seed)
    drawn = [random.getrandbits(32) for _ in range(LATE + 4)]
    return drawn[:4] + drawn[LATE:]


def below(seed):
    random.seed(seed)
    return [random.randrange(bound) for bound in BOUNDS for _ in range(3)]


def samples(seed):
    random.seed(seed)
    return [random.sample(range(population), count) for population, count in SAMPLES]


def main():
    seeds = [{"seed": seed, "words": words(seed), "below": below(seed), "samples": samples(seed)} for seed in SEEDS]
    golden = {"late": LATE, "bounds": BOUNDS, "populationsAndCounts": SAMPLES, "seeds": seeds}
    OUT.write_text(json.dumps(golden, separators=(",", ":")).replace('{"seed"', '\n{"seed"') + "\n")


if __name__ == "__main__":
    main()
