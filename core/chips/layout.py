"""What lies where in a folder of chips: each image with its mask and its DEM, in natural order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ..errors import ScarpError
from . import manifest
from .catalogue import read_catalogue
from .entry import TEST, VALIDATION, Entry, Layout

PICTURES = (".png", ".tif", ".tiff")
HDF5 = (".h5",)

TRAIN = "TrainData"
_PAIRS = (("img", "mask"), ("image", "mask"), ("images", "masks"))
_EXPECTED = (
    "Expected is a folder that 'Cut chips' wrote (manifest.json), Landslide4Sense as downloaded (img/*.h5 and "
    "mask/*.h5, also inside TrainData/), image and mask folders (image + mask, images + masks or img + mask with PNG "
    "or TIFF files, and dem/ beside them), or Bijie's layout (landslide/image, landslide/mask, non-landslide/image)"
)


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Sort key that puts ``image_2`` before ``image_10``."""
    parts = re.split(r"(\d+)", text.lower())
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]


def find_layout(folder: str | Path, what: str = "DATASET") -> Layout:
    """Recognise the layout of a folder of chips and pair its files; ``what``: the parameter, for messages.

    Raises:
        ScarpError: The folder is missing, empty or of an unknown layout.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ScarpError(f"{what} '{folder}' is not there or is no folder. {_EXPECTED}.")
    if not any(folder.iterdir()):
        raise ScarpError(f"{what} '{folder}' is an empty folder. {_EXPECTED}.")
    below = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    with_manifest = [path for path in (folder, *below) if (path / manifest.FACTS).is_file()]
    if with_manifest:
        return read_catalogue(folder, with_manifest)
    root = folder / TRAIN if (folder / TRAIN).is_dir() else folder
    groups = [name for name in ("landslide", "non-landslide", "non_landslide") if (root / name / "image").is_dir()]
    layout = _grouped(root, groups) if "landslide" in groups else _flat(root)
    if layout is None or (not layout.entries and not layout.problems):
        found = ", ".join(sorted(path.name for path in folder.iterdir())[:8])
        raise ScarpError(f"{what} '{folder}' has no layout that is known. {_EXPECTED}. Found: {found}.")
    return _with_other_parts(layout, folder) if root != folder else layout


def _with_other_parts(layout: Layout, folder: Path) -> Layout:
    """Add what lies beside TrainData: ValidData and TestData, where they have masks."""
    entries, problems, notes = list(layout.entries), list(layout.problems), []
    for part in (VALIDATION, TEST):
        found = _flat(folder / part)
        if found is None or found.kind != layout.kind:
            continue
        if not found.entries:
            notes.append(f"{part} holds {len(found.problems)} images but no masks: it is not used.")
            continue
        entries += [replace(entry, part=part) for entry in found.entries]
        problems += [f"{part}/{problem}" for problem in found.problems]
    return replace(layout, entries=entries, problems=problems, notes=tuple(notes))


def _flat(root: Path) -> Layout | None:
    for images, masks in _PAIRS:
        if not (root / images).is_dir():
            continue
        for kind, suffixes in (("landslide4sense", HDF5), ("pictures", PICTURES)):
            files = _files(root / images, suffixes)
            if files:
                return Layout(kind, *_pair(files, root / masks, root / "dem", suffixes, ""))
    return None


def _grouped(root: Path, groups: Iterable[str]) -> Layout:
    entries, problems = [], []
    for group in groups:
        masks = root / group / "mask" if group == "landslide" else None
        found, wrong = _pair(_files(root / group / "image", PICTURES), masks, root / group / "dem", PICTURES, group)
        entries += found
        problems += wrong
    return Layout("pictures", entries, problems)


def _pair(
    images: list[Path], masks: Path | None, dems: Path, suffixes: tuple[str, ...], group: str
) -> tuple[list[Entry], list[str]]:
    by_key, doubled = ({}, {}) if masks is None else _by_key(_files(masks, suffixes))
    dem_by_key, doubled_dems = _by_key(_files(dems, PICTURES))
    _, doubled_images = _by_key(images)
    entries, problems = [], []
    for image in images:
        key = _key(image)
        several = [
            f"{len(found[key])} {kind} have its id ({', '.join(path.name for path in found[key])})"
            for kind, found in (("images", doubled_images), ("masks", doubled), ("DEMs", doubled_dems))
            if key in found
        ]
        if several:
            problems.append(f"{image.name}: {', '.join(several)}")
        elif masks is not None and key not in by_key:
            problems.append(f"{image.name}: it has no mask in {masks.name}/")
        elif dem_by_key and key not in dem_by_key:
            problems.append(f"{image.name}: it has no file in dem/")
        else:
            numbers = re.findall(r"\d+", image.stem)
            number = int(numbers[-1]) if numbers else None
            entries.append(Entry(image.stem, group, number, image, by_key.get(key), dem_by_key.get(key)))
    unused = sorted(set(by_key) - {_key(image) for image in images}, key=natural_key)
    problems += [f"{by_key[key].name}: it has no image" for key in unused]
    return entries, problems


def _by_key(paths: list[Path]) -> tuple[dict[str, Path], dict[str, list[Path]]]:
    """Files by what they have in common with their partners, and those of which there is more than one."""
    groups: dict[str, list[Path]] = {}
    for path in paths:
        groups.setdefault(_key(path), []).append(path)
    several = {key: found for key, found in groups.items() if len(found) > 1}
    return {key: found[0] for key, found in groups.items()}, several


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.suffix.lower() in suffixes and not path.name.startswith(".")]
    return sorted(found, key=lambda path: natural_key(path.name))


def _key(path: Path) -> str:
    """What the names of an image, its mask and its DEM have in common."""
    word = "(?:images?|imgs?|masks?|labels?|dem)"
    return re.sub(rf"^{word}[_-]|[_-]{word}$", "", path.stem.lower())
