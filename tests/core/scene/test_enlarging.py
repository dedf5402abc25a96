"""Interpolation onto finer cells of one CRS, against GDAL's warper."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from rasterio.enums import Resampling
from scarp.core.scene.enlarging import Enlarged
from scarp.core.scene.grid import Grid, Window
from scarp.core.scene.raster import Raster
from scarp.core.scene.source import Source

GRID = Grid(CRS.from_epsg(32654), Affine(10, 0, 500000, 0, -10, 4700000), 150, 140)
MARGIN = 7
ALL = Window(-MARGIN, -MARGIN, GRID.height + 2 * MARGIN, GRID.width + 2 * MARGIN)
NODATA = {"float32": -9999, "uint16": 0, "int16": -32768}


class Warped(Source):
    """Reads through GDAL whatever the grids are."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._resampled = self._warp()


@given(
    st.sampled_from(list(NODATA)),
    st.sampled_from([10.2, 20.0, 27.3, 30.0, 60.0]),
    st.tuples(st.floats(-200, 200), st.floats(-200, 200)),
    st.sampled_from([0.0, 0.05, 0.6]),
    st.booleans(),
    st.integers(0, 99),
)
@example("float32", 27.3, (0.0, 0.0), 0.0, False, 16)  # the last centre lies on the edge of the source
@settings(max_examples=25, deadline=None)
def test_it_is_what_gdal_gives(tmp_path_factory, write_raster, kind, cell, shift, holes, declared, seed):
    rng = np.random.default_rng(seed)
    stored = rng.uniform(1, 3000, (2, *rng.integers(25, 70, 2))).astype(kind)
    stored[:, rng.random(stored.shape[1:]) < holes] = NODATA[kind]
    corner = GRID.transform.c + shift[0], GRID.transform.f + shift[1]
    folder = tmp_path_factory.mktemp("enlarged")
    place = {"cell": cell, "corner": corner, "nodata": NODATA[kind] if declared else None}
    options = {"margin": MARGIN, "nodata": None if declared else NODATA[kind]}
    own = Source(
        Raster(write_raster(folder / "both.tif", stored, **place)), [2, 1], GRID, Resampling.bilinear, **options
    )
    assert isinstance(own._resampled, Enlarged)
    found = own.read(ALL)
    # Of files of several bands GDAL lets values bleed half a cell into nodata.
    for band, values in zip((1, 0), found):
        raster = Raster(write_raster(folder / f"{band}.tif", stored[band], **place))
        expected = Warped(raster, [1], GRID, Resampling.bilinear, **options).read(ALL)[0]
        np.testing.assert_allclose(values, expected, rtol=2e-7)
    part = Window(31, -2, 50, 91)
    np.testing.assert_array_equal(own.read(part), found[(slice(None), *part.slices(ALL))])


@pytest.mark.parametrize(
    ("cell", "crs", "how"),
    [(5.0, "EPSG:32654", Resampling.bilinear), (20.0, "EPSG:32653", Resampling.bilinear),
     (20.0, "EPSG:32654", Resampling.nearest)],
)  # fmt: skip
def test_everything_else_is_left_to_gdal(make, cell, crs, how):
    corner = (500003.0, 4700003.0) if crs == "EPSG:32654" else (993000.0, 4717000.0)
    raster = Raster(make("a.tif", np.ones((80, 80), np.uint16), cell=cell, corner=corner, crs=crs))
    assert not isinstance(Source(raster, [1], GRID, how)._resampled, Enlarged)


def test_neighbours_of_an_undeclared_nan_are_interpolated_from_the_others(make):
    stored = np.full((20, 20), 7, np.float32)
    stored[10, 10] = np.nan
    source = Source(Raster(make("a.tif", stored, cell=30)), [1], GRID, Resampling.bilinear)
    found = source.read(Window(0, 0, 60, 60))[0]
    np.testing.assert_allclose(found[np.isfinite(found)], 7)
    assert np.isnan(found).sum() == np.isnan(found[30:33, 30:33]).sum() == 9
