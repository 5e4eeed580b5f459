"""Writes a random CLIP of ViT-B/16's size in every format that is read, and the features that PyTorch computes of it.

Needs torch, transformers, safetensors, tokenizers and Pillow (tried: 2.7.1, 5.23.0, 0.8.0, 0.23.3, 13.0); where open_clip can be
imported (tried: 3.3.0), its own features of its own folder are written too. Takes about 2.7 GB of disk.
Command:
    python checkpoints.py <empty folder> <folder of photos; random pictures are made where it does not exist>

Written: images/ and texts.txt; the checkpoints; tokenizer.json beside each; features.safetensors ("image", "text"),
features-half.safetensors of the weights rounded as OpenAI publishes them, features-open_clip.safetensors.
"""

import argparse
import gzip
import json
import math
import random
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import CLIPConfig, CLIPModel

CORE = Path(__file__).resolve().parents[4] / "metaprompt-core" / "src" / "test"
sys.path.insert(0, str(CORE / "python"))
from make_checkpoints import OpenAiClip, openai_names, openai_precision  # noqa: E402

SEED, PHOTOS, PROMPTS, SIZE, CONTEXT = 20261123, 32, 100, 224, 77
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
TEXT, VISION, DIM, VOCABULARY, PATCH = (512, 12, 2048), (768, 12, 3072), 512, 49408, 16


def model_of(generator):
    def tower(width, layers, hidden):
        return {"hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": width // 64,
                "intermediate_size": hidden, "hidden_act": "quick_gelu"}  # fmt: skip

    config = CLIPConfig(
        text_config=tower(*TEXT) | {"vocab_size": VOCABULARY, "max_position_embeddings": CONTEXT, "pad_token_id": 1,
                                    "bos_token_id": 49406, "eos_token_id": 49407},
        vision_config=tower(*VISION) | {"image_size": SIZE, "patch_size": PATCH},
        projection_dim=DIM,
    )  # fmt: skip
    with torch.device("meta"):
        model = CLIPModel(config)
    model = model.to_empty(device="cpu").eval()
    for module in model.modules():  # what an empty model lacks besides its weights
        if hasattr(module, "position_ids"):
            module.position_ids.copy_(torch.arange(module.position_ids.shape[-1])[None])
    with torch.no_grad():  # weights under which every part of the model moves the result
        for name, p in model.named_parameters():
            p.normal_(generator=generator)
            if name == "logit_scale":
                p.fill_(math.log(20.0))
            elif "norm" in name or "layrnorm" in name:
                p.mul_(0.2).add_(1.0 if name.endswith("weight") else 0.0)
            else:
                p.mul_(0.5 if "embedding" in name else 0.1 if p.dim() < 2 else 1 / math.sqrt(p[0].numel()))
    return model


