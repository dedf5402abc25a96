"""Without a runtime everything but a run works; the way to one, behind a proxy and without network."""

from __future__ import annotations

import shutil

import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtNetwork import QNetworkProxy

from .conftest import QgisProcess


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """``qgis_process`` of a user who has no runtime."""
    folder = tmp_path_factory.mktemp("bare")
    return QgisProcess(folder / "profile", SCARP_PYTHON="", XDG_DATA_HOME=str(folder / "data"))


def test_without_a_runtime_algorithms_list_and_explain_themselves(bare):
    listed = bare("list").said["providers"]["scarp"]["algorithms"]
    assert {"scarp:detect", "scarp:train", "scarp:setupruntime", "scarp:importproduct"} <= set(listed)
    shown = bare("help", "scarp:detect").said
    assert "BANDS" in shown["parameters"]


def test_without_a_runtime_a_run_says_what_is_missing_and_the_way(bare, tmp_path):
    done = bare.run("demoscene", FOLDER=str(tmp_path / "scene"))
    assert done.code != 0
    assert "There is no runtime yet: a Python of its own, with torch" in done.log
    assert "scarp:setupruntime" in done.log
    assert not (tmp_path / "scene").exists()


def test_the_log_of_a_dialog_links_to_the_setup(provider, tmp_path, monkeypatch):
    import processing
    from scarp.algorithms import links

    monkeypatch.setenv("SCARP_PYTHON", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    feedback = QgsProcessingFeedback(False)
    with pytest.raises(QgsProcessingException, match="no runtime yet"):
        processing.run("scarp:demoscene", {"FOLDER": str(tmp_path / "scene")}, feedback=feedback)
    assert '<a href="scarp:setupruntime">' in feedback.htmlLog()
    assert "<a href" not in feedback.textLog()
    opened = []
    handler = links.Links(opened.append)
    try:
        QDesktopServices.openUrl(QUrl("scarp:setupruntime"))
    finally:
        handler.remove()
    assert opened == ["scarp:setupruntime"]


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [
        (QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "gate", 8080), "http://gate:8080"),
        (
            QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "gate", 80, "a@b", "p:w/d"),
            "http://a%40b:p%3Aw%2Fd@gate:80",
        ),
        (QNetworkProxy(QNetworkProxy.ProxyType.Socks5Proxy, "gate", 1080), ""),
        (QNetworkProxy(QNetworkProxy.ProxyType.NoProxy), ""),
    ],
)
def test_the_proxy_of_qgis_as_programs_take_it(qgis_app, proxy, expected):
    from scarp.algorithms.proxy import text

    assert text(proxy) == expected


def test_the_proxy_of_the_settings_is_read_and_its_exceptions_count(qgis_app, monkeypatch):
    from qgis.core import QgsNetworkAccessManager
    from scarp.algorithms.proxy import address

    manager = QgsNetworkAccessManager.instance()
    before = manager.fallbackProxy()
    proxy = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "gate", 8080)
    try:
        manager.setFallbackProxyAndExcludes(proxy, [], [])
        assert address("https://download.pytorch.org/whl") == "http://gate:8080"
        manager.setFallbackProxyAndExcludes(proxy, [], ["https://download.pytorch.org"])
        assert address("https://download.pytorch.org/whl") == ""
    finally:
        manager.setFallbackProxyAndExcludes(before, [], [])


def test_set_up_refuses_what_cannot_be_and_removes_only_its_own(bare, tmp_path):
    missing = bare.run("setupruntime", WHEELS=str(tmp_path / "none"), FOLDER=str(tmp_path / "r"))
    assert "folder of wheels" in missing.log
    foreign = tmp_path / "thesis"
    foreign.mkdir()
    (foreign / "thesis.odt").touch()
    left = bare.run("setupruntime", MODE="remove", FOLDER=str(foreign))
    assert left.code != 0
    assert "was not made by" in left.log
    assert (foreign / "thesis.odt").exists()
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "scarp-runtime.json").write_text("{}")
    gone = bare.run("setupruntime", MODE="remove", FOLDER=str(ours))
    assert gone.code == 0, gone.log
    assert not ours.exists()
    shutil.rmtree(foreign)
