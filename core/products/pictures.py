"""Pictures of an assessment, as PNG in a data URI: the map of the errors, and the curves of a probability."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ..scene.grid import Window, crs_name
from ..training.metrics import Histogram
from .band import Band
from .comparison import CATEGORIES, COLOURS
from .raster import NODATA

_SIDE = 1200
_CALIBRATION_BINS = 15
_PALETTE = np.full((NODATA + 1, 3), 255, np.uint8)
for _code, _colour in COLOURS.items():
    if _code != NODATA:
        _PALETTE[_code] = _colour[:3]


def error_picture(error_map_path: str | Path, window: Window) -> str:
    """Draw a window of an error map; where it is larger than the picture, colours are averaged, not picked."""
    with Band(error_map_path, "ERROR_MAP") as errors:
        grid = errors.grid.part(window)
        image = _reduced(errors, window)
    across, down = grid.cell_size(grid.height // 2)
    xmin, ymin, xmax, ymax = grid.bounds
    figure = Figure(
        figsize=(9, min(12, max(3, 9 * grid.height * down / (grid.width * across)))), dpi=120, layout="constrained"
    )
    axes = figure.add_subplot()
    axes.imshow(image, extent=(xmin, xmax, ymin, ymax), interpolation="nearest")
    # A degree of longitude is shorter than one of latitude.
    axes.set_aspect((down / -grid.transform.e) / (across / grid.transform.a))
    axes.set_xlabel(crs_name(grid.crs), fontsize=8)
    axes.ticklabel_format(useOffset=False, style="plain")
    axes.tick_params(labelsize=7)
    patches = [
        Patch(facecolor=_hex(code), edgecolor="grey", label=text.split(": ")[-1])
        for code, text in CATEGORIES.items()
        if code != NODATA
    ]
    figure.legend(handles=patches, fontsize=8, loc="outside lower center", ncols=4, frameon=False)
    return _data_uri(figure)


def curves_picture(histogram: Histogram, threshold: float, before: Histogram | None = None) -> str:
    """Draw precision against recall, the figures against the threshold, and how well probabilities are calibrated.

    Args:
        histogram: Probabilities by class.
        threshold: The one that was applied.
        before: The same before a calibration, drawn beside it; None: there was none.
    """
    hits, alarms = (counts[::-1].cumsum()[::-1] for counts in (histogram.positive, histogram.negative))
    with np.errstate(invalid="ignore"):
        precision, recall = hits / (hits + alarms), hits / hits[0]
        f1 = 2 * hits / (hits + alarms + hits[0])
    edges = np.arange(len(hits)) / len(hits)
    at = min(int(threshold * len(hits)), len(hits) - 1)

    figure = Figure(figsize=(11, 3.4), dpi=120, layout="constrained")
    trade, thresholds, calibration = figure.subplots(1, 3)
    trade.plot(recall, precision, color="#2c6e8f")
    trade.plot(recall[at], precision[at], "o", color="#be1e6e", label=f"threshold {threshold:.3g}")
    trade.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02), title="Precision and recall")
    for values, name, colour in ((precision, "precision", "#e67814"), (recall, "recall", "#2c8c3c"), (f1, "F1", "k")):
        thresholds.plot(edges, values, color=colour, label=name)
    thresholds.axvline(threshold, color="#be1e6e", linewidth=1, linestyle="--")
    thresholds.set(xlabel="threshold", xlim=(0, 1), ylim=(0, 1.02), title="Landslide class by threshold")
    calibration.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    if before is not None:
        calibration.plot(*_calibration(before), "o-", color="#e67814", markersize=3, label="before calibration")
    calibration.plot(
        *_calibration(histogram), "o-", color="#2c6e8f", markersize=3, label=None if before is None else "after"
    )
    calibration.set(xlabel="mean probability", ylabel="share that is landslide", title="Calibration")
    if before is not None:
        calibration.legend(fontsize=7)
    trade.legend(fontsize=7)
    thresholds.legend(fontsize=7)
    for axes in (trade, thresholds, calibration):
        axes.grid(alpha=0.3)
        axes.title.set_fontsize(9)
    return _data_uri(figure)


def _hex(code: int) -> str:
    return "#" + bytes(COLOURS[code][:3]).hex()


def _calibration(histogram: Histogram) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    positive, negative, total = (
        counts.reshape(_CALIBRATION_BINS, -1).sum(axis=1)
        for counts in (histogram.positive, histogram.negative, histogram.total)
    )
    number = positive + negative
    known = number > 0
    return total[known] / number[known], positive[known] / number[known]


def _reduced(errors: Band, window: Window) -> NDArray[np.uint8]:
    """RGB [h, w, 3] of at most `_SIDE` on its longer side: each cell is the mean colour of a block of pixels."""
    factor = -(-max(window.height, window.width) // _SIDE)
    rows = factor * max(1, 256 // factor)
    strips = []
    for row in range(0, window.height, rows):
        height = min(rows, window.height - row)
        codes, _ = errors.read(Window(window.row + row, window.col, height, window.width))
        padded = np.pad(codes, ((0, -height % factor), (0, -window.width % factor)), constant_values=NODATA)
        blocks = padded.reshape(padded.shape[0] // factor, factor, padded.shape[1] // factor, factor)
        colours = _PALETTE[blocks].mean(axis=(1, 3), dtype=np.float32)
        strips.append(np.rint(colours).astype(np.uint8))
    return np.concatenate(strips)


def _data_uri(figure: Figure) -> str:
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
