"""From what the user gave to a `Scene`: which band is what, which grid, which units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from rasterio.enums import MaskFlags, Resampling

from .. import bands
from ..errors import ScarpError
from ..jobs import Layer, SceneInputs
from ..reporter import Reporter
from ..sentinel import is_product
from . import before, engineered, gdal, radiometry
from .assign import Assigned, assign
from .elevation import Elevation, margin
from .grid import Grid, Window, crs_name
from .mask import ValidMask, check_not_empty
from .parts import Part
from .product import band_rasters, open_product
from .raster import Raster
from .scene import Scene
from .source import Source, aligned


def open_scene(inputs: SceneInputs, reporter: Reporter) -> Scene:
    """Open the inputs of a scene. Nothing but small samples is read.

    Args:
        inputs: What the user gave; see `scarp.core.jobs.SceneInputs`.
        reporter: Told every choice that is made: grid, resampling, radiometry, mask.

    Returns:
        The scene, to be used as a context.

    Raises:
        ScarpError: A file is missing, damaged, without CRS, rotated or elsewhere; a band cannot be told or is there
            twice; the radiometry is ambiguous; EXTENT lies outside; the scene is one pixel wide.
    """
    inputs.check_scene()
    with ExitStack() as stack, gdal.limits():
        opener = _Opener(inputs, reporter, stack)
        scene = opener.open()
        opener.resources.push(stack.pop_all())
        return scene


class _Opener:
    def __init__(self, inputs: SceneInputs, reporter: Reporter, stack: ExitStack) -> None:
        self.inputs, self.reporter, self.stack = inputs, reporter, stack
        self.resources = ExitStack()
        self.records: list[dict[str, Any]] = []
        self.classification = ""  # that of a product among the bands

    def open(self) -> Scene:
        rasters = [raster for layer in self.inputs.bands for raster in self._rasters(layer)]
        self._check_not_twice(rasters)
        built = self._engineered(rasters)
        return self._open_engineered(rasters[0], built) if built else self._open_bands(rasters)

    def _open_bands(self, rasters: list[Raster]) -> Scene:
        found = assign(rasters, self.inputs.band_map, self.reporter)
        found += [
            Assigned(name, raster, raster.data_bands[0])
            for name, path in (("SLOPE", self.inputs.slope), ("DEM", self.inputs.dem))
            if path
            for raster in [self._terrain(name, path, found)]
        ]
        image = [a for a in found if a.name not in bands.EXTRA]
        if not image:
            raise ScarpError(
                f"BANDS holds {', '.join(a.name for a in found)} but no Sentinel-2 band and no colour. "
                "Add at least one."
            )
        grid = self._grid(_finest([raster for raster in rasters if any(a.raster is raster for a in image)]))
        window = self._window(grid)
        kind = radiometry.decide(found, self.inputs.radiometry, self.reporter)
        heights = next((self._source([a], grid, margin(grid)) for a in found if a.name == "DEM"), None)
        dem = Elevation(heights, grid) if heights else None
        parts = self._parts(found, kind, grid)
        available = {a.name for a in found} | ({"SLOPE"} if dem else set())
        product = radiometry.product([a.raster for a in image], [a.name for a in image])
        earlier = self._before(grid, image, kind.kind, product) if self.inputs.pre_bands else None
        return Scene(
            grid=grid,
            window=window,
            names=(*(name for name in bands.CANONICAL if name in available), *(earlier.names if earlier else ())),
            engineered=False,
            radiometry=kind.kind,
            product=product,
            sources=self.records,
            reporter=self.reporter,
            _parts=parts,
            _mask=self._mask(grid),
            _resources=self.resources,
            _dem=dem,
            _before=earlier,
        )

    def _parts(self, found: Sequence[Assigned], kind: radiometry.Radiometry, grid: Grid) -> list[Part]:
        parts = []
        for raster in {id(a.raster): a.raster for a in found}.values():
            mine = [a for a in found if a.raster is raster and a.name != "DEM"]
            for group in ([a for a in mine if a.name != "SLOPE"], [a for a in mine if a.name == "SLOPE"]):
                if group:
                    linear = tuple(kind.linear.get(a.name, a.raster.scaling(a.band)) for a in group)
                    parts.append(Part(self._source(group, grid), tuple(a.name for a in group), linear))
        return parts

    def _before(self, grid: Grid, image: Sequence[Assigned], kind: str, product: str) -> before.Before:
        """The pre-event image; arguments tell of the scene itself."""
        given = self.inputs
        inputs = SceneInputs(
            bands=given.pre_bands,
            band_map=before.without_prefix(given.pre_band_map),
            radiometry=given.pre_radiometry,
            valid_mask=given.pre_valid_mask,
        )
        opener = _BeforeOpener(inputs, before.reworded(self.reporter), self.stack)
        try:
            earlier = opener.open_before(grid, image, kind, product)
        except ScarpError as error:
            raise ScarpError(before.words(str(error))) from error
        self.records += [{**record, "image": "pre-event"} for record in opener.records]
        return earlier

    def _open_engineered(self, raster: Raster, built: engineered.Engineered) -> Scene:
        if self.inputs.resolution is not None:
            raise ScarpError("RESOLUTION cannot change engineered bands: set it where they are built.")
        ignored = [p for p in ("band_map", "dem", "slope", "pre_bands") if getattr(self.inputs, p)]
        if ignored:
            self.reporter.info(f"BANDS are engineered already: {', '.join(ignored).upper()} not used for them.")
        grid = self._grid(raster)
        window = self._window(grid)
        source = Source(raster, raster.dataset.indexes, grid, Resampling.bilinear)
        self.records.append({"path": raster.path, "name": raster.name, "bands": list(built.channels)})
        return Scene(
            grid=grid,
            window=window,
            names=built.channels,
            engineered=True,
            radiometry=built.radiometry,
            product=built.product,
            mode=built.mode,
            sources=self.records,
            reporter=self.reporter,
            _parts=[Part(source, built.channels, ((1.0, 0.0),) * len(built.channels))],
            _mask=self._mask(grid),
            _resources=self.resources,
        )

    def _raster(self, path: str, name: str = "") -> Raster:
        raster = Raster(path, name)
        self.stack.callback(raster.close)
        return raster

    def _rasters(self, layer: Layer) -> list[Raster]:
        """A raster; of a Sentinel-2 product, all its bands, and its scene classification as VALID_MASK."""
        if not is_product(layer.path):
            return [self._raster(layer.path, layer.name)]
        product = open_product(layer.path)
        for remark in product.remarks():
            self.reporter.info(remark)
        if product.missing:
            self.reporter.warning(f"'{product.files.name}' lacks the images of {', '.join(product.missing)}.")
        if self.inputs.valid_mask:
            self.reporter.info(f"VALID_MASK is used, not the scene classification of '{product.files.name}'.")
        elif product.files.scl:
            self.classification = product.files.scl
        else:
            self.reporter.warning(
                f"'{product.files.name}' ({product.facts.level}) has no scene classification: clouds are not left out "
                "unless VALID_MASK says where they are."
            )
        rasters = band_rasters(product)
        for raster in rasters:
            self.stack.callback(raster.close)
        return list(rasters)

    def _check_not_twice(self, rasters: Sequence[Raster]) -> None:
        paths = [raster.path for raster in rasters]
        twice = sorted({path for path in paths if paths.count(path) > 1})
        if twice:
            raise ScarpError(f"BANDS holds the same file twice: {', '.join(twice)}. Remove one.")

    def _engineered(self, rasters: Sequence[Raster]) -> engineered.Engineered | None:
        tags = [engineered.from_raster(raster) for raster in rasters]
        if len(rasters) > 1 and any(tags):
            name = next(raster.name for raster, tag in zip(rasters, tags) if tag)
            raise ScarpError(
                f"'{name}' holds engineered bands, which stand alone, but BANDS has {len(rasters)} rasters. "
                "Give it alone, or give the original bands."
            )
        return tags[0] if tags else None

    def _terrain(self, name: str, path: str, found: Sequence[Assigned]) -> Raster:
        twice = next((a for a in found if a.name == name), None)
        if twice:
            raise ScarpError(f"{name} was found twice: as {name} '{path}' and as {twice}. Remove one of them.")
        raster = self._raster(path)
        # A wrong file here would go through without a trace: every single-band raster has a "slope".
        image = bands.recognise(raster.name)
        if image in bands.BANDS or path in [a.raster.path for a in found]:
            wanted = "elevation in metres" if name == "DEM" else "slope in degrees"
            raise ScarpError(
                f"{name} is '{raster.name}', which is {f'band {image}' if image else 'one of BANDS'}. "
                f"Choose the raster with the {wanted}, or leave {name} empty."
            )
        if len(raster.data_bands) > 1:
            self.reporter.warning(f"{name} '{raster.name}' has {len(raster.data_bands)} bands; the first is used.")
        check_not_empty(raster, name)
        values = raster.samples[raster.data_bands[0]]
        if name == "SLOPE" and values.size and values.max() > 90:
            raise ScarpError(
                f"SLOPE '{raster.name}' holds values up to {values.max():.4g}: degrees (0 to 90) are expected. Was it "
                "computed in percent? Compute it in degrees, or give the DEM instead."
            )
        return raster

    def _grid(self, raster: Raster) -> Grid:
        grid, which = raster.grid, f"that of '{raster.name}'"
        metres = self.inputs.resolution
        if metres is not None and not all(
            math.isclose(metres, size, rel_tol=1e-3) for size in grid.cell_size(grid.height // 2)
        ):
            grid, which = grid.resampled(metres), f"that of '{raster.name}' at RESOLUTION {metres:g} m"
        _check_size(grid.window, f"The scene '{raster.name}'")
        x, y = grid.cell_size(grid.height // 2)
        self.reporter.info(
            f"Grid: {grid.width} x {grid.height} cells of {x:.4g} x {y:.4g} m in {crs_name(grid.crs)}, {which}."
        )
        return grid

    def _window(self, grid: Grid) -> Window:
        if self.inputs.extent is None:
            return grid.window
        window = grid.window_of(self.inputs.extent, self.inputs.extent_crs)
        _check_size(window, "EXTENT")
        self.reporter.info(f"EXTENT selects {window.width} x {window.height} of its cells.")
        return window

    def _source(self, found: Sequence[Assigned], grid: Grid, beyond: int = 0) -> Source:
        raster, names = found[0].raster, ", ".join(a.name for a in found)
        offset = aligned(raster.grid, grid)
        source = Source(
            raster,
            [a.band for a in found],
            grid,
            Resampling.bilinear,
            margin=beyond,
            nodata=self._undeclared_nodata(found, warped=offset is None),
        )
        self.stack.callback(source.close)
        if source.warped:
            way = f"{raster.grid.gsd:.4g} m, {crs_name(raster.grid.crs)}"
            self.reporter.info(f"{names} from '{raster.name}' ({way}) is resampled to the grid (bilinear).")
        self.records.append(
            {
                "path": raster.path,
                "name": raster.name,
                "bands": {a.name: a.band for a in found},
                "crs": crs_name(raster.grid.crs),
                "gsd": round(raster.grid.gsd, 4),
                "resampling": "bilinear" if source.warped else "none",
            }
        )
        return source

    def _undeclared_nodata(self, found: Sequence[Assigned], warped: bool) -> float | None:
        first = found[0]
        if first.raster.dataset.mask_flag_enums[first.band - 1] != [MaskFlags.all_valid]:
            return None
        if first.name in bands.EXTRA:
            return self._implausible(first)
        # Bilinear weights would mix the undeclared nodata 0 of Sentinel-2 products into its neighbours.
        spectral = all(a.name in bands.BANDS for a in found) and self.inputs.radiometry != "raw"
        return 0.0 if warped and spectral and first.raster.dtype(first.band).kind in "iu" else None

    def _implausible(self, terrain_input: Assigned) -> float | None:
        """A value far too low for heights or slopes: what stands for nodata in files that do not say so."""
        values = terrain_input.raster.samples[terrain_input.band]
        lowest = float(values.min()) if values.size else 0.0
        if lowest >= (-1000 if terrain_input.name == "DEM" else 0):
            return None
        self.reporter.warning(
            f"{terrain_input.name} '{terrain_input.raster.name}' holds {lowest:g} without declaring it as nodata: "
            "taken as nodata."
        )
        return lowest

    def _mask(self, grid: Grid) -> ValidMask | None:
        path = self.inputs.valid_mask or self.classification
        if not path:
            return None
        mask = ValidMask(self._raster(path), grid, self.reporter)
        self.stack.callback(mask.source.close)
        self.records.append(
            {"path": mask.raster.path, "name": mask.raster.name, "mask": "SCL" if mask.is_scl else "mask"}
        )
        return mask


class _BeforeOpener(_Opener):
    """Opens the pre-event image, on the grid of the scene it belongs to."""

    def open_before(self, grid: Grid, image: Sequence[Assigned], kind: str, product: str) -> before.Before:
        """Find the bands that ``image`` has as well, and how they are to be read."""
        rasters = [raster for layer in self.inputs.bands for raster in self._rasters(layer)]
        self._check_not_twice(rasters)
        if any(engineered.from_raster(raster) for raster in rasters):
            raise ScarpError("BANDS holds engineered bands. Give the Sentinel-2 bands themselves.")
        found = assign(rasters, self.inputs.band_map, self.reporter)
        now = {a.name: (a.raster.path, a.band) for a in image}
        used = [a for a in found if a.name in now]
        left = [a.name for a in found if a.name not in now]
        if not used:
            raise ScarpError(
                f"BANDS holds {', '.join(left)}, the scene {', '.join(now)}: change needs a band that both have."
            )
        if left:
            self.reporter.info(f"{', '.join(left)} not used: the scene has no such band to compare with.")
        same = [a for a in used if (a.raster.path, a.band) == now[a.name]]
        if same:
            raise ScarpError(f"{same[0]} is the scene's own band. Give the image from before the event as BANDS.")
        earlier = radiometry.decide(used, self.inputs.radiometry, self.reporter)
        if (earlier.kind == "raw") != (kind == "raw"):
            raise ScarpError(
                f"RADIOMETRY is {earlier.kind}, that of the scene {kind}: they cannot be compared. Give both images "
                "as reflectance or DN, or both as pictures (RADIOMETRY=raw)."
            )
        level = radiometry.product([a.raster for a in used], [a.name for a in used])
        if "" not in (level, product) and level != product:
            self.reporter.warning(
                f"it is a Sentinel-2 {level} product, the scene a {product} product: what differs between them will "
                "look like change. Use the same product for both."
            )
        self.reporter.info(f"{', '.join(a.name for a in used)} are compared with the scene.")
        mask = self._mask(grid)
        return before.Before(tuple(self._parts(used, earlier, grid)), earlier.kind == "raw", mask)


def _finest(rasters: Sequence[Raster]) -> Raster:
    """The raster with the smallest cells; of several alike the one with most of them, of these the first."""
    finest = min(raster.grid.gsd for raster in rasters)
    alike = [raster for raster in rasters if raster.grid.gsd < 1.01 * finest]
    return max(alike, key=lambda raster: raster.grid.width * raster.grid.height)


def _check_size(window: Window, what: str) -> None:
    if min(window.shape) < 2:
        raise ScarpError(
            f"{what} is {window.width} x {window.height} pixels; at least 2 x 2 are needed to see anything. Choose a "
            "larger area, or a finer RESOLUTION."
        )
