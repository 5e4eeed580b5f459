"""Writes the golden values under src/test/resources/golden: what PyTorch and transformers make of small random inputs.

Libraries: torch 2.7.1, transformers 5.23.0, safetensors 0.8.0, tokenizers 0.23.3, numpy 2.4.6, Python 3.11.
Seed: 20260301. Every value is computed in float64 from float32 inputs and stored as float32. CPU, one thread.
Command, in this folder:
    python make_golden.py --data <folder with tokenizer/, tokens-dev.jsonl, tokens-divergent-dev.jsonl>
    python make_golden.py --vitb16 <empty folder>      a random checkpoint of ViT-B/16's size with features (600 MB)
    python make_golden.py --check <file.safetensors>   reads a file of the Java writer with the safetensors library

The method's numbers come from the written specification (equations of the method page), not from the Java sources.
"""

import argparse
import gzip
import json
import math
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import CLIPConfig, CLIPModel

SEED = 20260301
OUT = Path(__file__).resolve().parents[1] / "resources" / "golden"
WORDS = (
    "a photo of an the banded polka - dotted snow leopard fur cobwebbed lace like zigzagged stratified swirly texture"
    " pattern close up view surface cloth stone water red green blue bright dark fine coarse X . , of something very"
).split()
CLASSES = ["banded", "polka-dotted", "snow_leopard fur", "cobwebbed", "lace_like", "zigzagged", "stratified", "swirly"]
INIT = "a photo of a"


# ---------------------------------------------------------------------------------------------- safetensors


def special(bits, dtype):
    return torch.from_numpy(np.array(bits, dtype=np.int64).astype(np.uint16).view(np.int16)).view(dtype)


def half_patterns(exponent_bits, fraction_bits):
    """Both signs of every exponent (zero, subnormal, normal, infinite) with some fractions; no NaN."""
    fractions = sorted({0, 1, 2, 3, (1 << fraction_bits) - 1, 1 << (fraction_bits - 1), 0x2A, 0x55})
    top = (1 << exponent_bits) - 1
    bits = []
    for sign in (0, 1):
        for exponent in range(top + 1):
            for fraction in fractions:
                if exponent < top or fraction == 0:
                    bits.append(sign << 15 | exponent << fraction_bits | fraction)
    return bits


def make_safetensors(folder):
    folder.mkdir(parents=True, exist_ok=True)
    f16, bf16 = special(half_patterns(5, 10), torch.float16), special(half_patterns(8, 7), torch.bfloat16)
    f32 = np.array(
        [0.0, -0.0, 1.0, -1.5, 1e-45, -1e-40, 1.1754944e-38, 3.4028235e38, -3.4028235e38, np.inf, -np.inf, 0.1],
        dtype=np.float32,
    )
    tensors = {
        "single/f32": torch.from_numpy(f32).reshape(3, 4),
        "half/f16": f16,
        "half/bf16": bf16,
        "scalar": torch.tensor(2.6592),
        "empty": torch.zeros(0, 5),
        "empty.f16": torch.zeros(3, 0, 2, dtype=torch.float16),
        "größe": torch.tensor([[7.25]], dtype=torch.float16),
        "whole": torch.arange(4, dtype=torch.int64),
    }
    save_file(tensors, folder / "types.safetensors", metadata={"note": 'quoted " and ünïcode'})
    index, data = [], b""
    for name, tensor in tensors.items():
        if tensor.is_floating_point():
            values = tensor.to(torch.float32).numpy().astype("<f4").tobytes()
            index.append({"name": name, "shape": list(tensor.shape), "offset": len(data), "length": len(values)})
            data += values
    (folder / "types.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n")
    (folder / "types.bin").write_bytes(data)
    written = {
        "b.weight": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 7,
        "a": torch.tensor([float("inf"), -0.0, 1e-45]),
        "scalar": torch.tensor(-2.5),
        "void": torch.zeros(0, 3),
    }
    save_file(written, folder / "written.safetensors", metadata={"kind": "golden"})


def check(file):
    with safe_open(file, framework="pt") as f:
        print(f.metadata())
        for name in f.keys():
            tensor = f.get_tensor(name)
            print(name, tensor.dtype, list(tensor.shape), tensor.flatten()[:6].tolist())