def photos(folder, source):
    folder.mkdir()
    found = sorted(p for p in source.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    for i in range(PHOTOS):
        if len(found) >= PHOTOS:
            photo = found[i * len(found) // PHOTOS]
            shutil.copyfile(photo, folder / f"{i:02}{photo.suffix}")
        else:
            draw = np.random.default_rng(SEED + i)
            small = Image.fromarray(draw.integers(0, 256, (9, 11, 3), dtype=np.uint8))
            small.resize((240 + 13 * i, 420 - 7 * i), Image.BICUBIC).save(folder / f"{i:02}.png")
    return sorted(folder.iterdir())


def prompts():
    draw = random.Random(SEED)
    adjectives = "banded bumpy cobwebbed crystalline dotted fibrous frilly grooved honeycombed interlaced lacelike".split()
    nouns = "cloth stone water leopard's fur paper wall leaf sand glass wood metal 2nd-hand carpet".split()
    forms = ["a photo of a {} {}.", "{} {}", "a close-up of {} {}, in 1998!", "itap of the {} {}", "Ein {}es {} — naïve"]
    return [draw.choice(forms).format(draw.choice(adjectives), draw.choice(nouns)) + " x" * (i % 7) for i in range(PROMPTS)]


def pixels(file):
    """The usual preparation: RGB, shorter side by Pillow's bicubic, centre, mean and deviation."""
    image = Image.open(file).convert("RGB")
    width, height = image.size
    short = min(width, height)
    image = image.resize((int(SIZE * width / short), int(SIZE * height / short)), Image.BICUBIC)
    left, top = round((image.width - SIZE) / 2), round((image.height - SIZE) / 2)  # as torchvision: halves to even
    values = np.asarray(image.crop((left, top, left + SIZE, top + SIZE)), dtype=np.float32) / 255
    return torch.from_numpy((values - np.float32(MEAN)) / np.float32(STD)).permute(2, 0, 1)


@torch.no_grad()
def write_features(file, image, text, images, texts):
    image = torch.cat([tensor(image(batch)) for batch in images.split(8)])
    text = torch.cat([tensor(text(batch)) for batch in texts])
    save_file({"image": image.contiguous().float(), "text": text.contiguous().float()}, file)


def tensor(value):
    return value if isinstance(value, torch.Tensor) else value.pooler_output


def transformers_features(file, model, images, ids):
    write_features(file, lambda x: model.get_image_features(pixel_values=x),
                   lambda row: model.get_text_features(input_ids=row), images, [row[None] for row in ids])  # fmt: skip


def open_clip_features(file, config, names, images, ids):
    try:
        import open_clip
    except ImportError:
        print("open_clip is not installed: its features are not written")
        return
    model = open_clip.model.CLIP(**config["model_cfg"]).eval()
    missing = model.load_state_dict(names, strict=False)
    assert not missing.unexpected_keys and set(missing.missing_keys) <= {"attn_mask"}, missing
    padded = torch.stack([torch.nn.functional.pad(row, (0, CONTEXT - len(row))) for row in ids])
    write_features(file, model.encode_image, model.encode_text, images, padded.split(25))


def open_clip_config():
    text = {"context_length": CONTEXT, "vocab_size": VOCABULARY, "width": TEXT[0], "heads": TEXT[0] // 64, "layers": TEXT[1]}
    vision = {"image_size": SIZE, "layers": VISION[1], "width": VISION[0], "patch_size": PATCH}
    return {
        "model_cfg": {"embed_dim": DIM, "quick_gelu": True, "vision_cfg": vision, "text_cfg": text},
        "preprocess_cfg": {"mean": MEAN, "std": STD, "interpolation": "bicubic", "resize_mode": "shortest"},
    }


def script_of(names, ids):
    """A TorchScript archive with half-precision matrices, as OpenAI publishes ViT-B-16.pt."""
    with torch.device("meta"):
        model = OpenAiClip(TEXT, VISION, DIM, VOCABULARY, CONTEXT, SIZE, PATCH)
    buffers = {n: torch.tensor(v) for n, v in
               (("input_resolution", SIZE), ("context_length", CONTEXT), ("vocab_size", VOCABULARY))}  # fmt: skip
    model.load_state_dict(names | buffers, assign=True)
    script = torch.jit.trace(model.eval(), (torch.zeros(1, 3, SIZE, SIZE), ids[None]), check_trace=False)
    for name, p in script.named_parameters():
        p.data = openai_precision(name, p.data)
    return script


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("photos", type=Path)
    options = parser.parse_args()
    out = options.out
    tokenizer_json = gzip.decompress((CORE / "resources" / "golden" / "tokens" / "tokenizer.json.gz").read_bytes())
    (out / "tokenizer.json").write_bytes(tokenizer_json)
    images = torch.stack([pixels(file) for file in photos(out / "images", options.photos)])
    texts = prompts()
    (out / "texts.txt").write_text("\n".join(texts) + "\n", encoding="utf-8")
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    tokenizer.enable_truncation(CONTEXT)
    ids = [torch.tensor(tokenizer.encode(text).ids) for text in texts]

    model = model_of(torch.Generator().manual_seed(SEED))
    transformers_features(out / "features.safetensors", model, images, ids)
    model.save_pretrained(out / "transformers")
    (out / "bin").mkdir()
    shutil.copyfile(out / "transformers" / "config.json", out / "bin" / "config.json")
    torch.save(model.state_dict(), out / "bin" / "pytorch_model.bin")
    names = openai_names(model.state_dict())
    (out / "open_clip").mkdir()
    save_file(names, out / "open_clip" / "open_clip_model.safetensors")
    (out / "open_clip" / "open_clip_config.json").write_text(json.dumps(open_clip_config()))
    open_clip_features(out / "features-open_clip.safetensors", open_clip_config(), names, images, ids)
    for folder in ("transformers", "bin", "open_clip"):
        (out / folder / "tokenizer.json").write_bytes(tokenizer_json)
    torch.save(names, out / "openai.pt")
    script_of(names, ids[0]).save(str(out / "script.pt"))
    del names
    with torch.no_grad():  # what is left of the weights in the script, widened again
        for name, p in model.named_parameters():
            if not any(part in name for part in ("norm", "position_embedding", "token_embedding", "class_embedding")):
                p.copy_(p.half().float()) if name != "logit_scale" else None
    transformers_features(out / "features-half.safetensors", model, images, ids)


if __name__ == "__main__":
    main()
