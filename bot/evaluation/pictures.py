"""The report's pictures."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import confusion_matrix

from bot.evaluation.measures import calibration
from bot.evaluation.messages import Held

matplotlib.use("Agg")


def draw_confusions(messages: list[Held], path: Path) -> None:
    """Meant (rows) against understood (columns); each row sums to 1."""
    labels = sorted({m.intent for m in messages} | {m.predicted for m in messages})
    counts = confusion_matrix(
        [m.intent for m in messages], [m.predicted for m in messages], labels=labels
    )
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(16, 15), layout="constrained")
    axes = figure.add_subplot()
    picture = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=7)
    axes.set_yticks(range(len(labels)), labels, fontsize=7)
    axes.set_xlabel("understood as")
    axes.set_ylabel("meant")
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(
            column, row, counts[row, column], ha="center", va="center", fontsize=6, color=colour
        )
    figure.colorbar(picture, ax=axes, shrink=0.5, label="share of the messages meant")
    figure.savefig(path, dpi=90)


def draw_calibration(messages: list[Held], path: Path) -> None:
    """Confidence against the share that is right; a dot's area is its number of messages."""
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1)
    means, rights, counts = zip(*calibration(messages), strict=True)
    axes.plot(means, rights, color="tab:blue", linewidth=1)
    axes.scatter(means, rights, s=[20 + 300 * n / max(counts) for n in counts], color="tab:blue")
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    figure.savefig(path, dpi=90)
