"""Writes src/test/resources/golden/webp: WebP files of every kind and, in index.json, what Pillow decodes them to.

Libraries: Pillow 13.0.0 with libwebp 1.6.0, numpy, Python 3.11. Seed: 20260301.
Command, in this folder: python make_webp.py [<folder of JPEG photographs> <folder to write>]

With two folders it writes twenty of the photographs as lossy WebP, and their index.json, into the second. WebpDecoderTest
reads them with -Dwebp.folder=<folder to write>.
"""

import hashlib
import json
import struct
import sys
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path(__file__).resolve().parents[1] / "resources" / "golden" / "webp"
RANDOM = np.random.default_rng(20260301)
INDEX = []


def picture(width, height, alpha=False):
    """Edges, ramps, noise and flat places."""
    y, x = np.mgrid[0:height, 0:width]
    red = (x * 255 // max(1, width - 1)).astype(np.uint8)
    green = np.where((x // 7 + y // 5) % 2 == 0, 220, 30).astype(np.uint8)
    blue = RANDOM.integers(0, 256, (height, width)).astype(np.uint8)
    blue[: height // 2] = 90
    bands = [red, green, blue]
    if alpha:
        bands.append(((x * 3 + y * 5) % 256).astype(np.uint8))
    return Image.fromarray(np.dstack(bands))


def record(folder, name):
    with Image.open(folder / name) as image:
        samples = np.array(image).astype(np.uint8).tobytes()
        INDEX.append(
            {
                "file": name,
                "mode": image.mode,
                "width": image.size[0],
                "height": image.size[1],
                "sha256": hashlib.sha256(samples).hexdigest(),
            }
        )


def save(name, image, **options):
    image.save(OUT / name, **options)
    record(OUT, name)


def chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def u24(number):
    return struct.pack("<I", number)[:3]


def moving(name, still, alpha):
    """A moving picture of 40 × 30 whose first frame is a still one, 8 pixels from the left and 6 from above."""
    content = (OUT / still).read_bytes()[12:]
    entry = next(e for e in INDEX if e["file"] == still)
    if content[:4] == b"VP8X":
        content = content[18:]
    frame = u24(4) + u24(3) + u24(entry["width"] - 1) + u24(entry["height"] - 1) + u24(100) + b"\0"
    flags = 2 | (16 if alpha else 0)
    body = chunk(b"VP8X", bytes([flags, 0, 0, 0]) + u24(39) + u24(29)) + chunk(b"ANIM", b"\xff\x80\x40\xff\0\0")
    body += chunk(b"ANMF", frame + content) + chunk(b"ANMF", frame + content)
    (OUT / name).write_bytes(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body)
    record(OUT, name)


def photographs(folder, out):
    out.mkdir(parents=True, exist_ok=True)
    files = sorted(folder.rglob("*.jpg"))[:: max(1, len(list(folder.rglob("*.jpg"))) // 20)][:20]
    for i, file in enumerate(files):
        with Image.open(file) as image:
            rgb = image.convert("RGB").crop((0, 0, image.size[0] - i % 3, image.size[1] - i % 2))
        if i % 5 == 4:
            rgb.putalpha(picture(*rgb.size, alpha=True).getchannel(3))
        quality = [10, 25, 40, 50, 60, 70, 75, 80, 90, 95][i % 10]
        rgb.save(out / f"{i:02}.webp", quality=quality, use_sharp_yuv=i % 4 == 3, method=i % 7)
        record(out, f"{i:02}.webp")
    (out / "index.json").write_text(json.dumps(INDEX, indent=1) + "\n")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for quality in (0, 10, 30, 50, 70, 80, 90, 95, 100):
        save(f"lossy-{quality}.webp", picture(61 + quality % 4, 45 + quality % 3), quality=quality)
    for method in (0, 2, 6):
        save(f"lossy-method-{method}.webp", picture(48, 33), quality=40, method=method)
    for width, height in ((1, 1), (2, 1), (1, 17), (16, 16), (33, 2)):
        save(f"lossy-{width}x{height}.webp", picture(width, height), quality=60)
    save("lossy-sharp-75.webp", picture(50, 40), quality=75, use_sharp_yuv=True)
    save("lossy-alpha.webp", picture(45, 31, True), quality=70)
    save("lossy-alpha-few-levels.webp", picture(45, 31, True), quality=70, alpha_quality=20)
    flat = picture(40, 30, True)
    flat.putalpha(Image.fromarray(RANDOM.integers(0, 256, (30, 40)).astype(np.uint8)))
    save("lossy-alpha-noise.webp", flat, quality=50)
    for quality, method in ((0, 0), (50, 3), (100, 6)):
        save(f"lossless-{quality}.webp", picture(61, 45), lossless=True, quality=quality, method=method)
    for colors in (2, 4, 13, 200):
        save(f"lossless-{colors}-colors.webp", picture(61, 45).quantize(colors).convert("RGB"), lossless=True)
    save("lossless-alpha.webp", picture(45, 31, True), lossless=True)
    save("lossless-alpha-exact.webp", picture(45, 31, True), lossless=True, exact=True)
    save("lossless-grey.webp", picture(45, 31).convert("L").convert("RGB"), lossless=True)
    save("lossless-1x1.webp", picture(1, 1), lossless=True)
    save("lossless-one-color.webp", Image.new("RGB", (300, 200), (1, 2, 3)), lossless=True)
    small = picture(20, 12, True)
    save("small-lossy.webp", small.convert("RGB"), quality=60)
    save("small-lossy-alpha.webp", small, quality=60)
    save("small-lossless.webp", small, lossless=True)
    moving("moving-lossy.webp", "small-lossy.webp", False)
    moving("moving-lossy-alpha.webp", "small-lossy-alpha.webp", True)
    moving("moving-lossless.webp", "small-lossless.webp", True)
    moving("moving-opaque.webp", "small-lossless.webp", False)
    frames = [picture(40, 30), picture(40, 30)]
    save("moving.webp", frames[0], save_all=True, append_images=frames[1:], quality=70, duration=100)
    (OUT / "index.json").write_text(json.dumps(INDEX, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        photographs(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        main()
