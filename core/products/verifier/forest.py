"""A random forest as plain arrays: grown by scikit-learn, stored and asked without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from ...errors import ScarpError

Floats = NDArray[np.float64]

_ROWS = 4096

_DTYPES = {
    "first": np.int64,
    "feature": np.int32,
    "threshold": np.float64,
    "left": np.int32,
    "right": np.int32,
    "missing_left": np.uint8,
    "value": np.float64,
}


@dataclass(frozen=True)
class Forest:
    """The nodes of all trees, one after the other.

    Attributes:
        first: Index of the root of each tree, and the number of all nodes, int64 [trees + 1].
        feature: Column that a node looks at, int32 [nodes]; -1: a leaf.
        threshold: A value of at most this goes left, float64 [nodes]; infinite: all that are known.
        left: Index of the node to go to, counted from the tree's root, int32 [nodes]. right: likewise.
        missing_left: Whether a value that is not known goes left, uint8 [nodes].
        value: Share of right polygons among those that reached a leaf in training, float64 [nodes].
    """

    first: NDArray[np.int64]
    feature: NDArray[np.int32]
    threshold: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    missing_left: NDArray[np.uint8]
    value: Floats

    @classmethod
    def of(cls, grown: RandomForestClassifier) -> Forest:
        """The arrays of a forest that scikit-learn has grown on the classes 0 and 1."""
        trees = [estimator.tree_ for estimator in grown.estimators_]
        shares = [tree.value[:, 0, 1] / tree.value[:, 0].sum(axis=1) for tree in trees]
        return cls(
            first=np.cumsum([0, *(tree.node_count for tree in trees)]).astype(np.int64),
            feature=np.concatenate([np.where(tree.children_left < 0, -1, tree.feature) for tree in trees]).astype(
                np.int32
            ),
            threshold=np.concatenate([tree.threshold for tree in trees]).astype(np.float64),
            left=np.concatenate([tree.children_left for tree in trees]).astype(np.int32),
            right=np.concatenate([tree.children_right for tree in trees]).astype(np.int32),
            missing_left=np.concatenate([tree.missing_go_to_left for tree in trees]).astype(np.uint8),
            value=np.concatenate(shares).astype(np.float64),
        )

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], columns: int) -> Forest:
        """A forest out of a file, which anybody may have written.

        Args:
            arrays: By the names of the attributes.
            columns: How many columns it may look at.

        Raises:
            ScarpError: Arrays are missing or do not fit together, so that asking it could fail or never end.
        """
        missing = sorted(set(_DTYPES) - set(arrays))
        if missing:
            raise ScarpError(f"it lacks {', '.join(missing)}")
        forest = cls(**{name: np.asarray(arrays[name], kind) for name, kind in _DTYPES.items()})
        if not forest._is_sound(columns):
            raise ScarpError("its trees are damaged")
        return forest

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, as they are stored."""
        return {name: getattr(self, name) for name in _DTYPES}

    def probability(self, table: Floats) -> Floats:
        """The mean over the trees, float64 [n].

        Args:
            table: float64 [n, columns]; NaN where a value is not known.
        """
        rounded = table.astype(np.float32)  # as scikit-learn does in training
        parts = [self._walk(rounded[start : start + _ROWS]) for start in range(0, len(table), _ROWS)]
        return np.concatenate([np.zeros(0), *parts])

    def _walk(self, rows: NDArray[np.float32]) -> Floats:
        """All rows down all trees at once."""
        root = np.repeat(self.first[:-1], len(rows))
        row = np.tile(np.arange(len(rows)), len(self.first) - 1)
        node = root.copy()
        asked = np.flatnonzero(self.feature[node] >= 0)
        while len(asked):
            at = node[asked]
            seen = rows[row[asked], self.feature[at]]
            to_left = np.where(np.isnan(seen), self.missing_left[at] > 0, seen <= self.threshold[at])
            node[asked] = root[asked] + np.where(to_left, self.left[at], self.right[at])
            asked = asked[self.feature[node[asked]] >= 0]
        mean: Floats = self.value[node].reshape(-1, len(rows)).mean(axis=0)
        return mean

    def _is_sound(self, columns: int) -> bool:
        nodes = len(self.feature)
        if any(getattr(self, name).shape != (nodes,) for name in _DTYPES if name != "first"):
            return False
        starts = self.first
        if starts.ndim != 1 or len(starts) < 2 or starts[0] != 0 or starts[-1] != nodes or np.any(np.diff(starts) < 1):
            return False
        sizes = np.diff(starts)
        own = np.arange(nodes) - np.repeat(starts[:-1], sizes)
        inner = self.feature >= 0
        # Children come after their parent, so every walk ends.
        falls = all(
            np.all((child > own) & (child < np.repeat(sizes, sizes)) | ~inner) for child in (self.left, self.right)
        )
        values = (self.value >= 0) & (self.value <= 1)
        return bool(falls and values.all() and np.all(self.feature < columns) and not np.isnan(self.threshold).any())
