"""Maps of noise: bodies whose outlines are as long as the map is large."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.features import rasterize
from scarp.core.products.components import STRIP_ROWS, Components
from scarp.core.products.polygons import polygons_from_mask
from scarp.core.products.squares import MOST, SIDE, too_complex
from scarp.core.reporter import Reporter
from scipy import ndimage

EIGHT = np.ones((3, 3), bool)


@pytest.mark.parametrize("options", [{}, {"split": "shape", "smooth": True}])
def test_noise_is_divided_into_squares_and_said(raster, tmp_path, options):
    mask = (np.random.default_rng(3).random((700, 620)) < 0.5).astype(np.uint8)
    mask[:, 560:] = 0
    mask[100:120, 580:600] = 1  # a landslide beside the noise
    said, path = [], tmp_path / "p.gpkg"
    result = polygons_from_mask(
        raster(mask), None, path, reporter=Reporter(log=lambda level, text: said.append((level, text))), **options
    )
    assert [text for level, text in said if level == "warning" and "noise" in text]
    meta, _, wkb, columns = pyogrio.raw.read(path, layer="landslides")
    shapes, columns = shapely.from_wkb(wkb), dict(zip(meta["fields"], columns))
    assert shapely.is_valid(shapes).all()
    assert shapely.get_num_coordinates(shapes).max() < 1.5 * MOST
    labels, _ = ndimage.label(mask, EIGHT)
    if not options:
        with rasterio.open(tmp_path / "raster.tif") as grid:
            transform = grid.transform
        burnt = rasterize([(shape, n) for n, shape in enumerate(shapes, 1)], mask.shape, transform=transform)
        np.testing.assert_array_equal(burnt > 0, mask == 1)
        sizes = np.bincount(labels.ravel())
        largest = int(sizes[1:].argmax()) + 1
        squares = np.unique(burnt[labels == largest])
        assert len(squares) == -(-700 // STRIP_ROWS) * -(-560 // SIDE) == 6
        assert result["count"] == len(shapes) == len(sizes) - 2 + len(squares)
        assert columns["area_m2"].sum() == pytest.approx(result["area_m2"])
    else:
        assert columns["area_m2"].sum() == pytest.approx(mask.sum() * 100.08, rel=2e-3)


def test_what_crosses_one_row_is_bounded_by_lowering_the_limit():
    """Combs that stand beside each other from top to bottom: none is long, all of them are."""
    mask = np.zeros((2 * STRIP_ROWS, 400), bool)
    mask[:, ::4] = True
    mask[::2, 1::4] = True
    bodies = Components(lambda row, height: mask[row : row + height], *mask.shape)
    each = 4 * STRIP_ROWS
    noisy, most = too_complex(bodies)
    assert (noisy.any(), most) == (False, MOST)
    noisy, most = too_complex(bodies, held=100 * each // 2)
    assert noisy[1:].all()
    assert each / 2 <= most < each
