"""The proxy of QGIS's network settings, for programs that QGIS starts."""

from __future__ import annotations

from urllib.parse import quote

from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

_HTTP = (QNetworkProxy.ProxyType.HttpProxy, QNetworkProxy.ProxyType.HttpCachingProxy)


def address(url: str) -> str:
    """The proxy that QGIS uses for an address, as an address with name and password; empty: none. Never to be logged.

    With 'Use the system's proxy' in the settings it is the system's. pip cannot use a SOCKS proxy by itself: that
    counts as none.
    """
    manager = QgsNetworkAccessManager.instance()
    if any(host and url.startswith(host) for host in [*manager.excludeList(), *manager.noProxyList()]):
        return ""
    proxy = manager.fallbackProxy()
    if proxy.type() == QNetworkProxy.ProxyType.DefaultProxy:
        proxy = next(iter(QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url)))), proxy)
    return text(proxy)


def text(proxy: QNetworkProxy) -> str:
    """A proxy as programs take it from the variable HTTPS_PROXY; empty when it is no HTTP proxy."""
    if proxy.type() not in _HTTP or not proxy.hostName():
        return ""
    user = quote(proxy.user(), safe="")
    login = f"{user}:{quote(proxy.password(), safe='')}@" if user else ""
    port = f":{proxy.port()}" if proxy.port() else ""
    return f"http://{login}{proxy.hostName()}{port}"
