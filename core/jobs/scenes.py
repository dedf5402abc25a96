"""Jobs that make or prepare a scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..job import Job, SceneInputs, output


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
