"""Sentinel-2 bands, terrain and masks as aligned windows on one grid, and what is written on it."""

from __future__ import annotations

from .grid import Grid, Window
from .opening import open_scene
from .scene import Scene

__all__ = ["Grid", "Scene", "Window", "open_scene"]