# ---------------------------------------------------------------------------------------------- tokenizers


def make_tokens(folder, data):
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer_json = data / "tokenizer" / "tokenizer.json"
    with open(folder / "tokenizer.json.gz", "wb") as out:
        with gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=9, mtime=0) as packed:
            packed.write(tokenizer_json.read_bytes())
    fast = Tokenizer.from_file(str(tokenizer_json))
    fast.enable_truncation(77)
    lines = [json.loads(line) for line in (data / "tokens-dev.jsonl").read_text().splitlines()]
    draw = random.Random(SEED)
    cut = [line for line in lines if len(line["ids"]) == 77]
    awkward = [line for line in lines if len(line["ids"]) < 77 and not line["text"].isascii()]
    plain = [line for line in lines if len(line["ids"]) < 77 and line["text"].isascii()]
    chosen = draw.sample(cut, min(12, len(cut))) + draw.sample(awkward, min(64, len(awkward)))
    chosen += draw.sample(plain, 120 - len(chosen))
    divergent = [json.loads(line) for line in (data / "tokens-divergent-dev.jsonl").read_text().splitlines()]
    chosen += [{"text": d["text"], "ids": d["ids_fast"]} for d in draw.sample(divergent, 16)]
    for line in chosen:
        assert fast.encode(line["text"]).ids == line["ids"], line
    text = "".join(json.dumps({"text": c["text"], "ids": c["ids"]}) + "\n" for c in chosen)
    (folder / "tokens.jsonl").write_text(text)


