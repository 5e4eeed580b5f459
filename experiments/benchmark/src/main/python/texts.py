"""The text encoder behind a soft prompt, in two manners that give the same features."""
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from weights import mlp, norm


class Prompts:
    """What both manners look up once: the tower, and the tokens of [BOS] v_1..v_n <name>. [EOT]."""

    def __init__(self, weights, names, context):
        self.tower = weights.tower("text_model", weights.text_config)
        self.table = weights.get("text_model.embeddings.token_embedding.weight")
        self.positions = weights.get("text_model.embeddings.position_embedding.weight")
        self.final = tuple(weights.get(f"text_model.final_layer_norm.{kind}") for kind in ("weight", "bias"))
        self.projection = weights.get("text_projection.weight")
        self.length = len(self.positions)
        tokenizer = Tokenizer.from_file(str(weights.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self.n = context
        self.tails = []
        for name in names:
            self.begin, *tail = tokenizer.encode(name + ".").ids
            self.tails.append(tail)

    def project(self, ends):
        return F.linear(norm(ends, self.final, self.tower.epsilon), self.projection)


class CoopTexts(Prompts):
    """CoOp's way: every prompt filled up to 77 positions, all classes at every step, whatever a step needs.

    Laid out as OpenAI's model is, on which CoOp trains: torch's own attention module, positions first, an additive mask.
    """

    def __init__(self, weights, names, context):
        super().__init__(weights, names, context)
        rest = self.length - 1 - context
        ids = torch.tensor([tail + [0] * (rest - len(tail)) for tail in self.tails])
        self.ends = torch.tensor([context + len(tail) for tail in self.tails])
        self.prefix = self.table[self.begin].expand(len(names), 1, -1)
        self.suffix = self.table[ids]
        self.mask = torch.full((self.length, self.length), float("-inf")).triu(1)
        self.attention = [self._module(layer) for layer in self.tower.layers]

    def _module(self, layer):
        module = torch.nn.MultiheadAttention(self.table.shape[1], self.tower.heads)
        module.in_proj_weight.data, module.in_proj_bias.data = layer.qkv
        module.out_proj.weight.data, module.out_proj.bias.data = layer.out
        return module.requires_grad_(False)

    def encode(self, context, classes):
        prompts = torch.cat([self.prefix, context.expand(len(self.prefix), -1, -1), self.suffix], dim=1)
        x = (prompts + self.positions).permute(1, 0, 2)
        for layer, attention in zip(self.tower.layers, self.attention):
            h = norm(x, layer.norm1, self.tower.epsilon)
            x = x + attention(h, h, h, need_weights=False, attn_mask=self.mask)[0]
            x = x + mlp(self.tower, layer, norm(x, layer.norm2, self.tower.epsilon))
        features = self.project(x.permute(1, 0, 2)[torch.arange(len(self.ends)), self.ends])
        return features if len(classes) == len(features) else features[classes]


class TrickTexts(Prompts):
    """The same tricks as ours: cut at EOT, prefix computed once, names packed, only EOT in the last layer."""

    def encode(self, context, classes):
        pack = Pack(1 + self.n, [len(self.tails[c]) for c in classes])
        tokens = self.table[torch.tensor([t for c in classes for t in self.tails[c]])]
        places = torch.cat([torch.arange(length) for length in pack.lengths]) + pack.prefix
        head = torch.cat([self.table[self.begin].unsqueeze(0), context]) + self.positions[:pack.prefix]
        x = torch.cat([head, tokens + self.positions[places]])
        for layer in self.tower.layers[:-1]:
            x = x + self.attention(layer, norm(x, layer.norm1, self.tower.epsilon), pack)
            x = x + mlp(self.tower, layer, norm(x, layer.norm2, self.tower.epsilon))
        last = self.tower.layers[-1]
        x = x[pack.ends] + self.end_attention(last, norm(x, last.norm1, self.tower.epsilon), pack)
        return self.project(x + mlp(self.tower, last, norm(x, last.norm2, self.tower.epsilon)))

    def attention(self, layer, x, pack):
        qkv = F.linear(x, *layer.qkv)
        q, k, v = self.heads(qkv[:pack.prefix].unsqueeze(0), 3)
        tq, tk, tv = self.heads(qkv[pack.padded].view(pack.texts, pack.longest, -1), 3)
        of_prefix = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        of_texts = F.scaled_dot_product_attention(tq, self.joined(k, tk), self.joined(v, tv), attn_mask=pack.mask)
        rows = of_texts.transpose(1, 2).reshape(pack.texts * pack.longest, -1)[pack.places]
        prefix = of_prefix.transpose(1, 2).reshape(pack.prefix, -1)
        return F.linear(torch.cat([prefix, rows]), *layer.out)

    def end_attention(self, layer, x, pack):
        width = x.shape[1]
        weight, bias = layer.qkv
        q, = self.heads(F.linear(x[pack.ends], weight[:width], bias[:width]).unsqueeze(1), 1)
        kv = F.linear(x, weight[width:], bias[width:])
        k, v = self.heads(kv[:pack.prefix].unsqueeze(0), 2)
        tk, tv = self.heads(kv[pack.padded].view(pack.texts, pack.longest, -1), 2)
        mixed = F.scaled_dot_product_attention(q, self.joined(k, tk), self.joined(v, tv), attn_mask=pack.end_mask)
        return F.linear(mixed.transpose(1, 2).reshape(pack.texts, width), *layer.out)

    def heads(self, x, parts):
        batch, length, width = x.shape
        return x.view(batch, length, parts, self.tower.heads, width // parts // self.tower.heads).permute(2, 0, 3, 1, 4)

    @staticmethod
    def joined(prefix, text):
        return torch.cat([prefix.expand(len(text), -1, -1, -1), text], dim=2)


class Pack:
    """Where tokens lie: the prefix's rows, then the other tokens of text after text without padding."""

    def __init__(self, prefix, lengths):
        self.prefix, self.lengths, self.texts, self.longest = prefix, lengths, len(lengths), max(lengths)
        lengths = torch.tensor(lengths)
        starts = prefix + lengths.cumsum(0) - lengths
        column = torch.arange(self.longest)
        inside = column < lengths[:, None]
        self.padded = (starts[:, None] + torch.minimum(column, lengths[:, None] - 1)).flatten()
        self.places = inside.flatten().nonzero().squeeze(1)
        self.ends = starts + lengths - 1
        seen = torch.ones(self.longest, prefix, dtype=torch.bool)
        self.mask = torch.cat([seen, column <= column[:, None]], dim=1)
        every = torch.ones(self.texts, prefix, dtype=torch.bool)
        self.end_mask = torch.cat([every, inside], dim=1)[:, None, None, :]


MANNERS = {"coop": CoopTexts, "tricks": TrickTexts}
