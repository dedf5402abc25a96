"""A mask on disk, a bit a pixel: what one step of the post-processing leaves for the next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ScarpError


class ScratchMask:
    """Rows of a mask in a temporary file, written once from top to bottom and read anywhere.

    Args:
        path: The file; its folder is somebody else's to delete.
        height: Rows of the mask.
        width: Columns of the mask.

    Raises:
        ScarpError: The file cannot be written (disk full), here or in `append`.
    """

    def __init__(self, path: str | Path, height: int, width: int) -> None:
        self._path = Path(path)
        self._height, self._width = height, width
        self._write(b"", "wb")

    def append(self, mask: NDArray[np.bool_]) -> None:
        """Write the next rows, bool [h, width]."""
        self._write(np.packbits(mask, axis=1).tobytes(), "ab")

    def read(self, row: int, height: int) -> NDArray[np.bool_]:
        """Rows of the mask, bool [height, width]; those beyond its top and bottom are false."""
        first, last = max(row, 0), min(row + height, self._height)
        stored = (self._width + 7) // 8
        packed = np.fromfile(self._path, np.uint8, max(last - first, 0) * stored, offset=first * stored)
        mask = np.unpackbits(packed.reshape(-1, stored), axis=1, count=self._width).view(bool)
        return np.pad(mask, ((first - row, row + height - last), (0, 0))) if len(mask) < height else mask

    def _write(self, content: bytes, mode: str) -> None:
        try:
            with open(self._path, mode) as file:
                file.write(content)
        except OSError as error:
            raise ScarpError(
                f"'{self._path}' could not be written ({error}). Is the disk full? Free some space, or point the "
                "temporary folder (TMPDIR) at a larger disk."
            ) from error
