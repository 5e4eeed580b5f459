#!/usr/bin/env python3
"""Repeat a recorded training run from its record alone, and compare.

What it does. A run directory says which images every optimiser step saw (episodes.jsonl) and which tensors training started
from (initial.safetensors). With the CLIP model folder and the data folder that is enough to train again. This program does so
without a line of the project's own code: transformers' CLIP, Pillow's bicubic, PyTorch's SGD, and the written method. Then:
  inputs        SHA-256 of the weights and of the split; class halves; initial tensors; every episode is what the config says
  metrics.jsonl every loss, crossEntropy, klDivergence, learning rate: relative difference <= 1e-3 over the first 100 steps
  learned.safetensors, contexts.safetensors: the largest relative difference of a tensor (its largest error / its largest value);
                over --tensor-limit counts as a disagreement (1e-2 unless given: the specification sets none). On short
                float32 runs of a tiny model 1e-4 holds, and only so small a limit notices a wrong weight decay
  results       base, new, harmonicMean, macroBase, macroNew, perClass, and the zero-shot templates: +- 1 image per split
  not repeated  multimodalBase/New and episodes: their random draws are not in the record; a best-val choice of the epoch
The relative difference of a metric is |replay - record| / max(|record|, 1e-4). The floor is there for klDivergence, which starts
at exactly 0, where a relative difference means nothing; it makes the limit 1e-7 there, the resolution of float32.

Needs Python >= 3.10 and, as tested, torch 2.7.1, transformers 5.23.0, tokenizers 0.23.3, safetensors 0.8.0, pillow 13.0.0.

    python replay.py RUN_DIRECTORY [--root DIR] [--model DIR] [--dataset DIR] [--threads 1] [--float64] [--tensor-limit 1e-2]

--root is the directory that relative model and dataset paths of run.json start from. Exit status: 0 everything agrees,
1 something differs (the first difference is printed last), 2 this run cannot be replayed (why is printed).
"""
import argparse
import hashlib
import json
import math
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import CLIPModel
from transformers.utils import logging

REL_LIMIT, REL_STEPS, REL_FLOOR = 1e-3, 100, 1e-4
differences = []


def check(agrees, what):
    """Records a disagreement; the program goes on, so that one run shows all of them."""
    if not agrees:
        differences.append(what)
        print("  DIFFERS:", what)
    return agrees


def refuse(why):
    print("cannot be replayed:", why)
    sys.exit(2)


def relative(mine, recorded):
    if not (math.isfinite(mine) and math.isfinite(recorded)):
        return math.inf
    return abs(mine - recorded) / max(abs(recorded), REL_FLOOR)


def json_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


# ---------------------------------------------------------------------------------------------------------------- frozen CLIP

