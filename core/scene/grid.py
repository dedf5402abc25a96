"""Where pixels are: windows (rows and columns) and grids (a CRS, a north-up transform and a size)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj
import rasterio.windows
from affine import Affine
from rasterio.crs import CRS
from rasterio.errors import CRSError
from rasterio.warp import transform_bounds

from ..errors import ScarpError

FloatArray = npt.NDArray[np.float64]
Bounds = tuple[float, float, float, float]

# A projected cell counts as its nominal size until the map stretches it by more than this (Web Mercator does).
_DISTORTION = 0.01


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels; ``row`` and ``col`` of its upper left pixel count from that of some grid (may be < 0)."""

    row: int
    col: int
    height: int
    width: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height, self.width

    @property
    def empty(self) -> bool:
        """True when it holds no pixel."""
        return self.height <= 0 or self.width <= 0

    def grow(self, pixels: int) -> Window:
        """The window with a halo of ``pixels`` on all four sides; it may reach beyond the grid."""
        return Window(self.row - pixels, self.col - pixels, self.height + 2 * pixels, self.width + 2 * pixels)

    def intersect(self, other: Window) -> Window:
        """What both windows share; height or width is 0 when that is nothing."""
        row, col = max(self.row, other.row), max(self.col, other.col)
        bottom = min(self.row + self.height, other.row + other.height)
        right = min(self.col + self.width, other.col + other.width)
        return Window(row, col, max(bottom - row, 0), max(right - col, 0))

    def clip(self, height: int, width: int) -> Window:
        """The part inside a grid of ``height`` rows and ``width`` columns."""
        return self.intersect(Window(0, 0, height, width))

    def shift(self, rows: int, cols: int) -> Window:
        """The window moved down and right."""
        return Window(self.row + rows, self.col + cols, self.height, self.width)

    def slices(self, within: Window) -> tuple[slice, slice]:
        """Index of this window in an array that holds ``within``: ``array[..., *window.slices(within)]``."""
        row, col = self.row - within.row, self.col - within.col
        return slice(row, row + self.height), slice(col, col + self.width)

    def to_rasterio(self) -> rasterio.windows.Window:
        """The same as rasterio's own type."""
        return rasterio.windows.Window(self.col, self.row, self.width, self.height)


