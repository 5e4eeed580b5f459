#!/usr/bin/env python3
"""Writes a CLIP ViT-B/16 with random weights, as transformers initialises it, with OpenAI's tokenizer beside it.

    python checkpoint.py FOLDER TOKENIZER_JSON_GZ
"""
import gzip
import sys
from pathlib import Path

import torch
from transformers import CLIPConfig, CLIPModel

TEXT = dict(vocab_size=49408, hidden_size=512, intermediate_size=2048, num_hidden_layers=12, num_attention_heads=8,
            max_position_embeddings=77, hidden_act="quick_gelu", bos_token_id=49406, eos_token_id=49407, projection_dim=512)
VISION = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, image_size=224,
              patch_size=16, hidden_act="quick_gelu", projection_dim=512)


def main(folder, tokenizer):
    torch.manual_seed(3)
    model = CLIPModel(CLIPConfig(text_config=TEXT, vision_config=VISION, projection_dim=512))
    part = Path(folder + ".part")
    model.save_pretrained(part)
    (part / "tokenizer.json").write_bytes(gzip.decompress(Path(tokenizer).read_bytes()))
    part.rename(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
