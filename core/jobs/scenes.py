"""Jobs that make or prepare a scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..bands import BANDS, codes
from ..errors import ScarpError
from ..job import Job, SceneInputs, check_extent, output


@dataclass
class BuildBandsJob(SceneInputs):
    """Write the engineered bands of a scene. ``features``: a preset or a comma-separated list."""

    KIND: ClassVar[str] = "buildbands"
    features: str = "auto"
    output: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.check_scene()
        self.require("features", "output")


@dataclass
class DemoSceneJob(Job):
    """Generate the demonstration scene. ``size``: width of the 10 m grid in pixels; its height is half of it."""

    KIND: ClassVar[str] = "demoscene"
    seed: int = 1
    size: int = 1024
    folder: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("folder")
        self.within("size", 256, 10980)


@dataclass
class MakeChipsJob(SceneInputs):
    """Cut a scene with its polygons into a folder of chips to train on.

    Attributes:
        labels: Landslide polygons, ``file.gpkg`` or ``file.gpkg|layername=x``; area: where they are complete
            (empty: the whole scene). Without labels the scene holds no landslide.
        chip: Side of a chip in pixels. stride: distance of neighbours in pixels; None: that of the chip.
        context: Pixels around each chip that are written with it and not scored: what a network sees around a place.
        region_field: Field of AREA that names the region of each polygon; empty: the chips have no region.
        min_scored: Chips with a smaller share of scored pixels are left out.
        skip_empty: Share of the chips without landslide that is left out.
        scene: What the scene is called in the manifest; empty: the name of the folder.
        folder: New, empty, or one that an earlier run wrote, which is replaced.
    """

    KIND: ClassVar[str] = "makechips"
    labels: str = ""
    area: str = ""
    chip: int = 128
    stride: int | None = None
    context: int = 0
    region_field: str = ""
    min_scored: float = 0.1
    skip_empty: float = 0.0
    scene: str = ""
    folder: str = output()

    def check(self) -> None:
        """See `Job.check`."""
        self.check_scene()
        self.require("folder")
        self.within("chip", 32, 1024)
        self.within("stride", 1, 10240)
        self.within("context", 0, 512)
        self.within("min_scored", 0, 1)
        self.within("skip_empty", 0, 1)
        if (self.chip + 2 * self.context) % 32 or self.chip % 32:
            raise ScarpError(
                f"CHIP is {self.chip} px and CONTEXT {self.context} px; choose a multiple of 32 and one of 16."
            )
        if self.region_field and not self.area:
            raise ScarpError("REGION_FIELD is a field of AREA. Give the polygons of the regions as AREA.")


@dataclass
class ImportProductJob(Job):
    """Turn a Sentinel-2 product as downloaded into a stack of named bands at 10 m.

    Attributes:
        product: Folder ``.SAFE``, its zip, its metadata file, or a folder that holds one; see `scarp.core.sentinel`.
        bands_wanted: Names of bands, comma-separated; empty: all that the product has.
        extent: xmin, ymin, xmax, ymax in ``extent_crs`` (WKT or ``EPSG:n``; empty: the CRS of the product).
        output: The stack. mask: the scene classification (SCL), which L2A alone has.
    """

    KIND: ClassVar[str] = "importproduct"
    product: str = ""
    bands_wanted: str = ""
    extent: list[float] | None = None
    extent_crs: str = ""
    mask: str = output()
    output: str = output()  # last: the name hides the function

    def check(self) -> None:
        """See `Job.check`."""
        self.require("product", "output")
        check_extent(self.extent)
        self.names()

    def names(self) -> tuple[str, ...]:
        """BANDS_WANTED in canonical order; empty: all.

        Raises:
            ScarpError: An entry is no band of Sentinel-2.
        """
        found = set()
        for entry in filter(None, (part.strip() for part in self.bands_wanted.split(","))):
            named = codes(entry)
            if len(named) != 1:
                raise ScarpError(f"BANDS_WANTED: '{entry}' is no band. Known: {', '.join(BANDS)}.")
            found.add(named[0])
        return tuple(band for band in BANDS if band in found)
