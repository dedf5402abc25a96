"""The public interface: ids, parameters and outputs that models and scripts rely on, and their help."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
from pathlib import Path

from qgis.core import Qgis, QgsProcessingModelAlgorithm

ROOT = Path(__file__).resolve().parents[2]

SCENE = "BANDS BAND_MAP RADIOMETRY DEM SLOPE VALID_MASK EXTENT RESOLUTION"
FIGURES = "F1_LANDSLIDE IOU_LANDSLIDE PRECISION RECALL F1_MACRO MIOU ACCURACY AUPRC AUROC ECE"
OBJECTS = "OBJECT_PRECISION OBJECT_RECALL OBJECT_F1"

# Frozen: models and scripts use these ids.
FROZEN = {
    "buildbands": (f"{SCENE} FEATURES", "OUTPUT"),
    "detect": (
        f"{SCENE} CHECKPOINT THRESHOLD MIN_AREA TTA VOTE DEVICE TILE OVERLAP BATCH MEMORY PRECISION EVENT_DATE",
        "PROBABILITY MASK POLYGONS UNCERTAINTY PRESENCE COUNT AREA_M2 SECONDS",
    ),
    "train": (
        f"{SCENE} DATASET LABELS AREA ARCHITECTURE HEAD FEATURES LOSS ALPHA OPTIMIZER SCHEDULE EPOCHS BATCH "
        "LEARNING_RATE AUGMENT FOLD SEED DEVICE INIT RESUME",
        "CHECKPOINT REPORT F1_LANDSLIDE IOU_LANDSLIDE F1_MACRO MIOU THRESHOLD",
    ),
    "evaluate": ("PREDICTION REFERENCE AREA THRESHOLD", f"ERROR_MAP REPORT {FIGURES} {OBJECTS}"),
    "evaluatecheckpoint": ("CHECKPOINT DATASET THRESHOLD DEVICE", f"REPORT TABLE {FIGURES} {OBJECTS}"),
    "crossvalidate": (
        f"{SCENE} DATASET LABELS AREA ARCHITECTURE HEAD FEATURES LOSS ALPHA OPTIMIZER SCHEDULE EPOCHS BATCH "
        "LEARNING_RATE AUGMENT FOLD SEED DEVICE INIT FOLDS",
        "REPORT TABLE F1_LANDSLIDE IOU_LANDSLIDE F1_MACRO MIOU",
    ),
    "compare": (
        f"{SCENE} DATASET LABELS AREA ARCHITECTURE HEAD FEATURES LOSS ALPHA OPTIMIZER SCHEDULE EPOCHS BATCH "
        "LEARNING_RATE AUGMENT FOLD SEED DEVICE INIT COMBINE SEEDS",
        "REPORT TABLE TRAINED FAILED",
    ),
    "mosaic": ("PROBABILITIES METHOD DATES", "OUTPUT VALID_SHARE"),
    "polygonize": ("PROBABILITY THRESHOLD MIN_AREA DEM SIMPLIFY", "MASK POLYGONS"),
    "makechips": (f"{SCENE} LABELS AREA CHIP STRIDE", "FOLDER CHIPS CHIPS_WITH_LANDSLIDE"),
    "explain": (f"{SCENE} CHECKPOINT", "OUTPUT"),
    "verify": ("POLYGONS FIELD REFERENCE AREA VERIFIER SEED", "OUTPUT MODEL REPORT COUNT AUROC"),
    "importproduct": ("PRODUCT BANDS_WANTED EXTENT", "OUTPUT MASK"),
    "demoscene": ("SEED SIZE", "FOLDER LABELS DEM"),
    "describecheckpoint": ("CHECKPOINT", "REPORT"),
    "setupruntime": ("DEVICE FOLDER", "REPORT"),
    "checkruntime": ("DEVICE FOLDER", "REPORT"),
}
TEXTS = ("DEVICE", "FEATURES", "CHECKPOINT")


def own(provider):
    return [algorithm for algorithm in provider.algorithms() if not isinstance(algorithm, QgsProcessingModelAlgorithm)]


def test_ids_parameters_and_outputs_are_the_frozen_ones(provider):
    assert {algorithm.name() for algorithm in own(provider)} == set(FROZEN)
    for algorithm in own(provider):
        inputs, outputs = (set(names.split()) for names in FROZEN[algorithm.name()])
        has = {definition.name() for definition in algorithm.parameterDefinitions()}
        declares = {output.name() for output in algorithm.outputDefinitions()}
        assert inputs <= has, algorithm.id()
        assert outputs <= declares, algorithm.id()


def test_every_algorithm_and_parameter_explains_itself(provider):
    for algorithm in own(provider):
        assert len(algorithm.tags()) > 3
        assert algorithm.shortDescription().endswith(".")
        assert len(algorithm.shortHelpString()) > 200
        assert algorithm.group()
        assert algorithm.helpUrl()
        for definition in algorithm.parameterDefinitions():
            assert len(definition.help()) > 15, f"{algorithm.id()} {definition.name()}"


def test_only_layers_and_a_checkpoint_must_be_chosen(provider):
    required = {
        algorithm.name(): {
            definition.name()
            for definition in algorithm.parameterDefinitions()
            if not definition.flags() & Qgis.ProcessingParameterFlag.Optional
            and definition.defaultValue() is None
            and not definition.isDestination()
        }
        for algorithm in own(provider)
    }
    assert required["detect"] == {"BANDS", "CHECKPOINT"}
    assert required["buildbands"] == {"BANDS"}
    assert required["train"] == set()
    assert required["evaluate"] == {"PREDICTION", "REFERENCE"}
    assert required["demoscene"] == set()
    assert required["makechips"] == {"BANDS"}


def test_fixed_choices_are_static_strings_and_free_ones_are_text(provider):
    for algorithm in own(provider):
        for definition in algorithm.parameterDefinitions():
            if definition.type() == "enum":
                assert definition.usesStaticStrings()
                assert definition.defaultValue() in definition.options()
            if definition.name() in TEXTS and not definition.isDestination():
                assert definition.type() in ("string", "file")
                if definition.type() == "file":
                    assert not definition.extension()
                    assert definition.checkValueIsAcceptable("the name of a shipped one")


def test_an_algorithm_makes_new_instances_of_itself(provider):
    for algorithm in own(provider):
        copy = algorithm.create()
        assert type(copy) is type(algorithm)
        assert copy is not algorithm


def test_defaults_are_those_of_the_jobs(provider):
    for algorithm in own(provider):
        for name, field in algorithm.JOB.__dataclass_fields__.items():
            definition = algorithm.parameterDefinition(name.upper())
            if definition is not None and definition.defaultValue() is not None:
                assert definition.defaultValue() == field.default, f"{algorithm.id()} {name}"


def test_the_names_offered_are_those_that_the_worker_knows(worker_python):
    from scarp.algorithms import choices

    code = (
        "import json, scarp.models as models\n"
        "from scarp.core.training import losses, optimizers, schedules\n"
        "print(json.dumps([part.names() for part in (models, losses, optimizers, schedules)]))"
    )
    done = subprocess.run([worker_python, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    offered = (choices.ARCHITECTURES, choices.LOSSES, choices.OPTIMIZERS, choices.SCHEDULES)
    assert [sorted(names) for names in offered] == [sorted(names) for names in json.loads(done.stdout)]


def test_loading_the_plugin_imports_nothing_heavy_and_never_prints():
    heavy = ["numpy", "torch", "rasterio", "cv2", "scipy", "h5py", "pyogrio", "shapely", "matplotlib", "jinja2"]
    code = (
        "import sys, qgis.core, qgis.gui; before = set(sys.modules)\n"
        "import scarp; plugin = scarp.classFactory(None)\n"
        "import scarp.algorithms.provider; new = set(sys.modules) - before\n"
        f"sys.exit(','.join(name for name in {heavy!r} if name in new) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_metadata_has_what_the_plugin_site_and_qgis_process_need():
    parser = configparser.ConfigParser()
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    general = parser["general"]
    for key in [
        "name",
        "description",
        "about",
        "version",
        "author",
        "email",
        "tracker",
        "repository",
        "homepage",
        "tags",
        "license",
    ]:
        assert general[key].strip(), key
    assert general["hasProcessingProvider"] == "yes"
    assert general["supportsQt6"] == "True"
    assert (general["qgisMinimumVersion"], general["qgisMaximumVersion"]) == ("3.40", "4.99")
    assert (ROOT / general["icon"]).is_file()
    version = re.search(r'__version__ = "(.+)"', (ROOT / "__init__.py").read_text()).group(1)
    assert general["version"] == version


def test_loading_and_unloading_in_the_desktop_leaves_nothing():
    code = (
        "import sys; sys.path.append('/usr/share/qgis/python/plugins')\n"
        "from qgis.core import QgsApplication; app = QgsApplication([], True); app.initQgis()\n"
        "from processing.core.Processing import Processing; Processing.initialize()\n"
        "from processing.core.ProcessingConfig import ProcessingConfig\n"
        "import scarp; registry = QgsApplication.processingRegistry(); plugin = scarp.classFactory(None)\n"
        "for turn in range(2):\n"
        "    plugin.initGui(); there = registry.providerById('scarp'), ProcessingConfig.settings.get('SCARP_PYTHON')\n"
        "    assert all(there) and registry.algorithmById('scarp:map_and_assess').validate()[0]\n"
        "    plugin.unload(); gone = registry.providerById('scarp'), ProcessingConfig.settings.get('SCARP_PYTHON')\n"
        "    assert not any(gone)\n"
        "plugin.unload(); app.exitQgis()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_algorithms_keep_to_the_import_direction():
    parts = r"assign|bands|card|errors|jobs|outputs|reporter|runtime[\w.]*|sentinel"
    allowed = rf"from (\.|\.\.|\.[a-z_]+|\.\.core|\.\.core\.({parts})) import"
    for path in sorted((ROOT / "algorithms").glob("*.py")):
        for line in path.read_text().splitlines():
            if re.match(r"\s*from \.", line):
                assert re.match(r"\s*" + allowed, line), f"{path.name}: {line}"
