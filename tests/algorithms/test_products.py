"""Sentinel-2 products in the toolbox, and what a dialog tells of bands before a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QDialog

STAND_IN = Path(__file__).resolve().parents[1] / "core" / "scene" / "product_standin.py"

gdal.UseExceptions()


@pytest.fixture(scope="module")
def products(worker_python, tmp_path_factory):
    """Folder with an L1C product, and an L2A product as zip."""
    folder = tmp_path_factory.mktemp("products")
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import product_standin as p\n"
        "folder = Path(sys.argv[2]); p.make_product(folder / 'a')\n"
        "p.zipped(p.make_product(folder / 'b', level='L2A'), folder / 'l2a.zip')"
    )
    arguments = [worker_python, "-c", code, str(STAND_IN.parent), str(folder)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def safe(products):
    return str(next((products / "a").iterdir()))


@pytest.fixture
def context(qgis_new_project):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return context


def bands(path):
    return [band["description"] for band in gdal.Info(path, format="json")["bands"]]


def test_import_and_use(qgis_process, products, tmp_path):
    stack, classes = str(tmp_path / "new" / "stack.tif"), str(tmp_path / "new" / "scl.tif")
    done = qgis_process.run("importproduct", PRODUCT=str(products / "l2a.zip"), OUTPUT=stack, MASK=classes)
    assert done.code == 0, done.log
    assert done.results["BANDS"].startswith("B01,B02,B03")
    assert bands(stack) == done.results["BANDS"].split(",")
    assert "baseline 05.00, offset -1000 applied" in done.log
    built = qgis_process.run(
        "buildbands", BANDS=[stack], VALID_MASK=classes, FEATURES="b02,b8a", OUTPUT=str(tmp_path / "one.tif")
    )
    direct = qgis_process.run(
        "buildbands", BANDS=[str(products / "l2a.zip")], FEATURES="b02,b8a", OUTPUT=str(tmp_path / "two.tif")
    )
    for answer in (built, direct):
        assert answer.code == 0, answer.log
        assert "scene classification" in answer.log
    one, two = (gdal.Open(answer.results["OUTPUT"]).ReadAsArray() for answer in (built, direct))
    assert abs(one - two).max() <= 0.51
    assert (one == -9999).mean() < 0.5


@pytest.mark.parametrize("entry", ["{safe}", "{safe}/MTD_MSIL1C.xml", "/vsizip/{products}/l2a.zip"])
def test_a_product_among_the_bands_becomes_a_path_of_the_job(provider, products, safe, context, entry):
    from scarp.algorithms.values import Reader

    path = entry.format(safe=safe, products=products)
    algorithm = provider.algorithm("buildbands").create()
    given = {"BANDS": [path], "FEATURES": "auto", "OUTPUT": "TEMPORARY_OUTPUT"}
    accepted, message = algorithm.checkParameterValues(given, context)
    assert accepted, message
    assert Reader(algorithm, given, context).job(algorithm.JOB).bands[0].path == path


def test_what_is_certainly_wrong_is_refused_before_the_run(provider, products, safe, context, tmp_path):
    algorithm = provider.algorithm("buildbands").create()
    unnamed = str(tmp_path / "stack.tif")
    gdal.GetDriverByName("GTiff").Create(unnamed, 8, 8, 4, gdal.GDT_UInt16).SetGeoTransform((0, 10, 0, 0, 0, -10))

    def refused(**given):
        accepted, message = algorithm.checkParameterValues({"FEATURES": "auto", "OUTPUT": "x.tif", **given}, context)
        assert not accepted
        return message

    assert "found more than once" in refused(BANDS=[safe, str(products / "l2a.zip")])
    assert "If it is the 10 m bands, type BAND_MAP=B02=1" in refused(BANDS=[unnamed])
    assert "BANDS holds 4" in refused(BANDS=[unnamed], BAND_MAP="B02=5")
    assert "is not NAME=NUMBER" in refused(BANDS=[unnamed], BAND_MAP="blue")
    assert "Pre-event image: Cannot tell" in refused(BANDS=[safe], PRE_BANDS=[unnamed])
    assert "holds no Sentinel-2 product" in refused(BANDS=[str(tmp_path)])
    accepted, message = algorithm.checkParameterValues(
        {"FEATURES": "auto", "OUTPUT": "x.tif", "BANDS": [unnamed], "BAND_MAP": "B02=1,B03=2"}, context
    )
    assert accepted, message


def test_a_checkpoint_that_needs_more_is_refused_before_the_run(provider, demo, checkpoint, context):
    algorithm = provider.algorithm("detect").create()
    given = {"CHECKPOINT": checkpoint, "MASK": "x.tif", "DEM": demo.dem}
    accepted, message = algorithm.checkParameterValues({**given, "BANDS": demo.bands[:2]}, context)
    assert not accepted
    assert "Missing in the scene: B04, B08" in message
    accepted, message = algorithm.checkParameterValues({**given, "BANDS": demo.bands}, context)
    assert accepted, message


def test_the_dialog_tells_what_is_recognised(provider, products, safe, context):
    from processing.gui.wrappers import WidgetWrapperFactory

    class AlgorithmDialog(QDialog):
        """As far as QGIS's factory looks: the name of the class."""

    algorithm = provider.algorithm("detect").create()
    names = ("BANDS", "BAND_MAP", "DEM", "CHECKPOINT", "PRE_BANDS", "PRE_BAND_MAP")
    dialog = AlgorithmDialog()
    wrappers = {
        name: WidgetWrapperFactory.create_wrapper(algorithm.parameterDefinition(name), dialog) for name in names
    }
    widgets = [wrapper.createWrappedWidget(context) for wrapper in wrappers.values()]
    for wrapper in wrappers.values():
        wrapper.postInitialize(list(wrappers.values()))
    chooser, line = wrappers["BANDS"], wrappers["BANDS"]._line
    images = {name: next(Path(safe).rglob(f"*_{name}.jp2")) for name in ("B02", "B11")}
    layer = QgsRasterLayer(str(images["B02"]), "post blue")
    QgsProject.instance().addMapLayer(layer)

    chooser.setParameterValue([layer.id(), str(images["B11"])], context)
    assert chooser.parameterValue() == [layer.source(), str(images["B11"])]
    chooser.tell()
    assert "<b>B02</b> (post blue); <b>B11</b>" in line.text()
    assert "Not there: B01, B03" in line.text()
    wrappers["BAND_MAP"].setParameterValue("B02=7", context)
    chooser.tell()
    assert "BANDS holds 2" in line.text()
    wrappers["BAND_MAP"].setParameterValue("", context)
    wrappers["CHECKPOINT"].setParameterValue("/nowhere.safetensors", context)
    chooser.tell()
    assert "Recognised: " in line.text()
    assert "There is no checkpoint" in line.text()
    wrappers["CHECKPOINT"].setParameterValue("", context)

    chooser.setParameterValue([safe], context)
    assert chooser.parameterValue() == [safe]
    chooser.tell()
    assert f"B8A, B09, B10, B11, B12</b> ({Path(safe).stem})" in line.text()
    before = wrappers["PRE_BANDS"]
    before.setParameterValue([str(products / "l2a.zip")], context)
    before.tell()
    assert "B12</b>" in before._line.text()
    assert len(widgets) == len(names)


def test_batch_and_model_designer_keep_their_own_choosers(provider):
    from processing.gui.wrappers import WidgetWrapperFactory

    class BatchAlgorithmDialog(QDialog):
        """See above."""

    algorithm = provider.algorithm("detect").create()
    dialog = BatchAlgorithmDialog()
    for name in ("BANDS", "CHECKPOINT"):
        wrapper = WidgetWrapperFactory.create_wrapper(algorithm.parameterDefinition(name), dialog)
        assert "scarp" not in type(wrapper).__module__


def test_dialogs_are_no_part_of_the_headless_plugin():
    code = "import sys, scarp.algorithms.provider\nsys.exit(any(name.endswith('_widget') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