class Clip:
    """The two frozen encoders. Image features are computed once per image; text features through a soft prompt or a template."""

    def __init__(self, folder, image_root, dtype, color_order):
        self.color_order = color_order
        self.model = CLIPModel.from_pretrained(folder, dtype=torch.float32).to(dtype).eval().requires_grad_(False)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(self.model.config.text_config.max_position_embeddings)
        self.preprocessing = json.loads((folder / "preprocessor_config.json").read_text())
        self.image_root, self.dtype, self.known = image_root, dtype, {}
        self.scale = self.model.logit_scale.exp()
        self.table = self.model.text_model.embeddings.token_embedding.weight
        self.context = None
        self.model.text_model.embeddings.token_embedding.register_forward_hook(self._insert_context)

    def _insert_context(self, module, arguments, embedded):
        if self.context is None:
            return embedded
        soft = self.context.unsqueeze(0).expand(embedded.shape[0], -1, -1)
        return torch.cat([embedded[:, :1], soft, embedded[:, 1 + len(self.context):]], dim=1)

    def pixels(self, path):
        """Shorter side to `size` (bicubic), centre crop, normalise; RGB first as transformers does, or last, OpenAI's order."""
        p = self.preprocessing
        size = p["size"] if isinstance(p["size"], int) else p["size"]["shortest_edge"]
        crop = p["crop_size"] if isinstance(p["crop_size"], int) else p["crop_size"]["height"]
        with Image.open(self.image_root / path) as image:
            image = image if self.color_order == "resize-first" else image.convert("RGB")
            width, height = image.size
            width, height = (size, int(size * height / width)) if width <= height else (int(size * width / height), size)
            image = image.resize((width, height), Image.Resampling.BICUBIC)
            left, top = round((width - crop) / 2), round((height - crop) / 2)              # Python rounds half to even
            image = image.crop((left, top, left + crop, top + crop)).convert("RGB")
            values = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).view(crop, crop, 3).permute(2, 0, 1)
        mean, std = (torch.tensor(p[k], dtype=torch.float32).view(3, 1, 1) for k in ("image_mean", "image_std"))
        return ((values.float() / 255 - mean) / std).to(self.dtype)

    @torch.no_grad()
    def images(self, paths):
        """Features as CLIP gives them, not normalised [len(paths), d]."""
        missing = [path for path in dict.fromkeys(paths) if path not in self.known]
        for start in range(0, len(missing), 32):
            part = missing[start:start + 32]
            pooled = self.model.vision_model(pixel_values=torch.stack([self.pixels(path) for path in part])).pooler_output
            self.known.update(zip(part, self.model.visual_projection(pooled)))
        return torch.stack([self.known[path] for path in paths])

    def encode(self, rows, context=None):
        """Text features, not normalised; `context`, when given, replaces the embeddings of tokens 1..n of every row."""
        end = torch.tensor([len(row) - 1 for row in rows])
        padded = torch.tensor([row + [row[-1]] * (max(map(len, rows)) - len(row)) for row in rows])  # causal: padding is not seen
        self.context = context
        hidden = self.model.text_model(input_ids=padded).last_hidden_state                  # after the final layer norm
        return self.model.text_projection(hidden[torch.arange(len(rows)), end])

    def prompted(self, names, context):
        rows, limit = [], self.model.config.text_config.max_position_embeddings
        for name in names:
            first, *tokens, last = self.tokenizer.encode(name.replace("_", " ") + ".").ids
            rows.append([first] + [0] * len(context) + tokens[:limit - 2 - len(context)] + [last])
        return self.encode(rows, context)

    @torch.no_grad()
    def template(self, names, template):
        return self.encode([self.tokenizer.encode(template.replace("{}", name.replace("_", " "))).ids for name in names])


# ------------------------------------------------------------------------------------------------------ prototype, loss, step

