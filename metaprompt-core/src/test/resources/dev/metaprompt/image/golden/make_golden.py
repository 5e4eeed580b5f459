"""Writes the image files of this folder and what Pillow makes of them.

Libraries: Pillow 13.0.0 (libjpeg-turbo 3.2.0), numpy 2.4.6, Python 3.11. Seed: 20260101.
Command: python make_golden.py          (in this folder; replaces everything but this script)

cases.json   a list of {file, resize, crop, exact, offset, length[, box, flip]}; without a box the view is that of test
             images (torchvision's Resize(resize, BICUBIC), CenterCrop(crop)), with one it is
             resized_crop(box = [x, y, width, height] -> crop x crop), flipped horizontally if told.
             "exact" is false for JPEG alone, whose decoders may differ by a level.
             Images that are neither RGB nor grey ("order") come in both orders of colour conversion: "resize-first" is
             OpenAI's, "convert-first" begins with Pillow's convert("RGB"), as transformers and CoOp's loader do.
views.bin.gz the views one after the other, uint8 RGB, height x width x channel.
"""

import gzip
import io
import json
import os
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

rng = np.random.default_rng(20260101)
cases, views = [], bytearray()


def picture(width, height, bands):
    """Smooth waves with hard edges and a little noise: every part of the resize shows."""
    y, x = np.mgrid[0:height, 0:width]
    out = np.empty((height, width, bands))
    for band in range(bands):
        fx, fy, phase = rng.uniform(0.02, 0.5, 3)
        out[..., band] = 128 + 90 * np.sin(fx * x + fy * y + 6 * phase) + 50 * ((x // 7 + y // 5 + band) % 2)
    out += rng.normal(0, 6, out.shape)
    return np.clip(out, 0, 255).astype(np.uint8)


def image(mode, width, height):
    bands = len(Image.new(mode, (1, 1)).getbands())
    data = picture(width, height, bands)
    return Image.fromarray(data[..., 0] if bands == 1 else data, mode)


# What Pillow's convert("RGB") does: "1" gives 0 and 255; "L" thrice the level; "P" looks up the palette, whatever tRNS
# or a transparent index say; "LA", "RGBA" drop alpha without blending; "CMYK" is naive, without profiles. Of 16 bits a
# sample it keeps the high byte in "RGB", "LA" and "RGBA" (when it opens the file). Grey of 16 bits ("I;16") is not here:
# convert("RGB") clips its levels at 255, which leaves an almost white picture; we keep the high byte and call it grey.
def orders(name):
    with Image.open(name) as im:
        im.load()
        if im.mode in ("RGB", "L"):
            return [(im, {})]
        return [(im, {"order": "resize-first"}), (im.convert("RGB"), {"order": "convert-first"})]


def record(name, resize, crop, view, **more):
    data = np.asarray(view.convert("RGB")).tobytes()
    assert len(data) == crop * crop * 3
    case = {"file": name, "resize": resize, "crop": crop, "exact": not name.endswith(".jpg")}
    cases.append({**case, "offset": len(views), "length": len(data), **more})
    views.extend(data)


def center(name, resize, crop):
    for im, order in orders(name):
        w, h = im.size
        size = (resize, int(resize * h / w)) if w <= h else (int(resize * w / h), resize)
        im = im.resize(size, Image.Resampling.BICUBIC)
        left, top = (int(round((length - crop) / 2.0)) for length in im.size)
        record(name, resize, crop, im.crop((left, top, left + crop, top + crop)), **order)


def boxed(name, crop, box, flip):
    x, y, w, h = box
    for im, order in orders(name):
        im = im.crop((x, y, x + w, y + h)).resize((crop, crop), Image.Resampling.BICUBIC)
        if flip:
            im = im.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        record(name, crop, crop, im, box=list(box), flip=flip, **order)


def both(name, resize=36, crop=32):
    center(name, resize, crop)
    w, h = Image.open(name).size
    boxed(name, 24, (w // 5, h // 7, max(1, w // 2), max(1, h * 2 // 3)), w % 2 == 0)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def raw_png(name, width, height, depth, color, extra=(), interlace=False):
    """Formats that Pillow reads but does not write; rows use all five filters in turn."""
    bands = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    values = picture(width, height, bands).astype(np.uint32)
    values = values * 257 + rng.integers(0, 100, values.shape) if depth == 16 else values >> (8 - depth)
    passes = [(0, 0, 1, 1)]
    if interlace:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x0, y0, dx, dy in passes:
        part = values[y0::dy, x0::dx]
        if part.size:
            raw += filtered(packed(part.clip(0, 2**depth - 1), depth), max(1, bands * depth // 8))
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlace))
    with open(name, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(*e) for e in extra))
        data = zlib.compress(raw)
        f.write(chunk(b"IDAT", data[:100]) + chunk(b"IDAT", data[100:]) + chunk(b"IEND", b""))


def packed(part, depth):
    rows = part.reshape(part.shape[0], -1)
    if depth == 16:
        return rows.astype(">u2").view(np.uint8)
    bits = np.unpackbits(rows.astype(np.uint8)[..., None], axis=2)[..., 8 - depth:]
    return np.packbits(bits.reshape(rows.shape[0], -1), axis=1)


def filtered(rows, distance):
    out, above = b"", np.zeros(rows.shape[1], np.int32)
    for i, row in enumerate(rows.astype(np.int32)):
        left = np.concatenate([np.zeros(distance, np.int32), row[:-distance]])[: len(row)]
        corner = np.concatenate([np.zeros(distance, np.int32), above[:-distance]])[: len(row)]
        p = left + above - corner
        a, b, c = abs(p - left), abs(p - above), abs(p - corner)
        paeth = np.where((a <= b) & (a <= c), left, np.where(b <= c, above, corner))
        kind = (i + 1) % 5
        guess = [0 * row, left, above, (left + above) // 2, paeth][kind]
        out += bytes([kind]) + ((row - guess) & 255).astype(np.uint8).tobytes()
        above = row
    return out


def png():
    for mode, name in [("L", "grey"), ("LA", "grey-alpha"), ("RGB", "rgb"), ("RGBA", "rgba")]:
        image(mode, 57, 41).save(name + ".png")
        both(name + ".png")
    center("rgb.png", 41, 41)
    center("rgb.png", 48, 48)
    center("rgb.png", 64, 64)
    center("rgba.png", 41, 32)
    boxed("rgba.png", 20, (7, 3, 20, 20), False)
    center("rgb.png", 7, 5)
    for bits in (1, 2, 4, 8):
        im = image("RGB", 49, 60).quantize(2**bits)
        im.save(f"palette{bits}.png", bits=bits)
        both(f"palette{bits}.png")
    image("L", 45, 39).convert("1").save("bilevel.png")
    both("bilevel.png")
    raw_png("grey2.png", 37, 29, 2, 0)
    raw_png("grey4-transparent.png", 37, 29, 4, 0, [(b"tRNS", b"\0\3")])
    raw_png("rgb16.png", 31, 38, 16, 2)
    raw_png("grey-alpha16.png", 31, 38, 16, 4)
    raw_png("rgba16-interlaced.png", 29, 23, 16, 6, interlace=True)
    raw_png("rgb-transparent-interlaced.png", 35, 33, 8, 2, [(b"tRNS", b"\0\3\0\4\0\5")], True)
    raw_png("palette2-interlaced.png", 41, 27, 2, 3, [(b"PLTE", bytes(range(10, 22))), (b"tRNS", b"\0\x80")], True)
    for name in ["grey2", "grey4-transparent", "rgb16", "grey-alpha16", "rgba16-interlaced",
                 "rgb-transparent-interlaced", "palette2-interlaced"]:
        both(name + ".png")
    for width, height in [(1, 97), (300, 1), (2, 3), (1, 1), (900, 4)]:
        image("RGB", width, height).save(f"strip{width}x{height}.png")
        center(f"strip{width}x{height}.png", 32, 32)
    center("strip300x1.png", 224, 30)
    # Tall and shrunk: Pillow 13 goes down first, see Resampler.
    image("RGB", 40, 121).save("tall.png")
    center("tall.png", 24, 24)
    center("tall.png", 39, 16)
    boxed("tall.png", 20, (1, 2, 38, 117), True)
    boxed("strip300x1.png", 16, (149, 0, 1, 1), True)


def gif():
    im = image("RGB", 53, 47).quantize(60)
    im.save("palette.gif", interlace=1)
    im.save("plain-transparent.gif", interlace=0, transparency=3)
    image("L", 40, 52).save("grey.gif")
    data = bytearray(open("plain-transparent.gif", "rb").read())
    data[6:10] = struct.pack("<HH", 70, 64)
    frame = data.index(b"\x2c\0\0\0\0")
    data[frame + 1: frame + 5] = struct.pack("<HH", 9, 11)
    open("frame-in-screen.gif", "wb").write(data)
    for name in ["palette", "plain-transparent", "grey", "frame-in-screen"]:
        both(name + ".gif")


def bmp():
    image("RGB", 43, 38).save("rgb.bmp")
    image("RGBA", 43, 38).save("rgba.bmp")
    image("L", 43, 38).save("grey.bmp")
    image("L", 43, 38).convert("1").save("bilevel.bmp")
    image("RGB", 43, 38).quantize(100).save("palette.bmp")
    for name in ["rgb", "rgba", "grey", "bilevel", "palette"]:
        both(name + ".bmp")


def jpeg():
    im = image("RGB", 75, 61)
    for name, subsampling in [("444", 0), ("422", 1), ("420", 2)]:
        im.save(f"ycc{name}.jpg", quality=90, subsampling=subsampling)
    im.save("progressive.jpg", progressive=True, quality=80)
    im.save("restart.jpg", restart_marker_blocks=3)
    im.save("rgb.jpg", keep_rgb=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    # Red and blue change places in this profile: whoever applies it gives another picture.
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red:red + 4], profile[blue:blue + 4] = b"bXYZ", b"rXYZ"
    im.save("exif-profile.jpg", exif=exif, icc_profile=bytes(profile))
    image("L", 60, 71).save("grey.jpg")
    image("CMYK", 66, 50).save("cmyk.jpg", quality=90)
    data = bytearray(open("cmyk.jpg", "rb").read())
    data[data.index(b"Adobe") + 11] = 2
    open("ycck.jpg", "wb").write(data)
    data = open("ycc444.jpg", "rb").read()
    app0 = struct.unpack(">H", data[4:6])[0]
    open("no-jfif.jpg", "wb").write(data[:2] + data[4 + app0:])
    for name in ["ycc444", "ycc422", "ycc420", "progressive", "restart", "rgb", "exif-profile", "grey", "cmyk", "ycck",
                 "no-jfif"]:
        both(name + ".jpg", 48, 48)


def transparent():
    """What may be seen through, and colours of one bit: convert("RGB") must show what lies behind."""
    im = image("RGB", 46, 40).quantize(40)
    im.save("palette-transparent.png", transparency=7)
    im.save("palette-alpha.png", transparency=bytes(range(0, 240, 6)))
    rgba = image("RGBA", 44, 37)
    alpha = np.asarray(rgba).copy()
    alpha[8:30, 10:33, 3] = 0
    Image.fromarray(alpha, "RGBA").save("rgba-hole.png")
    bits = image("L", 41, 33).convert("1")
    two = Image.frombytes("P", bits.size, np.asarray(bits).astype(np.uint8).tobytes())
    two.putpalette([200, 30, 60, 20, 90, 220])
    two.save("two-colours.bmp")
    two.save("two-colours.gif", transparency=1)
    for name in ["palette-transparent.png", "palette-alpha.png", "rgba-hole.png", "two-colours.bmp", "two-colours.gif"]:
        both(name)


for old in os.listdir("."):
    if not old.endswith(".py"):
        os.remove(old)
png()
gif()
bmp()
jpeg()
transparent()
with open("cases.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
with open("views.bin.gz", "wb") as f:
    f.write(gzip.compress(bytes(views), mtime=0))
