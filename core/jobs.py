"""What can be asked of Scarp: one dataclass a job, plain paths and numbers, to and from JSON.

A field is named as the parameter of the Processing algorithm, in lower case. Standard library only:
QGIS's Python builds these, another Python runs them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

from .errors import ScarpError

RADIOMETRIES = ("auto", "dn", "dn_offset1000", "reflectance", "raw")
PRECISIONS = ("auto", "fp32", "bf16", "fp16")
TEST_TIME_AUGMENTATIONS = ("none", "rotations", "all")
HEADS = ("single", "dual", "multires")


def _output() -> Any:
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

    def __post_init__(self) -> None:
        self.bands = [_layer(item) for item in self.bands]

    def check_scene(self) -> None:
        """Check the scene part of the job."""
        self.require("bands")
        self.choice("radiometry", RADIOMETRIES)
        if self.extent is not None:
            if len(self.extent) != 4:
                raise ScarpError("EXTENT needs four numbers: xmin, ymin, xmax, ymax.")
            xmin, ymin, xmax, ymax = self.extent
            if not (xmin < xmax and ymin < ymax):
                raise ScarpError(f"EXTENT is empty: x {xmin:g} to {xmax:g}, y {ymin:g} to {ymax:g}.")
        if self.resolution is not None and not self.resolution > 0:
            raise ScarpError(f"RESOLUTION is {self.resolution:g} m; it must be greater than 0, or unset.")


@dataclass
class BuildBandsJob(SceneInputs):
    """Write the engineered bands of a scene. ``features``: a preset or a comma-separated list."""

    KIND: ClassVar[str] = "buildbands"
    features: str = "auto"
    output: str = _output()

    def check(self) -> None:
        """See `Job.check`."""
        self.check_scene()
        self.require("features", "output")


@dataclass
class DetectJob(SceneInputs):
    """Map landslides: probability, mask and polygons of a scene.

    Attributes:
        threshold: Probability from which a pixel is landslide; None: the card's.
        min_area: Smallest landslide kept, m². tta: one of `TEST_TIME_AUGMENTATIONS`.
        tile: Side of a tile in pixels, None: chosen. overlap: share of a tile, None: chosen. batch: None: chosen.
        event_date: ISO date, written to the polygons.
    """

    KIND: ClassVar[str] = "detect"
    checkpoint: str = ""
    threshold: float | None = None
    min_area: float = 400.0
    tta: str = "none"
    vote: bool = False
    device: str = "auto"
    tile: int | None = None
    overlap: float | None = None
    batch: int | None = None
    precision: str = "auto"
    event_date: str = ""
    probability: str = _output()
    mask: str = _output()
    polygons: str = _output()
    uncertainty: str = _output()
    presence: str = _output()

    def check(self) -> None:
        """See `Job.check`."""
        self.check_scene()
        self.require("checkpoint")
        self.choice("tta", TEST_TIME_AUGMENTATIONS)
        self.choice("precision", PRECISIONS)
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)
        self.within("overlap", 0, 0.75)
        self.within("tile", 32, 4096)
        self.within("batch", 1, 4096)
        if not self.outputs():
            raise ScarpError(
                "No output was asked for. Choose at least one of PROBABILITY, MASK, POLYGONS, UNCERTAINTY, PRESENCE."
            )


@dataclass
class TrainJob(SceneInputs):
    """Train a network on a folder of chips (``dataset``) or on polygons in a scene (``labels``, ``area``).

    Attributes:
        dataset: Folder of chips (Landslide4Sense as downloaded, or image and mask folders).
        labels: Landslide polygons, ``file.gpkg`` or ``file.gpkg|layername=x``; area: where they are complete
            (empty: the whole scene).
        alpha: Share of the first loss in combined losses; None: both with weight 1.
        schedule: ``cosine``, ``steps`` (the paper's) or ``constant``. batch: None: chosen.
        augment: ``none``, or a comma-separated list of ``flips``, ``rotations``.
        fold: 0, or 1 to 5: the paper's fold that is kept for the test (chip folders only).
        chip: Side of a training chip in pixels (scenes only; chip folders keep theirs).
        init: Checkpoint to start from. resume: state file written beside the checkpoint by a run that was stopped.
    """

    KIND: ClassVar[str] = "train"
    dataset: str = ""
    labels: str = ""
    area: str = ""
    architecture: str = "unet"
    head: str = "single"
    features: str = "auto"
    loss: str = "focal_iou"
    alpha: float | None = None
    optimizer: str = "adamw"
    schedule: str = "cosine"
    epochs: int = 30
    batch: int | None = None
    learning_rate: float = 1e-3
    augment: str = "flips,rotations"
    fold: int = 0
    seed: int = 0
    device: str = "auto"
    precision: str = "auto"
    chip: int = 128
    init: str = ""
    resume: str = ""
    checkpoint: str = _output()
    report: str = _output()

    def check(self) -> None:
        """See `Job.check`."""
        if bool(self.dataset) == bool(self.labels):
            raise ScarpError(
                "Give either DATASET (a folder of chips) or a scene with LABELS (landslide polygons), "
                f"not {'both' if self.dataset else 'neither'}."
            )
        if self.labels:
            self.check_scene()
        self.require("checkpoint", "architecture", "loss", "optimizer")
        self.choice("head", HEADS)
        self.choice("precision", PRECISIONS)
        self.within("alpha", 0, 1)
        self.within("epochs", 1, 10000)
        self.within("batch", 1, 4096)
        self.within("learning_rate", 1e-9, 10)
        self.within("fold", 0, 5)
        self.within("chip", 32, 1024)
        if self.chip % 32:
            raise ScarpError(f"CHIP is {self.chip} px; choose a multiple of 32.")


@dataclass
class EvaluateJob(Job):
    """Compare a mask, probability raster or polygons with a reference, inside ``area``.

    ``threshold``: for probability rasters; None: 0.5, said in the log. ``min_area``: m², for the object figures.
    """

    KIND: ClassVar[str] = "evaluate"
    prediction: str = ""
    reference: str = ""
    area: str = ""
    threshold: float | None = None
    min_area: float = 0.0
    error_map: str = _output()
    report: str = _output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("prediction", "reference")
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)


@dataclass
class PolygonizeJob(Job):
    """Turn a probability raster into a mask and polygons; ``simplify``: tolerance in metres, 0 keeps pixel edges."""

    KIND: ClassVar[str] = "polygonize"
    probability: str = ""
    threshold: float = 0.5
    min_area: float = 400.0
    dem: str = ""
    simplify: float = 0.0
    event_date: str = ""
    mask: str = _output()
    polygons: str = _output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("probability")
        self.within("threshold", 0, 1)
        self.within("min_area", 0, 1e9)
        self.within("simplify", 0, 1e4)
        if not self.outputs():
            raise ScarpError("No output was asked for. Choose at least one of MASK and POLYGONS.")


@dataclass
class DemoSceneJob(Job):
    """Generate the demonstration scene. ``size``: width of the 10 m grid in pixels; its height is half of it."""

    KIND: ClassVar[str] = "demoscene"
    seed: int = 1
    size: int = 1024
    folder: str = _output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("folder")
        self.within("size", 256, 10980)


@dataclass
class DescribeCheckpointJob(Job):
    """Describe a checkpoint's card in HTML."""

    KIND: ClassVar[str] = "describecheckpoint"
    checkpoint: str = ""
    report: str = _output()

    def check(self) -> None:
        """See `Job.check`."""
        self.require("checkpoint")


@dataclass
class CheckRuntimeJob(Job):
    """Say what the worker's Python can do: versions, devices, memory, and what is missing."""

    KIND: ClassVar[str] = "checkruntime"
    device: str = "auto"


KINDS: dict[str, type[Job]] = {
    job.KIND: job
    for job in (
        BuildBandsJob,
        DetectJob,
        TrainJob,
        EvaluateJob,
        PolygonizeJob,
        DemoSceneJob,
        DescribeCheckpointJob,
        CheckRuntimeJob,
    )
}


def from_json(text: str) -> Job:
    """Read a job from JSON and check it.

    Raises:
        ScarpError: The text is no JSON object, the job or one of its fields is unknown, or a value is refused.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ScarpError(f"The job is not valid JSON: {error}.") from error
    kind = data.pop("job", None) if isinstance(data, dict) else None
    if kind not in KINDS:
        raise ScarpError(f"Unknown job '{kind}'. Known: {', '.join(KINDS)}.")
    job_class = KINDS[kind]
    known = {f.name for f in fields(job_class)}
    unknown = sorted(set(data) - known)
    if unknown:
        raise ScarpError(f"{kind}: unknown {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    try:
        job = job_class(**data)
        job.check()
    except (TypeError, ValueError) as error:
        raise ScarpError(f"{kind}: a value has the wrong type: {error}.") from error
    return job


def _layer(item: Any) -> Layer:
    if isinstance(item, Layer):
        return item
    if isinstance(item, str):
        return Layer(item)
    return Layer(**item)
