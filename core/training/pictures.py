"""Pictures of a training, as PNG in a data URI: its course, and what the network says of a few chips."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..chips.chip import Chip, ChipSource, Subset

if TYPE_CHECKING:
    from .run import Run

_EXAMPLES = 6
_LOOKED_AT = 200
_COLOURS = (("B04", "B03", "B02"), ("R", "G", "B"))


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


def examples_picture(run: Run, threshold: float) -> str:
    """Draw chips of the validation part: image, truth (where it is scored) and probability."""
    source = run.data.split.validation
    chosen = Subset(source, _with_landslides(source))
    # Neither black nor white: not scored is not the same as no landslide.
    colours = colormaps["Greys_r"].with_extremes(bad="#9db4c0")
    figure = Figure(figsize=(1.8 * len(chosen), 5.2), dpi=110)
    rows = figure.subplots(3, len(chosen), squeeze=False)
    probability = np.concatenate([run.scorer.probability(batch) for batch in run.scorer.loader(chosen)])
    for column in range(len(chosen)):
        chip = chosen[column]
        truth = np.ma.masked_equal(chip.label, 255)
        rows[0, column].imshow(_image(chip, source.names), interpolation="nearest")
        rows[1, column].imshow(truth, vmin=0, vmax=1, cmap=colours, interpolation="nearest")
        rows[2, column].imshow(probability[column], vmin=0, vmax=1, cmap="magma", interpolation="nearest")
        rows[2, column].contour(probability[column] >= threshold, [0.5], colors="w", linewidths=0.6)
        rows[0, column].set_title(chip.id, fontsize=6)
    for row, label in zip(rows, ("image", "truth", "probability")):
        row[0].set_ylabel(label, fontsize=8)
        for axes in row:
            axes.set(xticks=[], yticks=[])
    return _data_uri(figure)


def _with_landslides(source: ChipSource) -> list[int]:
    """Indices of some chips that hold landslides, spread over the source."""
    looked_at = np.unique(np.linspace(0, len(source) - 1, min(len(source), _LOOKED_AT)).astype(int))
    found = [int(index) for index in looked_at if (source[int(index)].label == 1).any()]
    picked = np.unique(np.linspace(0, len(found) - 1, min(len(found), _EXAMPLES)).astype(int))
    return [found[index] for index in picked]


def _image(chip: Chip, names: tuple[str, ...]) -> NDArray[np.float32]:
    """A chip in true colour, or its first band in grey, stretched: float32 [h, w, 3] from 0 to 1."""
    colours = next((colours for colours in _COLOURS if set(colours) <= set(names)), (names[0],) * 3)
    image = np.stack([chip.bands[names.index(name)] for name in colours], axis=-1)
    low, high = np.percentile(image[chip.valid], (2, 98)) if chip.valid.any() else (0.0, 1.0)
    stretched: NDArray[np.float32] = np.clip((image - low) / max(high - low, 1e-6), 0, 1).astype(np.float32)
    return stretched


def _data_uri(figure: Any) -> str:
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
