"""The frozen CLIP of a transformers checkpoint as plain tensors; a tower is read when it is first asked for."""
import json
from pathlib import Path
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from safetensors import safe_open


class Weights:
    def __init__(self, folder):
        self.folder = Path(folder)
        config = json.loads((self.folder / "config.json").read_text())
        self.text_config = config["text_config"]
        self.vision_config = config["vision_config"]
        self.width = config["projection_dim"]
        self.towers = {}
        self.file = safe_open(str(self.folder / "model.safetensors"), framework="pt")
        self.scale = self.get("logit_scale").exp()

    def get(self, name):
        return self.file.get_tensor(name)

    def tower(self, prefix, config):
        """Returns the layers of text_model or vision_model; query, key and value are one matrix."""
        if prefix not in self.towers:
            layers = [self._layer(f"{prefix}.encoder.layers.{i}.") for i in range(config["num_hidden_layers"])]
            self.towers[prefix] = SimpleNamespace(
                layers=layers, heads=config["num_attention_heads"],
                epsilon=config.get("layer_norm_eps", 1e-5), activation=config.get("hidden_act", "quick_gelu"))
        return self.towers[prefix]

    def _layer(self, path):
        pair = lambda name: (self.get(path + name + ".weight"), self.get(path + name + ".bias"))
        parts = [pair(f"self_attn.{p}_proj") for p in "qkv"]
        qkv = tuple(torch.cat([part[i] for part in parts]) for i in range(2))
        return SimpleNamespace(norm1=pair("layer_norm1"), qkv=qkv, out=pair("self_attn.out_proj"),
                               norm2=pair("layer_norm2"), hidden=pair("mlp.fc1"), back=pair("mlp.fc2"))


def norm(x, weights, epsilon):
    return F.layer_norm(x, x.shape[-1:], *weights, epsilon)


def mlp(tower, layer, x):
    hidden = F.linear(x, *layer.hidden)
    active = hidden * torch.sigmoid(1.702 * hidden) if tower.activation == "quick_gelu" else F.gelu(hidden)
    return F.linear(active, *layer.back)


def transformer(tower, x):
    """Runs all layers on [B, L, W]."""
    batch, length, width = x.shape
    for layer in tower.layers:
        qkv = F.linear(norm(x, layer.norm1, tower.epsilon), *layer.qkv)
        q, k, v = qkv.view(batch, length, 3, tower.heads, width // tower.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v)
        x = x + F.linear(mixed.transpose(1, 2).reshape(batch, length, width), *layer.out)
        x = x + mlp(tower, layer, norm(x, layer.norm2, tower.epsilon))
    return x
