"""A training with kept features: CoOp's steps on mini-batches, or meta-iterations over episodes."""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from texts import MANNERS

LEARNING_RATE, WARMUP_RATE, WARMUP_EPOCHS = 0.002, 1e-5, 1
KL_WEIGHT = 0.2
CONTEXT = "prompt.context"


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


class Training:
    """All that a step needs, made of the files that both sides begin with."""

    def __init__(self, weights, spec, names, folder, manner):
        folder = Path(folder)
        self.spec, self.scale, count = spec, weights.scale, spec["classes"]
        self.prompts = MANNERS[manner](weights, names[:count], spec["context"])
        self.features = load_file(folder / "features.safetensors")
        self.plan = json.loads((folder / "plan.json").read_text())
        self.tensors = {name: value.requires_grad_(True)
                        for name, value in load_file(folder / "initial.safetensors").items()}
        self.initial = self.tensors[CONTEXT].detach().clone()
        self.sgd = torch.optim.SGD(self.tensors.values(), lr=LEARNING_RATE, momentum=0.9, weight_decay=5e-4)
        self.steps = 0
        if spec["testImages"]:
            others = MANNERS[manner](weights, names[count:2 * count], spec["context"])
            self.tests = [(self.prompts, unit(self.features["base"])), (others, unit(self.features["new"]))]
            self.test_labels = torch.arange(count).repeat_interleave(spec["testImages"])

    def step(self):
        planned = self.plan[self.steps % len(self.plan)]
        self.steps += 1
        self.sgd.zero_grad()
        loss = self.batch_loss(planned) if self.spec["kind"] == "text" else self.episode_loss(planned)
        loss.backward()
        self.sgd.step()
        return loss.item()

    def batch_loss(self, planned):
        images = unit(self.features["bank"][planned["rows"]])
        text = unit(self.prompts.encode(self.tensors[CONTEXT], list(range(self.spec["classes"]))))
        return F.cross_entropy(self.scale * images @ text.T, torch.tensor(planned["labels"]))

    def episode_loss(self, planned):
        way, shot, tasks = self.spec["way"], self.spec["shot"], len(planned["classes"])
        drawn = torch.tensor(planned["classes"])
        unique, place = drawn.unique(return_inverse=True)
        # CoOp's way encodes every class; the drawn ones are picked afterwards.
        text = self.prompts.encode(self.tensors[CONTEXT], unique.tolist())[place]            # [T, N, D]
        rows = self.features["bank"][planned["rows"]].view(tasks, -1, text.shape[-1])
        support = rows[:, :way * shot].view(tasks, way, shot, -1)
        query = self.scale * unit(rows[:, way * shot:])
        log_mm = torch.log_softmax(query @ unit(self.prototypes(text, support)).transpose(1, 2), dim=-1)
        log_text = torch.log_softmax(query @ unit(text).transpose(1, 2), dim=-1)
        labels = torch.arange(way).repeat_interleave(query.shape[1] // way).repeat(tasks)
        cross = F.nll_loss(log_mm.flatten(0, 1), labels)
        divergence = (log_mm.exp() * (log_mm - log_text)).sum(-1).mean()
        return cross + KL_WEIGHT * divergence

    def prototypes(self, text, support):
        linear = lambda name, x: F.linear(x, self.tensors[name + ".weight"], self.tensors[name + ".bias"])
        tasks, way, shot, width = support.shape
        heads = next(h for h in range(8, 0, -1) if width % h == 0)
        split = lambda x, rows: x.reshape(tasks * way, rows, heads, width // heads).transpose(1, 2)
        asks, keys = unit(text), unit(support)
        mixed = F.scaled_dot_product_attention(
            split(linear("crossAttention.query", asks), 1), split(linear("crossAttention.key", keys), shot),
            split(linear("crossAttention.value", keys), shot))
        z = asks + linear("crossAttention.output", mixed.transpose(1, 2).reshape(tasks, way, width))
        return z + linear("mlp.output", F.gelu(linear("mlp.hidden", z)))

    def moved(self):
        return (self.tensors[CONTEXT].detach() - self.initial).norm().item()

    @torch.no_grad()
    def accuracies(self):
        found = []
        for prompts, images in self.tests:
            text = unit(prompts.encode(self.tensors[CONTEXT], list(range(self.spec["classes"]))))
            found.append((images @ text.T).argmax(1).eq(self.test_labels).float().mean().item())
        return found

    def train(self):
        """Trains to the end, with an evaluation before the first epoch and after each; returns the last epoch's loss."""
        self.accuracies()
        mean = math.nan
        for epoch in range(self.spec["epochs"]):
            turn = math.pi * (epoch - WARMUP_EPOCHS) / self.spec["epochs"]
            rate = WARMUP_RATE if epoch < WARMUP_EPOCHS else 0.5 * LEARNING_RATE * (1 + math.cos(turn))
            self.sgd.param_groups[0]["lr"] = rate
            mean = sum(self.step() for _ in range(self.spec["iterations"])) / self.spec["iterations"]
            self.accuracies()
        return mean
