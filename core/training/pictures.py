"""Pictures of a training, of folds and of a comparison, as PNG in a data URI: courses, figures, and chips."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ..chips.chip import NOT_SCORED
from ..products.comparison import COLOURS, FALSE_NEGATIVE, FALSE_POSITIVE, TRUE_NEGATIVE, TRUE_POSITIVE
from .examples import Example

_ROWS = ("image", "truth", "probability", "right and wrong")
#: Colour that pixels have which are not scored: neither black nor white, for that is not the same as no landslide.
_BLANK = "#9db4c0"
_ERRORS = ListedColormap([np.array(COLOURS[code]) / 255 for code in range(4)]).with_extremes(bad=_BLANK)


def course_picture(history: list[dict[str, float]], best: int) -> str:
    """Draw loss and validation ``f1_landslide`` by epoch."""
    epochs = [record["epoch"] for record in history]
    figure = Figure(figsize=(11, 3.2), dpi=120)
    loss, score = figure.subplots(1, 2)
    loss.plot(epochs, [record["loss"] for record in history], "o-", markersize=3, color="#2c6e8f")
    loss.set(xlabel="epoch", title="Training loss")
    for key, label, colour in (
        ("f1_landslide", "at its best threshold", "#2c8c3c"),
        ("f1_landslide_at_0.5", "at 0.5", "#e67814"),
    ):
        score.plot(epochs, [record[key] for record in history], "o-", markersize=3, color=colour, label=label)
    score.axvline(best, color="#be1e6e", linewidth=1, linestyle="--", label="kept")
    score.set(xlabel="epoch", ylim=(0, 1), title="f1_landslide, validation")
    score.legend(fontsize=7)
    for axes in (loss, score):
        axes.grid(alpha=0.3)
        axes.title.set_fontsize(9)
    return _data_uri(figure)


def examples_picture(examples: Sequence[Example], threshold: float) -> str:
    """Draw chips in columns: image, truth, probability with the outline of the threshold, and what came out right."""
    figure = Figure(figsize=(2.0 * len(examples), 8.2), dpi=110)
    rows = figure.subplots(len(_ROWS), len(examples), squeeze=False)
    truth_colours = colormaps["Greys_r"].with_extremes(bad=_BLANK)
    for column, example in zip(rows.T, examples):
        probability = example.probability.astype(np.float32)
        image, truth, said, errors = column
        image.imshow(example.image.astype(np.float32), interpolation="nearest")
        masked = np.ma.masked_equal(example.label, NOT_SCORED)
        truth.imshow(masked, vmin=0, vmax=1, cmap=truth_colours, interpolation="nearest")
        said.imshow(probability, vmin=0, vmax=1, cmap="magma", interpolation="nearest")
        landslide = probability >= threshold
        if landslide.any() and not landslide.all():
            said.contour(landslide, [0.5], colors="w", linewidths=0.6)
        codes = _outcome(landslide, example.label)
        errors.imshow(codes, vmin=0, vmax=3, cmap=_ERRORS, interpolation="nearest")
        f1 = example.row.figures()["f1_landslide"]
        image.set_title(f"{example.row.id}\nF1 {f1:.2f}, {example.row.wrong:,} px wrong", fontsize=6)
    for row, label in zip(rows, _ROWS):
        row[0].set_ylabel(label, fontsize=8)
        for axes in row:
            axes.set(xticks=[], yticks=[])
    figure.subplots_adjust(wspace=0.06, hspace=0.06)
    return _data_uri(figure)


def folds_picture(rows: Sequence[Mapping[str, Any]], published: Mapping[str, Sequence[float]]) -> str:
    """Draw both F1 scores of the rows of `fold_table`, and published ones (label -> a value a fold) beside them."""
    figure = Figure(figsize=(8, 3.2), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    folds = [row["fold"] for row in rows]
    for name, colour in (("f1_landslide", "#2c8c3c"), ("f1_macro", "#2c6e8f")):
        axes.plot(folds, [row[name] for row in rows], "o", color=colour, label=name)
    for label, values in published.items():
        axes.plot(range(1, len(values) + 1), values, "D", markersize=4, color="#e67814", label=label)
    axes.set(xlabel="fold", ylim=(0, 1), xticks=folds)
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
    axes.grid(alpha=0.3)
    return _data_uri(figure)


def dots_picture(rows: Sequence[Mapping[str, Any]], labels: Sequence[str], figures: Sequence[str]) -> str:
    """Draw figures of the rows of `comparison_table` with their intervals, a line of the picture a configuration.

    Args:
        rows: Without those that have a problem.
        labels: What each is called; those of the same configuration alike.
        figures: Names of figures whose ends of intervals the rows have.
    """
    lines = list(dict.fromkeys(labels))
    figure = Figure(figsize=(9.5, 1.2 + 0.34 * len(lines)), dpi=120, layout="constrained")
    panels = figure.subplots(1, len(figures), sharey=True, squeeze=False)[0]
    for axes, name, colour in zip(panels, figures, ("#2c8c3c", "#2c6e8f")):
        for row, label in zip(rows, labels):
            same = [number for number, other in enumerate(labels) if other == label]
            # Seeds side by side, so that none hides another.
            step = 0.5 / len(same)
            height = lines.index(label) + step * ([rows[number] for number in same].index(row) - (len(same) - 1) / 2)
            axes.plot([row[f"{name}_low"], row[f"{name}_high"]], [height, height], color=colour, alpha=0.5)
            axes.plot(row[name], height, "o", color=colour, markersize=5)
        axes.set(xlabel=name, yticks=range(len(lines)))
        axes.set_yticklabels(lines, fontsize=8)
        axes.grid(alpha=0.3)
    panels[0].set_ylim(len(lines) - 0.4, -0.6)
    return _data_uri(figure)


def histories_picture(histories: Sequence[Sequence[Mapping[str, Any]]], labels: Sequence[str]) -> str:
    """Draw the validation ``f1_landslide`` of several trainings by epoch; those of the same label in one colour."""
    figure = Figure(figsize=(9.5, 3.8), dpi=120, layout="constrained")
    axes, lines = figure.add_subplot(), list(dict.fromkeys(labels))
    drawn: set[str] = set()
    colours = colormaps["tab10" if len(lines) <= 10 else "tab20"]
    for history, label in zip(histories, labels):
        number = lines.index(label)
        scores = [np.nan if record["f1_landslide"] is None else record["f1_landslide"] for record in history]
        axes.plot(
            [record["epoch"] for record in history],
            scores,
            "o-" if number < 20 else "s--",
            markersize=3,
            color=colours(number % 20),
            label=None if label in drawn else label,
        )
        drawn.add(label)
    axes.set(xlabel="epoch", ylim=(0, 1), title="f1_landslide, validation")
    axes.title.set_fontsize(9)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
    axes.grid(alpha=0.3)
    return _data_uri(figure)


def _outcome(landslide: NDArray[np.bool_], label: NDArray[np.uint8]) -> Any:
    """Codes of the error map, uint8 [h, w], masked where nothing is scored."""
    true = label == 1
    codes = np.select(
        [landslide & true, landslide, true], [TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE], TRUE_NEGATIVE
    ).astype(np.uint8)
    return np.ma.masked_where(label == NOT_SCORED, codes)


def _data_uri(figure: Any) -> str:
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