def prototypes(t, config, text, supports):
    """Section 4. text [N, d], supports [N, K, d], both as CLIP gives them. Returns p [N, d]."""
    w, unit_supports = unit(text), unit(supports)
    if config["prototype"] == "text":
        return w
    if config["prototype"] == "mean":
        return torch.cat([w.unsqueeze(1), unit_supports], dim=1).mean(dim=1)
    linear = lambda name, x: F.linear(x, t[name + ".weight"], t[name + ".bias"])
    norm = lambda name, x: F.layer_norm(x, x.shape[-1:], t[name + ".weight"], t[name + ".bias"], 1e-5)
    asks, keys = (text, supports) if config["crossAttention.input"] == "raw" else (w, unit_supports)
    if config["crossAttention.scope"] == "task":                                             # every class sees all N*K supports
        keys = keys.reshape(1, -1, keys.shape[-1]).expand(len(w), -1, -1)
    if config["crossAttention.norm"]:
        asks, keys = norm("crossAttention.queryNorm", asks), norm("crossAttention.keyNorm", keys)
    heads, (n, d) = config["crossAttention.heads"], w.shape
    split = lambda x: x.reshape(n, -1, heads, d // heads).transpose(1, 2)                    # [N, heads, tokens, d/heads]
    q = split(linear("crossAttention.query", asks.unsqueeze(1)))
    k, v = split(linear("crossAttention.key", keys)), split(linear("crossAttention.value", keys))
    attention = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(d // heads), dim=-1)
    z = w + linear("crossAttention.output", (attention @ v).transpose(1, 2).reshape(n, d))
    hidden = F.gelu(linear("mlp.hidden", norm("mlp.norm", z) if config["mlp.norm"] else z))  # exact (erf) GELU
    moved = linear("mlp.output", hidden)
    return z + moved if config["mlp.residual"] else moved


def task_loss(clip, t, config, task):
    """Section 5 for one recorded task: loss, cross-entropy and KL, scalars that carry gradients."""
    text = clip.prompted(task["classes"], t["prompt.context"])
    supports = torch.stack([clip.images(paths) for paths in task["support"]])
    p = prototypes(t, config, text, supports)
    x = unit(clip.images([path for paths in task["query"] for path in paths]))
    y = torch.tensor([c for c, paths in enumerate(task["query"]) for _ in paths])
    log_mm = F.log_softmax(clip.scale * x @ unit(p).T, dim=1)
    log_text = F.log_softmax(clip.scale * x @ unit(text).T, dim=1)
    cross = F.nll_loss(log_mm, y)
    mm = log_mm.detach() if config["loss.detachMultimodal"] else log_mm
    a, b = (mm, log_text) if config["loss.klDirection"] == "mm-text" else (log_text, mm)
    divergence = a.exp() * (a - b)
    kl = divergence.mean() if config["loss.klReduction"] == "element" else divergence.sum(1).mean()
    return cross + config["loss.klWeight"] * kl, cross, kl


def learning_rate(config, epoch):
    if epoch < config["train.warmupEpochs"]:
        return config["train.warmupLearningRate"]
    if config["train.schedule"] != "cosine":
        refuse(f"train.schedule = {config['train.schedule']}: the specification describes cosine only")
    turn = math.pi * (epoch - config["train.warmupEpochs"]) / config["train.epochs"]
    return 0.5 * config["train.learningRate"] * (1 + math.cos(turn))


def train(clip, config, method, base, tensors, episodes):
    """Repeats every step. Returns the metrics and, by epoch, the tensors after it."""
    t = {name: value.to(clip.dtype).requires_grad_(True) for name, value in tensors.items()}
    sgd = torch.optim.SGD(t.values(), lr=0.0, momentum=config["train.momentum"], weight_decay=config["train.weightDecay"])
    metrics, epochs = [], {-1: {k: v.detach().clone() for k, v in t.items()}}
    for episode in episodes:
        epoch = (episode["step"] - 1) // config["train.iterations"]
        line = {"step": episode["step"], "epoch": epoch, "learningRate": learning_rate(config, epoch)}
        sgd.zero_grad()
        if method == "metaprompt":
            parts = [task_loss(clip, t, config, task) for task in episode["tasks"]]
            loss, cross, kl = (sum(part[i] for part in parts) / len(parts) for i in range(3))
            line |= {"crossEntropy": cross.item(), "klDivergence": kl.item()}
        else:
            x = unit(clip.images(episode["images"]))
            y = torch.tensor([base.index(name) for name in episode["labels"]])
            weights = unit(clip.prompted(base, t["prompt.context"])) if method == "coop" else t["probe.weight"]
            loss = F.cross_entropy(clip.scale * x @ weights.T, y)
        line["loss"] = loss.item()
        loss.backward()
        sgd.param_groups[0]["lr"] = line["learningRate"]
        sgd.step()
        metrics.append(line)
        whole = config["train.select"] == "best-val" or episode is episodes[-1]              # else the prompt alone: memory
        epochs[epoch] = {k: v.detach().clone() for k, v in t.items() if whole or k == "prompt.context"}
    return metrics, epochs


# ---------------------------------------------------------------------------------------------------------------- evaluation

class Tests:
    """The test images of one split (base or new), scored against that split's class names only."""

    def __init__(self, clip, split, names):
        items = [(path, name) for path, _, name in split["test"] if name in set(names)]
        self.names, self.labels = names, torch.tensor([names.index(name) for _, name in items])
        self.x, self.scale = unit(clip.images([path for path, _ in items])), clip.scale

    @torch.no_grad()
    def score(self, weights):
        right = (self.scale * self.x @ weights.T).argmax(1) == self.labels
        per_class = {name: (int(right[self.labels == c].sum()), int((self.labels == c).sum())) for c, name in enumerate(self.names)}
        return {"accuracy": 100.0 * int(right.sum()) / len(right), "of": len(right), "perClass": per_class,
                "macro": sum(100.0 * a / b for a, b in per_class.values()) / len(per_class)}


def compare_results(where, recorded, scores):
    """One group of recorded figures (results, or one zero-shot template) against the replayed scores (base, and new if any)."""
    shown, accuracy = [], {}
    check(("new" in recorded) == (len(scores) > 1), f"{where}: new is " + ("recorded" if "new" in recorded else "missing"))
    for name, mine in zip(("base", "new"), scores):
        per_class, macro = recorded["perClass"], "macro" + name.capitalize()
        accuracy[name], theirs = mine["accuracy"], recorded.get(name, math.inf)
        check(abs(mine["accuracy"] - theirs) <= 100 / mine["of"] + 1e-6,
              f"{where}.{name}: replay {mine['accuracy']:.4f}, record {theirs:.4f}, one image is {100 / mine['of']:.4f}")
        if macro in recorded:
            room = 100 / len(mine["perClass"]) / min(of for _, of in mine["perClass"].values()) + 1e-6
            check(abs(mine["macro"] - recorded[macro]) <= room, f"{where}.{macro}: replay {mine['macro']}, record {recorded[macro]}")
        for label, (right, of) in mine["perClass"].items():
            check(abs(right - per_class.get(label, math.inf) * of / 100) <= 1 + 1e-6,
                  f"{where}.perClass.{label}: replay {right}/{of}, record {per_class.get(label)}")
        shown.append(f"{name} {mine['accuracy']:.3f} ({(mine['accuracy'] - theirs) * mine['of'] / 100:+.0f} images)")
    if len(scores) > 1 and "new" in recorded:
        harmonic = lambda b, n: 2 * b * n / (b + n) if b + n else 0.0
        check(abs(recorded.get("harmonicMean", math.inf) - harmonic(recorded["base"], recorded["new"])) <= 1e-6,
              f"{where}.harmonicMean {recorded.get('harmonicMean')} is not 2bn/(b+n) of its base and new")
        shown.append(f"H {harmonic(accuracy['base'], accuracy['new']):.3f} (recorded {recorded.get('harmonicMean'):.3f})")
    print(f"  {where}: " + ", ".join(shown))


# ---------------------------------------------------------------------------------------------------------------- the record

def check_inputs(run, clip, config, method, split, initial, episodes):
    base, new, shots = run["dataset"]["base"], run["dataset"].get("new", []), run["dataset"].get("shots", {})
    order = [name for _, name in sorted({(label, name) for _, label, name in split["train"]})]
    if config["dataset.classSplit"] == "coop" and not any(key.startswith("dataset.classes") for key in config):
        half = (len(order) + 1) // 2
        check(base == order[:half] and new == order[half:], "dataset.base/new are not the halves of the classes sorted by label")
    for name in base if method != "clip" else []:
        pool = {path for path, _, other in split["train"] if other == name}
        check(set(shots[name]) <= pool and len(set(shots[name])) == len(shots[name]) == min(config["dataset.shots"], len(pool)),
              f"dataset.shots.{name}")
    if "prompt.context" in initial and config["prompt.init"] != "random":
        ids = clip.tokenizer.encode(config["prompt.init"]).ids[1:-1]
        check(len(ids) == config["prompt.length"] and torch.equal(initial["prompt.context"].to(clip.dtype), clip.table[ids]),
              "initial prompt.context is not the token embeddings of prompt.init")
    if method == "metaprompt" and config["prototype"] == "attention" and config["crossAttention.init"] == "zero":
        for name in ["crossAttention.output"] + (["mlp.output"] if config["mlp.residual"] else []):
            check(not initial[name + ".weight"].any() and not initial[name + ".bias"].any(), f"initial {name} is not zero")
    for position, episode in enumerate(episodes, 1):
        good = episode["step"] == position
        if method != "metaprompt":
            good &= len(episode["images"]) == len(episode["labels"]) <= config["train.batch"]
            good &= all(path in shots[name] for path, name in zip(episode["images"], episode["labels"]))
        else:
            good &= len(episode["tasks"]) == config["episode.tasks"]
            for task in episode["tasks"]:
                names = task["classes"]
                good &= len(set(names)) == len(names) == config["way"] and set(names) <= set(base)
                for name, support, query in zip(names, task["support"], task["query"], strict=True):
                    own, lent = set(support) <= set(shots[name]), any(set(support) <= set(shots[n]) for n in names if n != name)
                    good &= lent if config["episode.shuffleSupport"] else own and not set(support) & set(query)
                    good &= len(set(support)) == config["shot"] and set(query) <= set(shots[name])
                    good &= len(set(query)) == len(query) == config["episode.imagesPerClass"] - config["shot"]
        check(good, f"episodes.jsonl line {position} (step {episode['step']}) is not as section 3 and the config say")


def compare_metrics(mine, recorded, config):
    asked = config["train.epochs"] * config["train.iterations"]
    check(len(mine) == len(recorded) == asked, f"steps: config {asked}, episodes.jsonl {len(mine)}, metrics.jsonl {len(recorded)}")
    for a, b in zip(mine, recorded):
        check((a["step"], a["epoch"]) == (b["step"], b["epoch"]), f"metrics.jsonl: step/epoch {b['step']}/{b['epoch']}")
    for key in ("learningRate", "loss", "crossEntropy", "klDivergence"):
        found = [(relative(a[key], b.get(key, math.inf)), a, b) for a, b in zip(mine, recorded) if key in a]
        for label, part in ((f"steps 1-{REL_STEPS}", found[:REL_STEPS]), ("later steps", found[REL_STEPS:])):
            limit = 1e-9 if key == "learningRate" else REL_LIMIT if label != "later steps" else math.inf
            if part:
                value, a, b = next((entry for entry in part if entry[0] > limit), part[0])
                check(value <= limit, f"metrics.jsonl step {a['step']}: {key} replay {a[key]!r}, record {b.get(key)!r}")
                worst, a, b = max(part, key=lambda entry: entry[0])
                print(f"  {key}, {label}: largest relative difference {worst:.2e} at step {a['step']} "
                      f"({a[key]:.9g}, recorded {b.get(key)})")


def compare_tensors(where, mine, recorded, limit):
    check(mine.keys() == recorded.keys(), f"{where}: tensors {sorted(recorded)} instead of {sorted(mine)}")
    worst, shared = (0.0, "none"), sorted(mine.keys() & recorded.keys())
    for name in shared:
        a, b = mine[name].double(), recorded[name].double()
        if check(a.shape == b.shape and b.isfinite().all(), f"{where}: {name} {tuple(b.shape)}, expected finite {tuple(a.shape)}"):
            worst = max(worst, ((a - b).abs().max().item() / max(b.abs().max().item(), REL_FLOOR), name))
    check(worst[0] <= limit, f"{where}: {worst[1]} differs by {worst[0]:.2e} of its largest value")
    print(f"  {where}: {len(shared)} tensors, largest relative difference {worst[0]:.2e} ({worst[1]})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in (("run", None), ("--root", Path(".")), ("--model", None), ("--dataset", None)):
        parser.add_argument(name, type=Path, default=default)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--tensor-limit", type=float, default=1e-2)
    parser.add_argument("--float64", action="store_true", help="compute in double precision: tells rounding from a real difference")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    logging.disable_progress_bar()
    run = json.loads((options.run / "run.json").read_text(encoding="utf-8"))
    config, method, results = run["config"], run["method"], run.get("results", {})
    print(run["id"])
    if run["schema"] != 1 or run["status"] != "finished" or method not in ("metaprompt", "coop", "linear-probe", "clip"):
        refuse(f"schema {run['schema']}, status {run['status']}, method {method}")
    if config["augment"] != "none" and method != "clip":
        refuse(f"augment = {config['augment']}: only augment = none is promised to be repeatable from the record")
    folder, data = options.model or options.root / run["model"]["path"], options.dataset or options.root / run["dataset"]["path"]
    split_file = next(iter(sorted(data.glob("split*.json"))), None) or refuse(f"no split*.json in {data}")
    split = json.loads(split_file.read_text(encoding="utf-8"))
    check(sha256(folder / "model.safetensors") == run["model"]["sha256"], "model.sha256 is not that of model.safetensors")
    check(sha256(split_file) == run["dataset"]["sha256"], f"dataset.sha256 is not that of {split_file.name}")
    images = data / "images" if (data / "images").is_dir() else data
    # Records of versions that knew no other order do not state it.
    order = config.get("image.colorOrder", "resize-first")
    clip = Clip(folder, images, torch.float64 if options.float64 else torch.float32, order)
    base, new = run["dataset"]["base"], run["dataset"].get("new") or []
    initial = load_file(options.run / "initial.safetensors") if method != "clip" else {}
    episodes = json_lines(options.run / "episodes.jsonl") if method != "clip" else []
    check_inputs(run, clip, config, method, split, initial, episodes)
    tests = [Tests(clip, split, names) for names in (base, new) if names]

    if method == "clip":
        weights = lambda names: unit(clip.template(names, config["prompt.template"]))
    else:
        metrics, epochs = train(clip, config, method, base, initial, episodes)
        compare_metrics(metrics, json_lines(options.run / "metrics.jsonl"), config)
        recorded, chosen = load_file(options.run / "learned.safetensors"), max(epochs)
        if config["train.select"] == "best-val":      # the validation images are not in the record: take the epoch it says it took
            chosen = min(epochs, key=lambda e: max((epochs[e][k] - recorded[k]).abs().max().item() for k in recorded))
            print(f"  train.select = best-val: learned.safetensors is epoch {chosen} of {max(epochs)} (the choice is not repeated)")
        compare_tensors("learned.safetensors", epochs[chosen], recorded, options.tensor_limit)
        if "prompt.context" in initial:
            compare_tensors("contexts.safetensors", {f"context/{e}": t["prompt.context"] for e, t in epochs.items() if e >= 0},
                            load_file(options.run / "contexts.safetensors"), options.tensor_limit)
        final = epochs[chosen]
        weights = lambda names: (final["probe.weight"] if method == "linear-probe" else
                                 unit(clip.prompted(names, final["prompt.context"])))

    trained = tests[:1] if method == "linear-probe" else tests
    with torch.no_grad():
        scores = [test.score(weights(test.names)) for test in trained]
    zero_shot = lambda template: [test.score(unit(clip.template(test.names, template))) for test in tests]
    compare_results("results", results, scores)
    for recorded in results["zeroShot"]:
        compare_results(f"zeroShot '{recorded['template']}'", recorded, zero_shot(recorded["template"]))
    if "gap" in results:
        check(abs(results["multimodalBase"] - results["base"] - results["gap"]) <= 1e-6, "results.gap is not multimodalBase - base")
    if differences:
        print(f"{len(differences)} difference(s). The first: {differences[0]}")
        return 1
    print("  everything agrees")
    return 0


if __name__ == "__main__":
    sys.exit(main())
