"""Writes src/test/resources/golden/checkpoints: one tiny CLIP in every format that is read, with its features.

Libraries: torch 2.7.1, transformers 5.23.0, safetensors 0.8.0, Python 3.11; open_clip 3.3.0 checks its own names where
it can be imported. Seed: 20261123. Features are computed in float64 by transformers and stored as float32.
Command, in this folder:
    python make_checkpoints.py

The weights are few multiples of 1/16, most of them zero: float16 and bfloat16 hold them exactly, so that one golden
feature serves all precisions, and the archive of all formats stays small. Widths are 64, so that OpenAI's rule
"one attention head for 64 channels" gives the sizes where no configuration does.
"""

import json
import math
import tempfile
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from transformers import CLIPConfig, CLIPModel

SEED = 20261123
OUT = Path(__file__).resolve().parents[1] / "resources" / "golden" / "checkpoints"
WIDTH, LAYERS, HIDDEN, DIM, CONTEXT, VOCABULARY, IMAGE, PATCH = 64, 2, 32, 16, 16, 42, 16, 8
LAYER = {
    "layer_norm1": "ln_1", "self_attn.out_proj": "attn.out_proj", "layer_norm2": "ln_2", "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}  # fmt: skip
SINGLE = {
    "logit_scale": "logit_scale",
    "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "text_model.final_layer_norm.weight": "ln_final.weight",
    "text_model.final_layer_norm.bias": "ln_final.bias",
    "vision_model.embeddings.class_embedding": "visual.class_embedding",
    "vision_model.embeddings.patch_embedding.weight": "visual.conv1.weight",
    "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
    "vision_model.pre_layrnorm.weight": "visual.ln_pre.weight",
    "vision_model.pre_layrnorm.bias": "visual.ln_pre.bias",
    "vision_model.post_layernorm.weight": "visual.ln_post.weight",
    "vision_model.post_layernorm.bias": "visual.ln_post.bias",
}


# ---------------------------------------------------------------------------------------------- the model, OpenAI's way


class Block(nn.Module):
    def __init__(self, width, hidden, heads, act):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads)
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            OrderedDict(c_fc=nn.Linear(width, hidden), gelu=act, c_proj=nn.Linear(hidden, width))
        )

    def forward(self, x, mask):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        return x + self.mlp(self.ln_2(x))


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class Transformer(nn.Module):
    def __init__(self, width, layers, hidden, act):
        super().__init__()
        self.resblocks = nn.ModuleList(Block(width, hidden, width // 64, act()) for _ in range(layers))

    def forward(self, x, mask=None):  # [batch, length, width]
        x = x.transpose(0, 1)
        for block in self.resblocks:
            x = block(x, mask)
        return x.transpose(0, 1)


class Visual(nn.Module):
    def __init__(self, width, layers, hidden, dim, image, patch, act):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.zeros(width))
        self.positional_embedding = nn.Parameter(torch.zeros((image // patch) ** 2 + 1, width))
        self.ln_pre, self.ln_post = nn.LayerNorm(width), nn.LayerNorm(width)
        self.transformer = Transformer(width, layers, hidden, act)
        self.proj = nn.Parameter(torch.zeros(width, dim))

    def forward(self, x):
        x = self.conv1(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding + torch.zeros_like(x[:, :1]), x], 1) + self.positional_embedding
        x = self.transformer(self.ln_pre(x))
        return self.ln_post(x[:, 0]) @ self.proj


class OpenAiClip(nn.Module):
    """CLIP with the parameter names of OpenAI's published code."""

    def __init__(self, text, vision, dim, vocabulary, context, image, patch, act=QuickGelu):
        super().__init__()
        self.visual = Visual(*vision, dim, image, patch, act)
        self.transformer = Transformer(*text, act)
        self.token_embedding = nn.Embedding(vocabulary, text[0])
        self.positional_embedding = nn.Parameter(torch.zeros(context, text[0]))
        self.ln_final = nn.LayerNorm(text[0])
        self.text_projection = nn.Parameter(torch.zeros(text[0], dim))
        self.logit_scale = nn.Parameter(torch.zeros([]))
        for name, value in (("input_resolution", image), ("context_length", context), ("vocab_size", vocabulary)):
            self.register_buffer(name, torch.tensor(value))

    def encode_text(self, ids):
        x = self.token_embedding(ids) + self.positional_embedding[: ids.shape[1]]
        mask = torch.full((ids.shape[1], ids.shape[1]), -math.inf, dtype=x.dtype).triu(1)
        x = self.ln_final(self.transformer(x, mask))
        return x[torch.arange(ids.shape[0]), ids.argmax(-1)] @ self.text_projection

    def forward(self, pixels, ids):
        return self.visual(pixels), self.encode_text(ids)


def openai_names(state):
    """transformers' tensors under OpenAI's names."""
    result = OrderedDict((new, state[old]) for old, new in SINGLE.items())
    result["text_projection"] = state["text_projection.weight"].T
    result["visual.proj"] = state["visual_projection.weight"].T
    for old, new in (("text_model", ""), ("vision_model", "visual.")):
        layer = 0
        while f"{old}.encoder.layers.{layer}.layer_norm1.weight" in state:
            source, target = f"{old}.encoder.layers.{layer}.", f"{new}transformer.resblocks.{layer}."
            for kind in ("weight", "bias"):
                for a, b in LAYER.items():
                    result[f"{target}{b}.{kind}"] = state[f"{source}{a}.{kind}"]
                result[f"{target}attn.in_proj_{kind}"] = torch.cat(
                    [state[f"{source}self_attn.{p}_proj.{kind}"] for p in "qkv"]
                )
            layer += 1
    return OrderedDict((name, tensor.contiguous()) for name, tensor in result.items())


def openai_precision(name, tensor):
    """Half precision for matrices, float32 for norms and embeddings, as OpenAI publishes them."""
    whole = "ln_" in name or "embedding" in name or name == "logit_scale" or not tensor.is_floating_point()
    return tensor if whole else tensor.half()


# ---------------------------------------------------------------------------------------------- the tiny model


def tiny(act):
    tower = {"hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": WIDTH // 64, "hidden_act": act}
    tower["intermediate_size"] = HIDDEN
    config = CLIPConfig(
        text_config=tower | {"vocab_size": VOCABULARY, "max_position_embeddings": CONTEXT, "eos_token_id": 41,
                             "bos_token_id": 40, "pad_token_id": 0},
        vision_config=tower | {"image_size": IMAGE, "patch_size": PATCH},
        projection_dim=DIM,
    )  # fmt: skip
    return CLIPModel(config).eval()


def fill(model):
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            chosen = torch.rand(p.shape, generator=generator) < (0.1 if p.dim() > 1 else 0.5)
            p.copy_(chosen * (torch.randint(0, 8, p.shape, generator=generator) - 4) / (4 if p.dim() > 1 else 16))
            if "norm" in name and name.endswith("weight"):
                p.add_(1)
        model.logit_scale.fill_(2.625)


def features(model, pixels, ids):
    model = model.double()
    with torch.no_grad():
        image = model.get_image_features(pixel_values=pixels.double())
        text = [model.get_text_features(input_ids=row[None]) for row in ids]
    tensor = lambda x: x if isinstance(x, torch.Tensor) else x.pooler_output
    return tensor(image), torch.cat([tensor(t) for t in text])


def awkward(state):
    """A state dict as training programs leave it: wrapped, prefixed, of many precisions, with views and transposes."""
    result, flat = OrderedDict(), torch.cat([t.flatten() for n, t in sorted(state.items()) if "ln_" in n])
    start = 0
    for name, tensor in sorted(state.items()):
        if "ln_" in name:  # views of one storage
            tensor, start = flat[start : start + tensor.numel()].view(tensor.shape), start + tensor.numel()
        elif name.endswith("c_fc.weight"):
            tensor = tensor.T.contiguous().T
        elif name.endswith("in_proj_weight"):
            tensor = tensor.bfloat16()
        elif name.endswith("conv1.weight"):
            tensor = tensor.double().to(memory_format=torch.channels_last)
        elif name.endswith("out_proj.weight"):
            tensor = torch.stack([tensor, tensor + 1], 2)[:, :, 0].bfloat16()
        elif name == "text_projection":
            tensor = nn.Parameter(tensor.half())
        result["module." + name] = tensor
    result["module.logit_scale"] = result["module.logit_scale"].reshape(1)
    result["module.attn_mask"] = torch.zeros(CONTEXT, CONTEXT)
    optimizer = {"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.98)}]}
    return {"epoch": 7, "name": "tiny ✓", "optimizer": optimizer, "state_dict": result, "done": {1, 2}, "none": None}


def open_clip_config(quick):
    return {
        "model_cfg": {
            "embed_dim": DIM, "quick_gelu": quick,
            "vision_cfg": {"image_size": IMAGE, "layers": LAYERS, "width": WIDTH, "patch_size": PATCH,
                           "mlp_ratio": HIDDEN / WIDTH},
            "text_cfg": {"context_length": CONTEXT, "vocab_size": VOCABULARY, "width": WIDTH, "heads": WIDTH // 64,
                         "layers": LAYERS, "mlp_ratio": HIDDEN / WIDTH},
        },
        "preprocess_cfg": {"mean": [0.5, 0.25, 0.125], "std": [0.25, 0.5, 0.5], "interpolation": "bicubic",
                           "resize_mode": "shortest"},
    }  # fmt: skip


def save_open_clip(folder, names, quick, expected, pixels, ids):
    folder.mkdir()
    config = open_clip_config(quick)
    (folder / "open_clip_config.json").write_text(json.dumps(config, indent=1))
    try:
        import open_clip
    except ImportError:
        print("open_clip is not installed: its own features are not compared")
        return
    model_config = config["model_cfg"]
    kind = open_clip.model.CustomTextCLIP if "text.ln_final.weight" in names else open_clip.model.CLIP
    model = kind(**model_config).eval()
    missing = model.load_state_dict(names, strict=False)
    assert not missing.unexpected_keys and set(missing.missing_keys) <= {"attn_mask", "text.attn_mask"}, missing
    model = model.double()
    padded = torch.stack([torch.cat([row, torch.zeros(CONTEXT - len(row), dtype=row.dtype)]) for row in ids])
    with torch.no_grad():
        check(model.encode_image(pixels.double()), model.encode_text(padded), expected)


def check(image, text, expected):
    worst = max((image - expected[0]).abs().max().item(), (text - expected[1]).abs().max().item())
    assert worst < 1e-9, worst


def write(folder, model, pixels, ids, quick, exact):
    state = {name: tensor.clone() for name, tensor in model.float().state_dict().items() if "position_ids" not in name}
    model.save_pretrained(folder / "transformers")
    model.save_pretrained(folder / "sharded", max_shard_size="100KB")
    (folder / "bin").mkdir()
    (folder / "bin" / "config.json").write_bytes((folder / "transformers" / "config.json").read_bytes())
    torch.save(state, folder / "bin" / "pytorch_model.bin")
    names = openai_names(state)
    tower = (WIDTH, LAYERS, HIDDEN)
    openai = OpenAiClip(tower, tower, DIM, VOCABULARY, CONTEXT, IMAGE, PATCH).eval()
    openai.load_state_dict(names, strict=False)
    openai = openai.double()
    with torch.no_grad():
        check(openai.visual(pixels.double()), torch.cat([openai.encode_text(row[None]) for row in ids]), quick)
    torch.save(OrderedDict((n, openai_precision(n, t)) for n, t in names.items()), folder / "openai-fp16.pt")
    torch.save(awkward(names), folder / "awkward.pth", pickle_protocol=4)
    script = torch.jit.trace(openai.float(), (pixels, ids[0][None]), check_trace=False)
    for name, p in script.named_parameters():
        p.data = openai_precision(name, p.data)
    script.save(str(folder / "script.pt"))
    save_open_clip(folder / "open_clip", names, True, quick, pixels, ids)
    save_file(names, folder / "open_clip" / "open_clip_model.safetensors")
    text = ("token_embedding", "positional_embedding", "transformer", "ln_final", "text_projection")
    custom = OrderedDict(("text." + n if n.startswith(text) else n, t) for n, t in names.items())
    save_open_clip(folder / "open_clip_exact", custom, False, exact, pixels, ids)
    torch.save(custom, folder / "open_clip_exact" / "open_clip_pytorch_model.bin")


def pack(folder, file):
    """All files in one archive, the same bytes every time."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix())
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes(), compresslevel=9)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(SEED)
    pixels = torch.randn(3, 3, IMAGE, IMAGE, generator=generator)
    ids = [torch.tensor([40] + torch.randint(0, 40, (n,), generator=generator).tolist() + [41]) for n in (1, 6, 14)]
    results = []
    for act in ("quick_gelu", "gelu"):
        model = tiny(act)
        fill(model)
        results.append(features(model, pixels, ids))
    model = tiny("quick_gelu")
    fill(model)
    with tempfile.TemporaryDirectory() as place:
        write(Path(place), model, pixels, ids, *results)
        pack(Path(place), OUT / "checkpoints.zip")
    vectors = {"pixels": pixels}
    for name, (image, text) in zip(("quick", "exact"), results):
        vectors |= {f"image.{name}": image.float(), f"text.{name}": text.float()}
    save_file(vectors, OUT / "vectors.safetensors")
    (OUT / "vectors.json").write_text(json.dumps({"ids": [row.tolist() for row in ids]}) + "\n")


if __name__ == "__main__":
    main()
