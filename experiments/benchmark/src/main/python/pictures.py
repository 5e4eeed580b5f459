"""Photographs to views and features with Pillow and PyTorch."""
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy
import torch
import torch.nn.functional as F
from PIL import Image

from weights import norm, transformer

MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(3, 1, 1)
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(3, 1, 1)


def decode(path):
    with Image.open(path) as image:
        image.load()
        return image


class Pictures:
    def __init__(self, weights):
        self.weights = weights
        self.size = weights.vision_config["image_size"]
        self.patch = weights.vision_config["patch_size"]
        self.encoder = None

    def view(self, image):
        """RGB; shorter side to the model's size, bicubic; then the centre."""
        if image.mode != "RGB":  # convert would copy it
            image = image.convert("RGB")
        width, height = image.size
        size = self.size
        width, height = (size, int(size * height / width)) if width <= height else (int(size * width / height), size)
        left, top = round((width - size) / 2), round((height - size) / 2)
        image = image.resize((width, height), Image.Resampling.BICUBIC)
        return image.crop((left, top, left + size, top + size))

    def resize(self, images):
        total = 0
        for image in images:
            total = zlib.crc32(self.view(image).tobytes(), total)
        return total

    def pixels(self, images):
        """Returns [B, 3, S, S]."""
        views = numpy.stack([numpy.asarray(self.view(image)) for image in images])
        return (torch.from_numpy(views).permute(0, 3, 1, 2).float() / 255 - MEAN) / STD

    def batches(self, images, size):
        return [self.pixels(images[i:i + size]) for i in range(0, len(images), size)]

    @torch.no_grad()
    def encode(self, batches):
        return torch.cat([self.features(pixels) for pixels in batches])

    @torch.no_grad()
    def encode_files(self, files, size):
        """Encodes; the next batch is decoded while one is encoded."""
        parts = [files[i:i + size] for i in range(0, len(files), size)]
        make = lambda part: self.pixels([decode(file) for file in part])
        with ThreadPoolExecutor(1) as ahead:
            return torch.cat([self.features(pixels) for pixels in ahead.map(make, parts)])

    def features(self, pixels):
        if self.encoder is None:
            self.encoder = self._open()
        e = self.encoder
        patches = F.conv2d(pixels, e["patches"], stride=self.patch).flatten(2).transpose(1, 2)
        x = torch.cat([e["class"].expand(len(pixels), 1, -1), patches], dim=1) + e["positions"]
        x = transformer(e["tower"], norm(x, e["pre"], e["tower"].epsilon))
        return F.linear(norm(x[:, 0], e["post"], e["tower"].epsilon), e["projection"])

    def _open(self):
        get = self.weights.get
        pair = lambda name: (get(name + ".weight"), get(name + ".bias"))
        return {"patches": get("vision_model.embeddings.patch_embedding.weight"),
                "class": get("vision_model.embeddings.class_embedding"),
                "positions": get("vision_model.embeddings.position_embedding.weight"),
                "pre": pair("vision_model.pre_layrnorm"), "post": pair("vision_model.post_layernorm"),
                "projection": get("visual_projection.weight"),
                "tower": self.weights.tower("vision_model", self.weights.vision_config)}