@dataclass(frozen=True)
class Grid:
    """A north-up lattice of cells.

    Attributes:
        crs: Coordinate reference system, geographic or projected.
        transform: Pixel (col, row) to x, y of the upper left corner, without rotation.
        width: Columns.
        height: Rows.
    """

    crs: CRS
    transform: Affine
    width: int
    height: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height, self.width

    @property
    def window(self) -> Window:
        """All of it."""
        return Window(0, 0, self.height, self.width)

    @property
    def bounds(self) -> Bounds:
        """xmin, ymin, xmax, ymax in the units of the CRS."""
        x, y = self.transform.c, self.transform.f
        return x, y + self.height * self.transform.e, x + self.width * self.transform.a, y

    @property
    def gsd(self) -> float:
        """Ground sampling distance in metres: mean of both cell sizes at the centre."""
        return sum(self.cell_size(self.height // 2)) / 2

    def cell_size(self, row: int) -> tuple[float, float]:
        """True width and height of the cells in one row, metres.

        Ellipsoidal on a geographic CRS; on a projected one the nominal size in metres, unless the projection
        stretches it by more than 1 % (Web Mercator), when it is ellipsoidal too.
        """
        x, y = self.cell_sizes(np.array([row]))
        return float(x[0]), float(y[0])

    def cell_sizes(self, rows: npt.NDArray[np.integer]) -> tuple[FloatArray, FloatArray]:
        """`cell_size` of many rows at once: two arrays as long as ``rows``, metres."""
        nominal = self._nominal_size()
        if nominal is None:
            return self._ellipsoidal_sizes(rows)
        return np.full(len(rows), nominal[0]), np.full(len(rows), nominal[1])

    def _nominal_size(self) -> tuple[float, float] | None:
        return _nominal_size(self)

    def _ellipsoidal_sizes(self, rows: npt.NDArray[np.integer]) -> tuple[FloatArray, FloatArray]:
        geod, to_degrees = _geodesy(self.crs.to_wkt())
        col, middle = self.width / 2, np.asarray(rows, dtype=np.float64) + 0.5

        def degrees(cols: float, at: FloatArray) -> tuple[FloatArray, ...]:
            x = self.transform.c + self.transform.a * np.full(len(at), cols)
            longitude, latitude = to_degrees.transform(x, self.transform.f + self.transform.e * at)
            return longitude, np.clip(latitude, -90, 90)

        def distance(a: tuple[FloatArray, ...], b: tuple[FloatArray, ...]) -> FloatArray:
            metres: FloatArray = np.abs(geod.inv(a[0], a[1], b[0], b[1])[2])
            return metres

        # Cells at a pole have no width; a millimetre keeps what divides by it finite.
        across = np.maximum(distance(degrees(col - 0.5, middle), degrees(col + 0.5, middle)), 1e-3)
        down = np.maximum(distance(degrees(col, middle - 0.5), degrees(col, middle + 0.5)), 1e-3)
        return across, down

    def window_of(self, extent: Sequence[float], extent_crs: str = "") -> Window:
        """The pixels that an extent touches, clipped to the grid.

        Args:
            extent: xmin, ymin, xmax, ymax.
            extent_crs: WKT or ``EPSG:n``; empty: the CRS of the grid.

        Raises:
            ScarpError: The CRS is unknown, or the extent lies outside the grid.
        """
        try:
            crs = CRS.from_user_input(extent_crs) if extent_crs else self.crs
            xmin, ymin, xmax, ymax = extent if crs == self.crs else transform_bounds(crs, self.crs, *extent)
        except CRSError as error:
            raise ScarpError(f"The CRS of EXTENT, '{extent_crs[:80]}', cannot be used: {error}.") from error
        t = self.transform
        left, right, top, bottom = (xmin - t.c) / t.a, (xmax - t.c) / t.a, (ymax - t.f) / t.e, (ymin - t.f) / t.e
        window = Window(0, 0, 0, 0)
        if all(map(math.isfinite, (left, top, right, bottom))):
            # An edge within a thousandth of a pixel of the lattice lies on it: extents are typed with few digits.
            row, col = math.floor(top + 1e-3), math.floor(left + 1e-3)
            height, width = math.ceil(bottom - 1e-3) - row, math.ceil(right - 1e-3) - col
            window = Window(row, col, max(height, 1), max(width, 1)).clip(self.height, self.width)
        if window.empty:
            asked, found = (", ".join(f"{v:.10g}" for v in box) for box in ((xmin, ymin, xmax, ymax), self.bounds))
            raise ScarpError(
                f"EXTENT lies outside the scene: asked for {asked}, the scene covers {found} "
                f"(xmin, ymin, xmax, ymax in {crs_name(self.crs)}). Choose an extent inside it, or leave it unset."
            )
        return window

    def part(self, window: Window) -> Grid:
        """The grid of a window, which may reach beyond this one."""
        t = self.transform
        corner = Affine(t.a, 0, t.c + t.a * window.col, 0, t.e, t.f + t.e * window.row)
        return Grid(self.crs, corner, window.width, window.height)

    def resampled(self, metres: float) -> Grid:
        """The grid of cells of ``metres`` x ``metres`` (true at its centre) with the same upper left corner."""
        across, down = (metres / size for size in self.cell_size(self.height // 2))
        width, height = (math.ceil(n / f - 1e-3) for n, f in ((self.width, across), (self.height, down)))
        t = self.transform
        return Grid(self.crs, Affine(t.a * across, 0, t.c, 0, t.e * down, t.f), max(width, 1), max(height, 1))


def crs_name(crs: CRS) -> str:
    """``EPSG:n`` where there is one, else the name in the WKT."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.to_wkt().split('"')[1]


@lru_cache(maxsize=64)
def _nominal_size(grid: Grid) -> tuple[float, float] | None:
    """Nominal cell size in metres; None where it is not a length, or not a true one."""
    if grid.crs.is_geographic:
        return None
    factor = grid.crs.linear_units_factor[1]
    nominal = grid.transform.a * factor, -grid.transform.e * factor
    try:
        true = grid._ellipsoidal_sizes(np.array([grid.height // 2]))
    except pyproj.exceptions.ProjError:
        return nominal  # a local engineering CRS has no place on the ellipsoid
    stretched = any(not abs(t[0] / n - 1) <= _DISTORTION for t, n in zip(true, nominal))
    return None if stretched else nominal


@lru_cache(maxsize=16)
def _geodesy(wkt: str) -> tuple[pyproj.Geod, pyproj.Transformer]:
    crs = pyproj.CRS.from_wkt(wkt)
    geod = crs.get_geod() or pyproj.Geod(ellps="WGS84")
    geographic = crs.geodetic_crs or pyproj.CRS.from_epsg(4326)
    return geod, pyproj.Transformer.from_crs(crs, geographic, always_xy=True)
