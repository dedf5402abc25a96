"""The group 'Scarp' in the Processing toolbox."""

from __future__ import annotations

from qgis.core import (
    QgsApplication,
    QgsProcessingProvider,
    QgsRuntimeProfiler,
)
from qgis.PyQt.QtGui import QIcon

from .. import __version__
from ..core.outputs import RASTER, VECTOR
from . import models, options
from .about import ICON
from .build_bands import BuildBands
from .check_runtime import CheckRuntime
from .compare import Compare
from .cross_validate import CrossValidate
from .demo_scene import DemoScene
from .describe_checkpoint import DescribeCheckpoint
from .detect import Detect
from .evaluate import Evaluate
from .evaluate_checkpoint import EvaluateCheckpoint
from .explain import Explain
from .import_product import ImportProduct
from .make_chips import MakeChips
from .mosaic import Mosaic
from .polygonize import Polygonize
from .setup_runtime import SetUpRuntime
from .train import Train
from .translation import tr
from .verify import Verify

ALGORITHMS = (
    BuildBands,
    ImportProduct,
    DemoScene,
    MakeChips,
    Detect,
    Polygonize,
    Mosaic,
    Verify,
    Train,
    CrossValidate,
    Compare,
    Evaluate,
    EvaluateCheckpoint,
    Explain,
    DescribeCheckpoint,
    SetUpRuntime,
    CheckRuntime,
)


class ScarpProvider(QgsProcessingProvider):
    """Offers the algorithms, and the models of ``resources/models`` built from them."""

    def id(self) -> str:
        """See QgsProcessingProvider; never changed."""
        return "scarp"

    def name(self) -> str:
        """See QgsProcessingProvider."""
        return "Scarp"

    def longName(self) -> str:  # noqa: N802
        """See QgsProcessingProvider."""
        return tr("Scarp: landslide mapping")

    def versionInfo(self) -> str:  # noqa: N802
        """See QgsProcessingProvider."""
        return __version__

    def icon(self) -> QIcon:
        """See QgsProcessingProvider."""
        return QIcon(ICON)

    def svgIconPath(self) -> str:  # noqa: N802
        """See QgsProcessingProvider."""
        return ICON

    def supportsNonFileBasedOutput(self) -> bool:  # noqa: N802
        """The worker writes files: no memory layers, no databases."""
        return False

    def supportedOutputRasterLayerExtensions(self) -> list[str]:  # noqa: N802
        """See QgsProcessingProvider."""
        return [suffix.lstrip(".") for suffix in RASTER]

    def supportedOutputVectorLayerExtensions(self) -> list[str]:  # noqa: N802
        """See QgsProcessingProvider."""
        return [suffix.lstrip(".") for suffix in VECTOR]

    def load(self) -> bool:
        """See QgsProcessingProvider."""
        with QgsRuntimeProfiler.profile("Scarp"):
            options.register(self.name(), self.icon())
            self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """See QgsProcessingProvider."""
        options.unregister(self.name())

    def loadAlgorithms(self) -> None:  # noqa: N802
        """See QgsProcessingProvider."""
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
        # A model finds its steps through the registry: they are there once this provider is.
        if QgsApplication.processingRegistry().providerById(self.id()) is not None:
            for model in models.load():
                self.addAlgorithm(model)
