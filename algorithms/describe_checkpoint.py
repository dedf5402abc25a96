"""scarp:describecheckpoint."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingParameterFile, QgsProcessingParameterFileDestination

from ..core import card
from ..core.jobs import DescribeCheckpointJob
from .base import ScarpAlgorithm


class DescribeCheckpoint(ScarpAlgorithm):
    """Show the card of a checkpoint: what it was trained on, which bands it needs, and how good it was.

    Input: a .safetensors file written by 'Train a network', or the name of a checkpoint that comes with Scarp.

    Output: an HTML page: network, bands in order, ground sampling distance (m), threshold and how it was chosen,
    training data with attribution, and all figures by their full names.
    """

    NAME = "describecheckpoint"
    TITLE = "Describe a checkpoint"
    GROUP = "Assess"
    TAGS = ("model card", "metadata", "network")
    JOB = DescribeCheckpointJob

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: N802
        """See QgsProcessingAlgorithm."""
        self.add(
            QgsProcessingParameterFile("CHECKPOINT", "Checkpoint"),
            "A .safetensors file, or the name of a checkpoint that comes with Scarp.",
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", "Description", "HTML (*.html)"),
            "The checkpoint's card as an HTML page.",
        )

    def check_job(self, job: Any) -> None:
        """Refuse a file that is no checkpoint before a worker is started."""
        super().check_job(job)
        card.read(card.find(job.checkpoint))
