"""Writes src/test/resources/golden/configs: what transformers makes of many config.json and of its own processors.

Libraries: torch 2.7.1, transformers 5.24.0, Pillow 13.0.0, numpy 2.4.6, Python 3.11. Seed: 20261128. Command, in this folder:
    python make_configs.py

configs.json: for each name a config.json, and the names of its features in vectors.safetensors. The weights are those of
transformers/model.safetensors in checkpoints.zip (see make_checkpoints.py) for all of them, since none of the keys that
differ changes a shape; the pixels and the rows of ids stand beside the features. Features are computed in float64.

processors/<name>/ holds what CLIPProcessor.save_pretrained or CLIPImageProcessor.save_pretrained wrote of images, and
processors.json the pixels of golden/configs/picture.png, as transformers prepares them with Pillow.
"""

import copy
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPImageProcessorPil, CLIPModel, CLIPProcessor, PreTrainedTokenizerFast

SEED = 20261128
GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden"
OUT = GOLDEN / "configs"


# ---------------------------------------------------------------------------------------------- configurations


def change(**changes):
    """Keys as text__hidden_act, textdict__hidden_act (a copy of the whole tower with it changed), or top level."""

    def apply(config):
        for key, value in changes.items():
            place, _, name = key.rpartition("__")
            if not place:
                config[name] = value
            elif place.endswith("dict"):
                tower = place[: -len("dict")]
                whole = config.setdefault(f"{tower}_config_dict", copy.deepcopy(config[f"{tower}_config"]))
                whole[name] = value
            else:
                config[f"{place}_config"][name] = value

    return apply


def without(name, key, *, beside):
    """A <name>_config_dict that leaves a key out, which <name>_config has with another value."""

    def apply(config):
        whole = copy.deepcopy(config[f"{name}_config"])
        del whole[key]
        config[f"{name}_config_dict"] = whole
        config[f"{name}_config"][key] = beside

    return apply


def alone(config):
    config["text_config_dict"] = config.pop("text_config") | {"hidden_act": "gelu"}
    config["vision_config_dict"] = config["vision_config"] | {"hidden_act": "gelu"}
    config["vision_config"] = None


def as_older_versions(config):
    """The generic keys that transformers 4 wrote into every part."""
    generic = {
        "_name_or_path": "", "add_cross_attention": False, "architectures": None, "bad_words_ids": None,
        "begin_suppress_tokens": None, "chunk_size_feed_forward": 0, "cross_attention_hidden_size": None,
        "decoder_start_token_id": None, "diversity_penalty": 0.0, "do_sample": False, "dropout": 0.1,
        "early_stopping": False, "encoder_no_repeat_ngram_size": 0, "exponential_decay_length_penalty": None,
        "finetuning_task": None, "forced_bos_token_id": None, "forced_eos_token_id": None, "gradient_checkpointing": False,
        "id2label": {"0": "LABEL_0", "1": "LABEL_1"}, "is_decoder": False, "is_encoder_decoder": False,
        "label2id": {"LABEL_0": 0, "LABEL_1": 1}, "length_penalty": 1.0, "max_length": 20, "min_length": 0,
        "no_repeat_ngram_size": 0, "num_beam_groups": 1, "num_beams": 1, "num_return_sequences": 1,
        "output_attentions": False, "output_hidden_states": False, "output_scores": False, "prefix": None,
        "problem_type": None, "pruned_heads": {}, "remove_invalid_values": False, "repetition_penalty": 1.0,
        "return_dict": True, "return_dict_in_generate": False, "sep_token_id": None, "suppress_tokens": None,
        "task_specific_params": None, "temperature": 1.0, "tf_legacy_loss": False, "tie_encoder_decoder": False,
        "tie_word_embeddings": True, "tokenizer_class": None, "top_k": 50, "top_p": 1.0, "torch_dtype": None,
        "torchscript": False, "transformers_version": "4.24.0", "typical_p": 1.0, "use_bfloat16": False,
    }  # fmt: skip
    for part in ("text_config", "vision_config"):
        config[part] |= generic
        config[part + "_dict"] = None
    config |= {"_commit_hash": None, "torch_dtype": "float32", "transformers_version": None}