def word_tokenizer(bos, eot):
    """One word, one id; every id that is not a word's is the begin or the end token's."""
    words = list(dict.fromkeys(["<unk>"] + WORDS))
    size = len(words) + 2
    ids = iter([i for i in range(size) if i not in (bos % size, eot % size)])
    vocabulary = {word: next(ids) for word in words} | {"<bos>": bos % size, "<eot>": eot % size}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(["<bos>", "<eot>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos> $A <eot>", special_tokens=[("<bos>", bos % size), ("<eot>", eot % size)]
    )
    return tokenizer, size


# ---------------------------------------------------------------------------------------------- CLIP


def lively(model, generator):
    """Replaces the initial weights by ones under which every part of the model moves the result."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            if name == "logit_scale":
                p.fill_(math.log(20.0))
            elif "embedding" in name:
                p.copy_(0.5 * noise)
            elif p.dim() >= 2:
                p.copy_(noise / math.sqrt(p[0].numel()))
            elif "norm" in name or "layrnorm" in name:
                p.copy_(0.2 * noise + (1.0 if name.endswith("weight") else 0.0))
            else:
                p.copy_(0.1 * noise)


def config_of(spec, vocab, bos, eot):
    text = dict(
        vocab_size=vocab,
        max_position_embeddings=spec["context"],
        hidden_size=spec["text"][0],
        num_hidden_layers=spec["text"][1],
        num_attention_heads=spec["text"][2],
        intermediate_size=spec["text"][3],
        hidden_act=spec["act"],
        layer_norm_eps=spec["eps"],
        bos_token_id=bos,
        eos_token_id=eot,
        pad_token_id=1,
    )
    vision = dict(
        image_size=spec["image"],
        patch_size=spec["patch"],
        hidden_size=spec["vision"][0],
        num_hidden_layers=spec["vision"][1],
        num_attention_heads=spec["vision"][2],
        intermediate_size=spec["vision"][3],
        hidden_act=spec["act"],
        layer_norm_eps=spec["eps"],
    )
    return CLIPConfig(
        text_config=text,
        vision_config=vision,
        projection_dim=spec["dim"],
        attn_implementation="eager",
    )


SPECS = {
    "clip-quick": dict(
        text=(24, 2, 4, 96), vision=(32, 2, 4, 128), dim=16, image=32, patch=8, context=24, act="quick_gelu",
        eps=1e-5, bos=-2, eot=-1, legacy=False, dtype=torch.float32,
    ),
    "clip-exact": dict(
        text=(30, 3, 5, 72), vision=(24, 3, 2, 80), dim=20, image=36, patch=12, context=16, act="gelu",
        eps=1e-4, bos=3, eot=7, legacy=False, dtype=torch.float16,
    ),
    "clip-legacy": dict(
        text=(16, 1, 2, 32), vision=(16, 1, 1, 32), dim=12, image=16, patch=4, context=12, act="quick_gelu",
        eps=1e-5, bos=-2, eot=-1, legacy=True, dtype=torch.bfloat16,
    ),
}  # fmt: skip


def save_model(folder, spec, generator, words=True):
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer, size = word_tokenizer(spec["bos"], spec["eot"])
    vocab = size if words else 49408
    bos, eot = spec["bos"] % size, spec["eot"] % size
    config = config_of(spec, vocab, bos, 2 if spec["legacy"] else eot)
    model = CLIPModel(config)
    lively(model, generator)
    model = model.to(spec["dtype"]).eval()
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    preprocess = {"crop_size": spec["image"], "resample": 3, "size": {"shortest_edge": spec["image"]}}
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocess, indent=1) + "\n")
    model = model.double()
    for p in model.parameters():
        p.requires_grad_(False)
    return model, tokenizer, size, eot


def tensor_of(output):
    return output if torch.is_tensor(output) else output.pooler_output


def text_features(model, embeddings, end):
    """The text tower on token embeddings [L, W] of one text: transformers' own modules, pooled at position end."""
    tower = model.text_model
    length = embeddings.shape[0]
    x = (embeddings + tower.embeddings.position_embedding.weight[:length]).unsqueeze(0)
    mask = torch.full((length, length), float("-inf"), dtype=x.dtype).triu(1)[None, None]
    for layer in tower.encoder.layers:
        out = layer(x, attention_mask=mask)
        x = out[0] if isinstance(out, tuple) else out
    return model.text_projection(tower.final_layer_norm(x)[0, end])


def id_rows(generator, size, eot, context, legacy, count):
    rows = []
    for i in range(count):
        length = context if i == 0 else int(torch.randint(3, context + 1, (1,), generator=generator))
        row = torch.randint(0, size, (length,), generator=generator)
        row[row == eot] = 0
        if legacy:
            row[row == size - 1] = 0
        row[-1] = eot
        if i == 1 and length > 4:
            row[2] = eot
        rows.append(row)
    return rows


def make_clip(folder, spec, generator):
    model, tokenizer, size, eot = save_model(folder, spec, generator)
    rows = id_rows(generator, size, eot, spec["context"], spec["legacy"], 6)
    pixels = torch.randn(3, 3, spec["image"], spec["image"], generator=generator)
    out = {"pixels": pixels, "image": tensor_of(model.get_image_features(pixel_values=pixels.double()))}
    text = [tensor_of(model.get_text_features(input_ids=row[None]))[0] for row in rows]
    out["text"] = torch.stack(text)
    mine = []
    for row in rows:
        mine.append(text_features(model, model.text_model.embeddings.token_embedding(row), row.tolist().index(eot)))
    assert (torch.stack(mine) - out["text"]).abs().max() < 1e-12
    # a scalar of the unit text features, differentiated with respect to shared context vectors
    n = 3
    context = (0.5 * torch.randn(n, spec["text"][0], generator=generator)).double().requires_grad_(True)
    weights = torch.randn(len(rows), spec["dim"], generator=generator)
    long_rows = [torch.cat([row[:1], torch.zeros(n, dtype=row.dtype), row[1:]]) for row in rows]
    long_rows = [row if len(row) <= spec["context"] else torch.cat([row[: spec["context"] - 1], row[-1:]])
                 for row in long_rows]  # fmt: skip
    scalar = 0
    for row, weight in zip(long_rows, weights):
        embeddings = model.text_model.embeddings.token_embedding(row)
        embeddings = torch.cat([embeddings[:1], context, embeddings[1 + n :]])
        feature = text_features(model, embeddings, row.tolist().index(eot))
        scalar = scalar + (F.normalize(feature, dim=0) * weight.double()).sum()
    scalar.backward()
    out |= {"context": context.detach(), "weights": weights, "scalar": scalar.detach(), "gradient": context.grad}
    save_file({k: v.detach().float().contiguous() for k, v in out.items()}, folder / "vectors.safetensors")
    texts = ["a photo of a banded.", "a very unknown, word", " ".join(["red"] * 40)]
    facts = {
        "ids": [row.tolist() for row in rows],
        "contextIds": [row.tolist() for row in long_rows],
        "endToken": eot,
        "texts": texts,
    }
    tokenizer.enable_truncation(spec["context"])
    facts["textIds"] = [tokenizer.encode(text).ids for text in texts]
    (folder / "vectors.json").write_text(json.dumps(facts) + "\n")
    return model, tokenizer


# ---------------------------------------------------------------------------------------------- the method

DEFAULTS = {
    "prototype": "attention",
    "scope": "class",
    "input": "unit",
    "attentionNorm": False,
    "mlpNorm": False,
    "mlpResidual": True,
    "ratio": 4,
    "klDirection": "mm-text",
    "klReduction": "batch",
    "detachMultimodal": False,
    "klWeight": 0.2,
}
VARIANTS = {
    "default": {},
    "literal": {"mlpResidual": False, "input": "raw"},
    "task": {"scope": "task", "ratio": 2},
    "norms": {"attentionNorm": True, "mlpNorm": True, "ratio": 2},
    "text-mm": {"klDirection": "text-mm", "ratio": 2},
    "element": {"klReduction": "element", "klWeight": 1.5, "ratio": 2},
    "detach": {"detachMultimodal": True, "ratio": 2},
    "detach-text-mm": {"detachMultimodal": True, "klDirection": "text-mm", "ratio": 2},
    "raw-task-norms": {"input": "raw", "scope": "task", "attentionNorm": True, "ratio": 2},
    "mean": {"prototype": "mean"},
    "text": {"prototype": "text"},
}
T, N, K, Q, D, W = 2, 3, 2, 4, 16, 24
LEARNING_RATE, MOMENTUM, DECAY = 0.05, 0.9, 5e-4


def automatic_heads(d):
    return max(h for h in range(1, 9) if d % h == 0)


def initial_tensors(model, tokenizer, options, generator):
    """Not the specified initial values: all are non-zero, so that no gradient is zero by accident."""
    init_ids = torch.tensor(tokenizer.encode(INIT).ids[1:-1])
    tensors = {"prompt.context": model.text_model.embeddings.token_embedding(init_ids)}
    if options["prototype"] == "attention":
        hidden = options["ratio"] * D
        for part in ("query", "key", "value", "output"):
            tensors[f"crossAttention.{part}.weight"] = torch.randn(D, D, generator=generator) / math.sqrt(D)
            tensors[f"crossAttention.{part}.bias"] = 0.1 * torch.randn(D, generator=generator)
        tensors["mlp.hidden.weight"] = torch.randn(hidden, D, generator=generator) / math.sqrt(D)
        tensors["mlp.hidden.bias"] = 0.1 * torch.randn(hidden, generator=generator)
        tensors["mlp.output.weight"] = torch.randn(D, hidden, generator=generator) / math.sqrt(hidden)
        tensors["mlp.output.bias"] = 0.1 * torch.randn(D, generator=generator)
        norms = ["crossAttention.queryNorm", "crossAttention.keyNorm"] if options["attentionNorm"] else []
        for norm in norms + (["mlp.norm"] if options["mlpNorm"] else []):
            tensors[norm + ".weight"] = 1 + 0.2 * torch.randn(D, generator=generator)
            tensors[norm + ".bias"] = 0.2 * torch.randn(D, generator=generator)
    return {name: value.float().double().requires_grad_(True) for name, value in tensors.items()}


def prompts(tokenizer):
    """[BOS], the name's tokens and a full stop, [EOT]; the context vectors go behind [BOS]."""
    return [tokenizer.encode(name.replace("_", " ") + ".").ids for name in CLASSES]


def class_features(model, tokenizer, context):
    features = []
    for ids in prompts(tokenizer):
        e = model.text_model.embeddings.token_embedding(torch.tensor(ids))
        e = torch.cat([e[:1], context, e[1:]])
        features.append(text_features(model, e, len(e) - 1))
    return torch.stack(features)


def linear(p, name, x):
    return x @ p[name + ".weight"].T + p[name + ".bias"]


def norm(p, name, x):
    return F.layer_norm(x, (D,), p[name + ".weight"], p[name + ".bias"], 1e-5)


def prototypes(p, o, raw_text, raw_support):
    """Section 4 of the method: raw_text [N, D], raw_support [N, K, D] -> prototypes [N, D], entropies of the heads."""
    w, s = F.normalize(raw_text, dim=-1), F.normalize(raw_support, dim=-1)
    if o["prototype"] == "text":
        return w, None
    if o["prototype"] == "mean":
        return torch.stack([torch.cat([w[c : c + 1], s[c]]).mean(0) for c in range(N)]), None
    asked, told = (raw_text, raw_support) if o["input"] == "raw" else (w, s)
    heads = automatic_heads(D)
    size = D // heads
    rows, entropies = [], []
    for c in range(N):
        mine = told.reshape(N * K, D) if o["scope"] == "task" else told[c]
        question = asked[c]
        if o["attentionNorm"]:
            question, mine = norm(p, "crossAttention.queryNorm", question), norm(p, "crossAttention.keyNorm", mine)
        q = linear(p, "crossAttention.query", question)
        k, v = linear(p, "crossAttention.key", mine), linear(p, "crossAttention.value", mine)
        answers = []
        for h in range(heads):
            part = slice(h * size, (h + 1) * size)
            a = torch.softmax(k[:, part] @ q[part] / math.sqrt(D / heads), dim=0)
            entropies.append(-(a * a.log()).sum())
            answers.append(a @ v[:, part])
        z = w[c] + linear(p, "crossAttention.output", torch.cat(answers))
        inner = norm(p, "mlp.norm", z) if o["mlpNorm"] else z
        out = linear(p, "mlp.output", F.gelu(linear(p, "mlp.hidden", inner)))
        rows.append(z + out if o["mlpResidual"] else out)
    return torch.stack(rows), torch.stack(entropies).mean()


def log_softmax_of_cosines(scale, x, c):
    return torch.log_softmax(scale * F.normalize(x, dim=-1) @ F.normalize(c, dim=-1).T, dim=-1)


def episodic_loss(p, o, scale, text, episodes):
    losses, ces, kls, protos, entropies = [], [], [], [], []
    for t in range(T):
        mine = text[episodes["classes"][t]]
        prototype, entropy = prototypes(p, o, mine, episodes["support"][t].double())
        x = episodes["query"][t].double()
        y = torch.arange(N).repeat_interleave(Q)
        mm = log_softmax_of_cosines(scale, x, prototype)
        plain = log_softmax_of_cosines(scale, x, mine)
        ce = F.nll_loss(mm, y)
        inside = mm.detach() if o["detachMultimodal"] else mm
        first, second = (inside, plain) if o["klDirection"] == "mm-text" else (plain, inside)
        divergence = (first.exp() * (first - second)).sum(-1)
        kl = divergence.mean() / (N if o["klReduction"] == "element" else 1)
        losses.append(ce + o["klWeight"] * kl)
        ces.append(ce)
        kls.append(kl)
        protos.append(prototype)
        entropies.append(entropy if entropy is not None else torch.zeros(()).double())
    mean = lambda values: torch.stack(values).mean()  # noqa: E731
    return mean(losses), mean(ces), mean(kls), torch.stack(protos), mean(entropies)


def train(parameters, loss_terms):
    optimiser = torch.optim.SGD(parameters.values(), lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=DECAY)
    out = {"initial/" + name: value.detach().clone() for name, value in parameters.items()}
    steps = []
    for step in range(3):
        optimiser.zero_grad()
        terms = loss_terms()
        terms[0].backward()
        steps.append(torch.stack([term.detach() for term in terms]))
        if step == 0:
            out |= {"gradient/" + name: value.grad.clone() for name, value in parameters.items()}
        optimiser.step()
    out |= {"after3/" + name: value.detach().clone() for name, value in parameters.items()}
    return out | {"terms": torch.stack(steps)}


def make_method(folder, model, tokenizer, generator):
    folder.mkdir(parents=True, exist_ok=True)
    scale = model.logit_scale.exp()
    centres = torch.randn(len(CLASSES), D, generator=generator)
    classes = torch.tensor([[5, 0, 3], [1, 7, 2]])

    def images(of, shape):  # norms between about 4 and 12, the classes apart but not far apart
        noise = torch.randn(*shape, D, generator=generator)
        return 2 * (centres[of].reshape(*of.shape, *[1] * (len(shape) - of.dim()), D) + noise)

    episodes = {
        "classes": classes,
        "support": images(classes, (T, N, K)),
        "query": images(classes, (T, N, Q)).reshape(T, N * Q, D),
    }
    labels = torch.randint(0, len(CLASSES), (10,), generator=generator)
    batch = images(labels, (10,))
    shared = {"support": episodes["support"], "query": episodes["query"], "batch": batch}
    facts = {
        "classes": CLASSES, "init": INIT, "episodes": classes.tolist(), "labels": labels.tolist(), "heads":
        automatic_heads(D), "way": N, "shot": K, "queries": Q, "learningRate": LEARNING_RATE, "momentum": MOMENTUM,
        "weightDecay": DECAY, "promptIds": prompts(tokenizer), "variants": {},
    }  # fmt: skip
    for name, changes in VARIANTS.items():
        o = DEFAULTS | changes
        facts["variants"][name] = o
        p = initial_tensors(model, tokenizer, o, generator)
        start = {}

        def terms():
            text = class_features(model, tokenizer, p["prompt.context"])
            loss, ce, kl, protos, entropy = episodic_loss(p, o, scale, text, episodes)
            start.setdefault("text", F.normalize(text.detach(), dim=-1))
            start.setdefault("prototypes", protos.detach())
            start.setdefault("entropy", entropy.detach())
            return loss, ce, kl

        save(folder / f"{name}.safetensors", train(p, terms) | start)
    context = initial_tensors(model, tokenizer, DEFAULTS | {"prototype": "text"}, generator)

    def coop():
        text = class_features(model, tokenizer, context["prompt.context"])
        return (F.nll_loss(log_softmax_of_cosines(scale, batch.double(), text), labels),)

    save(folder / "coop.safetensors", train(context, coop))
    save(folder / "inputs.safetensors", shared)
    (folder / "method.json").write_text(json.dumps(facts, indent=1) + "\n")


def save(file, tensors):
    save_file({k: v.float().contiguous().clone() for k, v in tensors.items()}, file)


# ---------------------------------------------------------------------------------------------- size


def make_vitb16(folder):
    generator = torch.Generator().manual_seed(SEED)
    spec = dict(
        text=(512, 12, 8, 2048), vision=(768, 12, 12, 3072), dim=512, image=224, patch=16, context=77,
        act="quick_gelu", eps=1e-5, bos=-2, eot=-1, legacy=False, dtype=torch.float32,
    )  # fmt: skip
    model, _, size, eot = save_model(folder, spec, generator, words=False)
    rows = id_rows(generator, 49408, eot, 77, False, 8)
    pixels = torch.randn(4, 3, 224, 224, generator=generator)
    with torch.no_grad():
        image = tensor_of(model.get_image_features(pixel_values=pixels.double()))
        text = torch.stack([tensor_of(model.get_text_features(input_ids=row[None]))[0] for row in rows])
    save(folder / "vectors.safetensors", {"pixels": pixels, "image": image, "text": text})
    (folder / "vectors.json").write_text(json.dumps({"ids": [row.tolist() for row in rows]}) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    parser.add_argument("--vitb16", type=Path)
    parser.add_argument("--check", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.check:
        return check(arguments.check)
    if arguments.vitb16:
        return make_vitb16(arguments.vitb16)
    for old in [file for name in ("safetensors", "tokens", "method", *SPECS) for file in (OUT / name).glob("*")]:
        if old.name != "README.md":
            old.unlink()
    make_safetensors(OUT / "safetensors")
    make_tokens(OUT / "tokens", arguments.data)
    generator = torch.Generator().manual_seed(SEED)
    made = {name: make_clip(OUT / name, spec, generator) for name, spec in SPECS.items()}
    make_method(OUT / "method", *made["clip-quick"], generator)


if __name__ == "__main__":
    main()
