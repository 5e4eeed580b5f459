#!/usr/bin/env python3
"""Writes made-up photographs: coloured clouds with grain, in the sizes photographs of data sets have.

    python photographs.py FOLDER COUNT
"""
import sys
from pathlib import Path

import numpy
from PIL import Image

SIZES = ((500, 375), (640, 480), (375, 500), (500, 500), (1024, 683), (300, 300))


def photograph(number):
    width, height = SIZES[number % len(SIZES)]
    random = numpy.random.default_rng(number)
    total = numpy.zeros((height, width, 3))
    for cells, weight in ((4, 90), (16, 50), (64, 25)):
        coarse = Image.fromarray(random.integers(0, 256, (cells, cells, 3), dtype=numpy.uint8))
        total += weight * (numpy.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)) / 255 - 0.5)
    total += random.normal(0, 6, total.shape)
    return Image.fromarray(numpy.clip(total + 128, 0, 255).astype(numpy.uint8))


def main(folder, count):
    for number in range(int(count)):
        image = photograph(number)
        # The same picture twice: what JPEG decoders give may differ in the last bit, PNG's may not.
        image.save(Path(folder) / f"{number:04}.jpg", quality=90)
        image.save(Path(folder) / f"{number:04}.png", compress_level=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