CASES = {
    "plain": change(),
    "gelu-in-dicts": change(textdict__hidden_act="gelu", visiondict__hidden_act="gelu"),
    "gelu-in-text-dict": change(textdict__hidden_act="gelu"),
    "gelu-in-vision-dict": change(visiondict__hidden_act="gelu"),
    "dicts-alone": alone,
    "dicts-null": change(text_config_dict=None, vision_config_dict=None),
    "dict-says-the-same": change(textdict__hidden_act="quick_gelu", visiondict__layer_norm_eps=1e-5),
    "epsilon-in-dicts": change(textdict__layer_norm_eps=0.125, visiondict__layer_norm_eps=0.25),
    "epsilon-left-out": without("vision", "layer_norm_eps", beside=0.5),
    "activation-left-out": without("vision", "hidden_act", beside="gelu"),
    "heads-left-out": without("text", "num_attention_heads", beside=1),
    "heads-in-dict": change(visiondict__num_attention_heads=4),
    "end-overruled": change(textdict__eos_token_id=41, text__eos_token_id=7),
    "end-of-older-versions": change(text__eos_token_id=2),
    "end-of-older-versions-overruled": change(textdict__eos_token_id=2, text__eos_token_id=7),
    "towers-differ": change(text__hidden_act="gelu", vision__layer_norm_eps=0.125, text__num_attention_heads=2),
    "projections-of-towers": change(text__projection_dim=5, vision__projection_dim=6, textdict__projection_dim=7),
    "of-training": change(text__attention_dropout=0.5, logit_scale_init_value=1.0, vision__initializer_range=3.0),
    "older-versions": as_older_versions,
    "half-precision": change(dtype="float16"),
}  # fmt: skip


def features(folder, config, pixels, rows):
    (folder / "config.json").write_text(json.dumps(config))
    model = CLIPModel.from_pretrained(folder, dtype=torch.float64).eval()
    with torch.no_grad():
        image = tensor(model.get_image_features(pixel_values=pixels.double()))
        text = torch.cat([tensor(model.get_text_features(input_ids=row[None])) for row in rows])
    return image.float().contiguous(), text.float().contiguous()


def tensor(value):
    return value if isinstance(value, torch.Tensor) else value.pooler_output


def make_configs():
    archive = zipfile.ZipFile(GOLDEN / "checkpoints" / "checkpoints.zip")
    base = json.loads(archive.read("transformers/config.json"))
    generator = torch.Generator().manual_seed(SEED)
    pixels = torch.randn(2, 3, 16, 16, generator=generator)
    rows = [torch.tensor([40, 3, 7, 5, 12, 41]), torch.tensor([40, 41]), torch.tensor([40, 7, 7, 30, 22, 9, 18, 41])]
    vectors, kept, cases = {"pixels": pixels}, [], {}
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "model.safetensors").write_bytes(archive.read("transformers/model.safetensors"))
        for name, apply in CASES.items():
            config = copy.deepcopy(base)
            apply(config)
            found = features(Path(place), config, pixels, rows)
            cases[name] = {"config": config}
            for kind, value in zip(("image", "text"), found):
                same = next((n for n, k, v in kept if k == kind and torch.equal(v, value)), None)
                if same is None:
                    same = f"{kind}.{name}"
                    kept.append((same, kind, value))
                    vectors[same] = value
                cases[name][kind] = same
    save_file(vectors, OUT / "vectors.safetensors")
    ids = [row.tolist() for row in rows]
    (OUT / "configs.json").write_text(json.dumps({"ids": ids, "cases": cases}, indent=0) + "\n")


# ---------------------------------------------------------------------------------------------- processors

HALF = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
PROCESSORS = {
    "half": (HALF | {"size": {"shortest_edge": 20}, "crop_size": {"height": 16, "width": 16}}, True),
    "each-channel": ({"image_mean": [0.1, 0.2, 0.3], "image_std": [0.5, 1.0, 2.0], "size": 16, "crop_size": 16}, True),
    "alone": (HALF | {"size": {"shortest_edge": 24}, "crop_size": [16, 16]}, False),
    "usual-size": (HALF | {"crop_size": 16}, True),
}


def picture():
    """Both sides leave an even number of pixels beside the crop, of which every program takes the middle."""
    draw = np.random.default_rng(SEED)
    small = Image.fromarray(draw.integers(0, 256, (5, 7, 3), dtype=np.uint8))
    return small.resize((48, 32), Image.BICUBIC)


def make_processors():
    image = picture()
    image.save(OUT / "picture.png")
    expected = {}
    for name, (options, whole) in PROCESSORS.items():
        folder = OUT / "processors" / name
        folder.mkdir(parents=True)
        processor = CLIPImageProcessorPil(**options)
        saved = processor
        if whole:
            tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(GOLDEN / "clip-quick" / "tokenizer.json"))
            saved = CLIPProcessor(processor, tokenizer)
        saved.save_pretrained(folder)
        for other in list(folder.iterdir()):
            if "processor" not in other.name:
                other.unlink()
        if name == "usual-size":  # as a user leaves it out: transformers' own 224 holds
            file = folder / "processor_config.json"
            written = json.loads(file.read_text())
            assert written["image_processor"].pop("size") == {"shortest_edge": 224}
            file.write_text(json.dumps(written, indent=2) + "\n")
        pixels = processor(image, return_tensors="np")["pixel_values"][0]
        assert pixels.shape == (3, 16, 16)
        expected[name] = pixels.astype(np.float64).round(7).reshape(-1).tolist()
    (OUT / "processors.json").write_text(json.dumps(expected) + "\n")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in sorted(OUT.rglob("*"), reverse=True):
        old.unlink() if old.is_file() else old.rmdir()
    torch.set_num_threads(1)
    make_configs()
    make_processors()


if __name__ == "__main__":
    main()
