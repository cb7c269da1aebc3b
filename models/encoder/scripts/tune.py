"""Tunes the pruned encoder on the training messages, so that messages of one intent lie together.

    python scripts/tune.py BUILD NLU_DATA TREEBANK... [--epochs 8] [--seed 42]

Reads BUILD/pruned.npz and BUILD/tokenizer.json; writes BUILD/tuned.pt after each epoch. Two heads
give the loss, one for the intent and one for the kind of crisis; the second also sees single
sentences of calm messages, because the assistant reads messages sentence by sentence, and of the
treebanks (.conllu.gz), because ordinary Norwegian tells of death and war too; others in each epoch.
The heads are thrown away: the assistant trains its own on the vectors (`rasa train`).
"""

from __future__ import annotations

import argparse
import math
import random
import time
from pathlib import Path

import e5
import numpy as np
import torch
from messages import calm_sentences, in_dialect, mistype, read_dialects, read_messages
from prune import texts_in
from tokenizers import Tokenizer
from torch import nn

from bot.nlu.normalise import normalise

POSITIONS = 256
PREFIX = "query: "  # what multilingual-e5 was trained with
BATCH = 32
SENTENCES = 0.2  # for each message, so many calm sentences an epoch
ORDINARY = 0.1  # and so many sentences of the treebanks
CRISIS_WEIGHT = 0.5  # of the second head's loss
NO_INTENT = -100  # what CrossEntropyLoss leaves out


def load(build: Path) -> tuple[e5.Encoder, Tokenizer]:
    arrays = dict(np.load(build / "pruned.npz"))
    word, word_scales = arrays.pop("word"), arrays.pop("word_scales")
    tokenizer = Tokenizer.from_file(str(build / "tokenizer.json"))
    tokenizer.enable_truncation(POSITIONS - 2)
    return e5.Encoder.of(e5.Weights([], [], word, word_scales, arrays), POSITIONS), tokenizer


def ids_of(texts: list[str], tokenizer: Tokenizer) -> list[list[int]]:
    encodings = tokenizer.encode_batch([PREFIX + text for text in texts])
    return [[e5.BOS, *encoding.ids, e5.EOS] for encoding in encodings]


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    length = max(map(len, rows))
    ids = torch.tensor([row + [e5.PAD] * (length - len(row)) for row in rows])
    return ids, (ids != e5.PAD).long()


def vectors(encoder: e5.Encoder, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """(texts, 384), in the order of `texts`."""
    encoder.eval()
    rows = ids_of(texts, tokenizer)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    found = np.zeros((len(rows), e5.HIDDEN), np.float32)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            found[part] = encoder(*padded([rows[i] for i in part])).float().numpy()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path)
    parser.add_argument("nlu_data", type=Path)
    parser.add_argument("treebanks", type=Path, nargs="+")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=42)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    rng = random.Random(arguments.seed)

    paths = sorted(arguments.nlu_data.rglob("*.yml"))
    messages = [message for path in paths for message in read_messages(path)]
    calm = [sentence for path in paths for sentence in calm_sentences(path)]
    ordinary = [normalise(text) for path in arguments.treebanks for text in texts_in(path)]
    texts = [text for text, _ in messages]
    intents = sorted({intent for _, intent in messages})
    kinds = ["none", *(intent for intent in intents if intent.startswith("crisis_"))]
    of_intent = torch.tensor([intents.index(intent) for _, intent in messages])
    of_kind = torch.tensor(
        [kinds.index(intent) if intent in kinds else 0 for _, intent in messages]
    )
    some_calm, some_ordinary = round(SENTENCES * len(texts)), round(ORDINARY * len(texts))
    sampled = some_calm + some_ordinary
    labels = torch.cat([of_intent, torch.full((sampled,), NO_INTENT)])
    crises = torch.cat([of_kind, torch.zeros(sampled, dtype=torch.long)])
    share = torch.bincount(of_intent, minlength=len(intents)) / len(of_intent)
    class_weights = (share.mean() / share).sqrt()

    dialects = read_dialects()
    encoder, tokenizer = load(arguments.build)
    # Vectors of e5 all point one way; the head sees how they differ.
    plain = vectors(encoder, tokenizer, texts)
    mean, deviation = torch.tensor(plain.mean(0)), torch.tensor(plain.std(0))
    heads = nn.ModuleList(
        nn.Sequential(nn.Dropout(0.1), nn.Linear(e5.HIDDEN, len(names)))
        for names in (intents, kinds)
    )
    optimizer = torch.optim.AdamW(
        [
            {"params": encoder.parameters(), "lr": 5e-5},
            {"params": heads.parameters(), "lr": 1e-3},
        ],
        weight_decay=0.01,
    )
    steps = arguments.epochs * math.ceil(len(labels) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(step / (0.1 * steps), (steps - step) / (0.9 * steps))
    )
    intent_loss = nn.CrossEntropyLoss(class_weights, label_smoothing=0.05, ignore_index=NO_INTENT)
    crisis_loss = nn.CrossEntropyLoss(label_smoothing=0.05)

    for epoch in range(arguments.epochs):
        encoder.train()
        started, losses = time.time(), []
        heard = texts + rng.sample(calm, some_calm) + rng.sample(ordinary, some_ordinary)
        written = [mistype(in_dialect(text, dialects, rng), rng) for text in heard]
        rows = ids_of(written, tokenizer)
        # Alike in length within a batch, batches in any order: little padding.
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]) + rng.random() * 6)
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        rng.shuffle(batches)
        for batch in batches:
            with torch.autocast("cpu", torch.bfloat16):
                found = encoder(*padded([rows[i] for i in batch])).float()
            whitened = (found - mean) / deviation
            loss = CRISIS_WEIGHT * crisis_loss(heads[1](whitened), crises[batch])
            if (labels[batch] != NO_INTENT).any():
                loss = loss + intent_loss(heads[0](whitened), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        torch.save(encoder.state_dict(), arguments.build / "tuned.pt")
        took = time.time() - started
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {took:.0f} s", flush=True)


if __name__ == "__main__":
    main()
