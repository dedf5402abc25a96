"""Scores of a map against a reference, named in full, pixels pooled (CONTRIBUTING.md, Figures).

A figure whose denominator is empty is NaN, never 0 or 1. The accumulators take one piece after the other, so that
a scene or a data set never needs to be in memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from ..errors import ScarpError

_NODATA = 255
_EIGHT = np.ones((3, 3), bool)
#: A body counts as found when a body of the other side shares this much of the union with it.
FOUND_IOU = 0.3
_CALIBRATION_BINS = 15


def score(
    prediction: ArrayLike,
    reference: ArrayLike,
    valid: ArrayLike | None = None,
    threshold: float = 0.5,
    min_area: int = 1,
) -> dict[str, float]:
    """All figures (CONTRIBUTING.md, Figures) for arrays of one shape.

    Args:
        prediction: Probability of landslide, floating, 0 to 1 (negative or NaN: nodata); or a mask, bool or integer
            (1 landslide, 255 nodata), for which ``auprc``, ``auroc`` and ``ece`` are NaN.
        reference: 0 background, 1 landslide, 255 not scored.
        valid: False where a pixel must not count; None: all count.
        threshold: A probability of at least this is landslide.
        min_area: Smallest body, in pixels, that counts as an object. Objects are looked for in the last two
            dimensions; further ones are separate chips.

    Returns:
        ``f1_landslide``, ``iou_landslide``, ``precision``, ``recall`` (all of the landslide class), ``f1_macro``,
        ``miou`` (means over both classes), ``accuracy``, ``auprc``, ``auroc``, ``ece``, ``object_precision``,
        ``object_recall``, ``object_f1``.

    Raises:
        ScarpError: Shapes differ, or the values are neither a probability nor a mask.
    """
    prediction, landslide, scored = _checked(prediction, reference, valid)
    confusion, objects = Confusion(), Objects(min_area)
    confusion.add(prediction, reference, valid, threshold)
    objects.add(prediction, reference, valid, threshold)
    areas = dict.fromkeys(("auprc", "auroc", "ece"), float("nan"))
    if prediction.dtype.kind == "f":
        histogram = Histogram()
        histogram.add(prediction, reference, valid)
        areas.update(histogram.scores())
        # The whole array is here: every value is its own bin.
        values, inverse = np.unique(prediction[scored], return_inverse=True)
        positive = np.bincount(inverse.ravel(), landslide[scored], len(values))
        areas.update(_areas(positive, np.bincount(inverse.ravel(), minlength=len(values)) - positive))
    return {**confusion.scores(), **areas, **objects.scores()}


class Confusion:
    """Pooled counts of hits, false alarms, misses and correct rejections."""

    def __init__(self, tp: int = 0, fp: int = 0, fn: int = 0, tn: int = 0) -> None:
        self.tp, self.fp, self.fn, self.tn = tp, fp, fn, tn

    def add(
        self, prediction: ArrayLike, reference: ArrayLike, valid: ArrayLike | None = None, threshold: float = 0.5
    ) -> None:
        """Count one more piece; the arguments are those of `score`, of any one shape."""
        prediction, landslide, scored = _checked(prediction, reference, valid)
        said = _mask(prediction, threshold)[scored]
        true = landslide[scored]
        hits, said_count, true_count = (int(np.count_nonzero(x)) for x in (said & true, said, true))
        self.tp += hits
        self.fp += said_count - hits
        self.fn += true_count - hits
        self.tn += true.size - said_count - true_count + hits

    def scores(self) -> dict[str, float]:
        """The seven figures of the pooled counts."""
        tp, fp, fn, tn = self.tp, self.fp, self.fn, self.tn
        f1_landslide, f1_background = _share(2 * tp, 2 * tp + fp + fn), _share(2 * tn, 2 * tn + fp + fn)
        iou_landslide, iou_background = _share(tp, tp + fp + fn), _share(tn, tn + fp + fn)
        return {
            "f1_landslide": f1_landslide,
            "iou_landslide": iou_landslide,
            "precision": _share(tp, tp + fp),
            "recall": _share(tp, tp + fn),
            "f1_macro": (f1_landslide + f1_background) / 2,
            "miou": (iou_landslide + iou_background) / 2,
            "accuracy": _share(tp + tn, tp + fp + fn + tn),
        }


class Histogram:
    """Counts by probability, for the figures that need no threshold and for choosing one.

    Args:
        bins: Bins of equal width; a multiple of 15, the bins of the calibration error.
    """

    def __init__(self, bins: int = 3000) -> None:
        if bins < _CALIBRATION_BINS or bins % _CALIBRATION_BINS:
            raise ScarpError(f"The bins of a histogram must be a multiple of {_CALIBRATION_BINS}; found {bins}.")
        self.positive = np.zeros(bins, np.int64)
        self.negative = np.zeros(bins, np.int64)
        self.total = np.zeros(bins, np.float64)

    def add(self, probability: ArrayLike, reference: ArrayLike, valid: ArrayLike | None = None) -> None:
        """Count one more piece; the arguments are those of `score`, of any one shape."""
        probability, landslide, scored = _checked(probability, reference, valid)
        values, true = probability[scored].astype(np.float64), landslide[scored]
        bins = len(self.positive)
        index = np.minimum((values * bins).astype(np.int64), bins - 1)
        self.positive += np.bincount(index[true], minlength=bins)
        self.negative += np.bincount(index[~true], minlength=bins)
        self.total += np.bincount(index, values, bins)

    def add_counts(self, probability: NDArray[np.float64], count: NDArray[np.int64], landslide: bool) -> None:
        """Count pixels of one class: so many of each probability, arrays of one length."""
        bins = len(self.positive)
        index = np.minimum((probability * bins).astype(np.int64), bins - 1)
        (self.positive if landslide else self.negative)[:] += np.bincount(index, count, bins).astype(np.int64)
        self.total += np.bincount(index, probability * count, bins)

    def scores(self) -> dict[str, float]:
        """``auprc`` and ``auroc``, in which a bin counts as one value, and ``ece``.

        The expected calibration error is that of the landslide probability in 15 bins of equal width: the mean,
        over the pixels, of the difference between a bin's mean probability and its share of landslide.
        """
        positive, count, total = (
            x.reshape(_CALIBRATION_BINS, -1).sum(1) for x in (self.positive, self.positive + self.negative, self.total)
        )
        ece = float(np.abs(positive - total).sum() / count.sum()) if count.sum() else float("nan")
        return {**_areas(self.positive, self.negative), "ece": ece}

    def best_threshold(self) -> float:
        """The threshold of the highest ``f1_landslide``, the lower edge of a bin; NaN without a landslide pixel."""
        if not self.positive.any():
            return float("nan")
        hits, alarms = self.positive[::-1].cumsum()[::-1], self.negative[::-1].cumsum()[::-1]
        f1 = 2 * hits / (hits + alarms + hits[0])
        # The middle of a flat top: a threshold on its edge would be the first to fall off.
        best = np.flatnonzero(f1 >= f1.max() - 1e-12)
        return float(best[len(best) // 2] / len(f1))


class Objects:
    """Counts of bodies found: 8-connected, and found where a body of the other map has an IoU of at least 0.3.

    Args:
        min_area: Smallest body, in pixels, that counts, in the map and in the reference.
    """

    def __init__(self, min_area: int = 1) -> None:
        self.min_area = min_area
        self.predicted = self.confirmed = self.referenced = self.found = 0

    def add(
        self, prediction: ArrayLike, reference: ArrayLike, valid: ArrayLike | None = None, threshold: float = 0.5
    ) -> None:
        """Count one more chip [H, W] or batch of chips [..., H, W]; the arguments are those of `score`."""
        prediction, landslide, scored = _checked(prediction, reference, valid)
        if prediction.ndim < 2:
            raise ScarpError(f"Objects need an array of at least two dimensions; its shape is {prediction.shape}.")
        chips = (-1, *prediction.shape[-2:])
        for said, true in zip(
            (_mask(prediction, threshold) & scored).reshape(chips), (landslide & scored).reshape(chips)
        ):
            self._add(*self._label(said), *self._label(true))

    def scores(self) -> dict[str, float]:
        """``object_precision``, ``object_recall`` and their harmonic mean ``object_f1``."""
        precision, recall = _share(self.confirmed, self.predicted), _share(self.found, self.referenced)
        f1 = float("nan")
        if self.predicted or self.referenced:
            # With bodies on one side only nothing is found, and that is 0, not undefined.
            f1 = 2 * precision * recall / (precision + recall) if self.confirmed and self.found else 0.0
        return {"object_precision": precision, "object_recall": recall, "object_f1": f1}

    def _label(self, mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Body numbers [H, W], 0 where there is none of at least the minimum area, and the area of each number."""
        labels = ndimage.label(mask, _EIGHT)[0].astype(np.int64)
        area = np.bincount(labels.ravel())
        area[0] = 0
        keep = area >= max(self.min_area, 1)
        return np.where(keep[labels], labels, 0), np.where(keep, area, 0)

    def _add(
        self,
        said: NDArray[np.int64],
        said_area: NDArray[np.int64],
        true: NDArray[np.int64],
        true_area: NDArray[np.int64],
    ) -> None:
        both = (said > 0) & (true > 0)
        pairs, shared = np.unique(np.stack([said[both], true[both]]), axis=1, return_counts=True)
        union = said_area[pairs[0]] + true_area[pairs[1]] - shared
        matched = pairs[:, shared >= FOUND_IOU * union]
        self.predicted += int(np.count_nonzero(said_area))
        self.referenced += int(np.count_nonzero(true_area))
        self.confirmed += len(np.unique(matched[0]))
        self.found += len(np.unique(matched[1]))


