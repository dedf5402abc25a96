"""What every job shares: an output's role, checks in the user's words, and the scene inputs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from .errors import ScarpError

RADIOMETRIES = ("auto", "dn", "dn_offset1000", "reflectance", "raw")


def output() -> Any:
    """A field that holds the path of an output; empty: not asked for."""
    return field(default="", metadata={"role": "output"})


@dataclass
class Layer:
    """A raster that the user chose: where it is, and what it is called in the project (its name may tell the band)."""

    path: str
    name: str = ""


@dataclass
class Job:
    """Base of all jobs."""

    KIND: ClassVar[str] = ""

    def to_json(self) -> str:
        """The job on one line of JSON, as the worker reads it."""
        return json.dumps({"job": self.KIND, **asdict(self)})

    def outputs(self) -> dict[str, str]:
        """The outputs that were asked for: field name to path."""
        named = {f.name: getattr(self, f.name) for f in fields(self) if f.metadata.get("role") == "output"}
        return {name: path for name, path in named.items() if path}

    def require(self, *names: str) -> None:
        """Raise a `ScarpError` that lists every one of ``names`` that was left empty."""
        missing = [name.upper() for name in names if not getattr(self, name)]
        if missing:
            raise ScarpError(f"{self.KIND}: nothing was given for {', '.join(missing)}.")

    def choice(self, name: str, allowed: tuple[str, ...]) -> None:
        """Raise a `ScarpError` when the field ``name`` holds none of ``allowed``."""
        if getattr(self, name) not in allowed:
            raise ScarpError(f"{name.upper()} is '{getattr(self, name)}'; choose one of {', '.join(allowed)}.")

    def within(self, name: str, low: float, high: float) -> None:
        """Raise a `ScarpError` when the number in the field ``name`` is set and outside ``low`` to ``high``."""
        value = getattr(self, name)
        if value is not None and not low <= value <= high:
            raise ScarpError(f"{name.upper()} is {value:g}; choose a value from {low:g} to {high:g}.")

    def is_date(self, name: str) -> None:
        """Raise a `ScarpError` when the field ``name`` is set and no ISO date."""
        try:
            date.fromisoformat(getattr(self, name) or "2000-01-01")
        except ValueError as error:
            raise ScarpError(
                f"{name.upper()} is '{getattr(self, name)}'; write it as year-month-day, such as 2018-09-06."
            ) from error

    def check_files(self) -> None:
        """Raise a `ScarpError` when an output would replace an input or another output."""
        users: dict[Path, str] = {}
        for f in fields(self):
            if f.metadata.get("role") == "state":
                continue  # a training goes on with files of its own
            value = getattr(self, f.name)
            several = value if isinstance(value, list) else [value]
            paths = [item.path if isinstance(item, Layer) else item for item in several]
            for path in paths:
                if not isinstance(path, str) or not path:
                    continue
                file = Path(path.partition("|")[0]).absolute()
                if f.metadata.get("role") == "output" and file in users:
                    raise ScarpError(
                        f"{f.name.upper()} is the same file as {users[file].upper()}: '{file}'. Choose another name."
                    )
                users[file] = f.name

    def check(self) -> None:
        """Raise a `ScarpError` for what can be seen to be wrong without opening a file."""


@dataclass
class SceneInputs(Job):
    """The scene of an event: what the algorithms call BANDS, BAND_MAP, RADIOMETRY, DEM, SLOPE, ...

    Attributes:
        bands: Rasters with one band each, or stacks.
        band_map: Which band is which where names don't tell: ``B02=1,B03=2``. The number counts the bands of
            all rasters in the order given, from 1; a raster's name may stand instead.
        radiometry: One of `RADIOMETRIES`.
        dem: Digital elevation model, metres. slope: slope in degrees, instead of the one computed from ``dem``.
        valid_mask: A raster that is 0 or nodata where the scene must not be used, or a Sentinel-2 SCL layer.
        extent: xmin, ymin, xmax, ymax in ``extent_crs`` (WKT or ``EPSG:n``; empty: the CRS of the grid).
        resolution: Ground sampling distance of the grid in metres; None: that of the finest band.
        pre_bands: The same place before the event, for features of change; it may leave a part of the scene open.
            pre_band_map, pre_radiometry, pre_valid_mask: as those of the scene.
    """

    bands: list[Layer] = field(default_factory=list)
    band_map: str = ""
    radiometry: str = "auto"
    dem: str = ""
    slope: str = ""
    valid_mask: str = ""
    extent: list[float] | None = None
    extent_crs: str = ""
    resolution: float | None = None
    pre_bands: list[Layer] = field(default_factory=list)
    pre_band_map: str = ""
    pre_radiometry: str = "auto"
    pre_valid_mask: str = ""

    def __post_init__(self) -> None:
        self.bands = [layer_of(item) for item in self.bands]
        self.pre_bands = [layer_of(item) for item in self.pre_bands]

    def check_scene(self) -> None:
        """Check the scene part of the job."""
        self.require("bands")
        self.choice("radiometry", RADIOMETRIES)
        self.choice("pre_radiometry", RADIOMETRIES)
        if not self.pre_bands:
            alone = [name.upper() for name in ("pre_band_map", "pre_valid_mask") if getattr(self, name)]
            if alone:
                raise ScarpError(f"{' and '.join(alone)} describe the pre-event image: give it as PRE_BANDS.")
        check_extent(self.extent)
        if self.resolution is not None and not self.resolution > 0:
            raise ScarpError(f"RESOLUTION is {self.resolution:g} m; it must be greater than 0, or unset.")


def check_extent(extent: list[float] | None) -> None:
    """Raise a `ScarpError` when ``extent`` is set and no box: xmin, ymin, xmax, ymax."""
    if extent is None:
        return
    if len(extent) != 4:
        raise ScarpError("EXTENT needs four numbers: xmin, ymin, xmax, ymax.")
    xmin, ymin, xmax, ymax = extent
    if not (xmin < xmax and ymin < ymax):
        raise ScarpError(f"EXTENT is empty: x {xmin:g} to {xmax:g}, y {ymin:g} to {ymax:g}.")


def layer_of(item: Any) -> Layer:
    """A `Layer` from what JSON holds of it, or from a path."""
    if isinstance(item, Layer):
        return item
    if isinstance(item, str):
        return Layer(item)
    return Layer(**item)
