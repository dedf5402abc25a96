"""The parameter that says where a network runs."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterString

from .base import ScarpAlgorithm


def add_device(algorithm: ScarpAlgorithm) -> None:
    """Add DEVICE."""
    algorithm.add(
        QgsProcessingParameterString("DEVICE", "Device (auto, cpu, cuda, cuda:1)", defaultValue="auto"),
        "auto: a GPU that works, else the CPU, said in the log. cpu. cuda or cuda:1: this GPU, or an error when it "
        "cannot run.",
        advanced=True,
    )