def _checked(
    prediction: ArrayLike, reference: ArrayLike, valid: ArrayLike | None
) -> tuple[NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]:
    """Prediction, reference as bool, and which pixels are scored."""
    said, true = np.asarray(prediction), np.asarray(reference)
    scored = np.ones(true.shape, bool) if valid is None else np.asarray(valid, bool)
    if not said.shape == true.shape == scored.shape:
        raise ScarpError(
            f"A map and its reference must have one shape; found {said.shape}, {true.shape} and valid {scored.shape}."
        )
    if said.dtype.kind == "f":
        scored = scored & (said >= 0)
        top = said.max(where=scored, initial=0)
        if top > 1:
            raise ScarpError(
                f"A probability lies between 0 and 1; found {top:g}. Scale it, or give a mask of integers."
            )
    else:
        scored = scored & (said != _NODATA)
        top = said.max(where=scored, initial=0)
        if top > 1:
            raise ScarpError(f"A mask holds 0, 1 and {_NODATA} (nodata); found {top}. Recode it.")
    return said, true == 1, scored & ((true == 0) | (true == 1))


def _mask(prediction: NDArray[Any], threshold: float) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = prediction >= threshold if prediction.dtype.kind == "f" else prediction == 1
    return result


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _areas(positive: NDArray[Any], negative: NDArray[Any]) -> dict[str, float]:
    """Areas under the curves out of counts by rising probability: average precision, and ROC by trapezoids."""
    hits, alarms = np.cumsum(positive[::-1], dtype=np.float64), np.cumsum(negative[::-1], dtype=np.float64)
    auprc = auroc = float("nan")
    if len(hits) and hits[-1]:
        precision = hits / np.maximum(hits + alarms, 1)
        auprc = float(np.sum(np.diff(hits, prepend=0) * precision) / hits[-1])
        if alarms[-1]:
            middle = hits - np.diff(hits, prepend=0) / 2
            auroc = float(np.sum(np.diff(alarms, prepend=0) * middle) / (hits[-1] * alarms[-1]))
    return {"auprc": auprc, "auroc": auroc}
