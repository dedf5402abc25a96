"""Where a Sentinel-2 product lies as it was downloaded, and which of its files holds which band.

A product is a folder ``S2A_MSIL1C_....SAFE``, in itself or in a zip. Here only names are looked at: QGIS's Python
does that before a run, the worker reads the rest.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .bands import BANDS
from .errors import ScarpError

_METADATA = re.compile(r"MTD_MSI(L1C|L2A)\.xml$", re.IGNORECASE)
_IMAGE = re.compile(r"_(B\d\d|B8A)(?:_(10|20|60)m)?\.jp2$", re.IGNORECASE)
_SCL = re.compile(r"_SCL_(20|60)m\.jp2$", re.IGNORECASE)
_PRODUCT = re.compile(r"S2[A-Z]_MSIL[12]", re.IGNORECASE)
_OTHERS = (
    (r"S1[A-Z]_", "Sentinel-1"),
    (r"S3[A-Z]_", "Sentinel-3"),
    (r"S5P_", "Sentinel-5P"),
    (r"L[COTEM]0[4-9]_", "Landsat"),
)
_AGAIN = "Download the product again, whole"


@dataclass(frozen=True)
class ProductFiles:
    """The files of one granule (tile) of a product; paths are GDAL's (``/vsizip/...`` inside a zip).

    Attributes:
        path: As it was given.
        name: Of the product, without ``.SAFE``.
        level: ``L1C`` or ``L2A``.
        granule: Name of the granule's folder.
        bands: Canonical band name to its finest image, in canonical order.
        scl: The scene classification; empty: there is none.
        compressed: The images are deflated inside a zip: they are slow to read in windows.
    """

    path: str
    name: str
    level: str
    granule: str
    bands: dict[str, str]
    scl: str
    compressed: bool
    _metadata: tuple[str, str]

    def metadata(self) -> bytes:
        """The product's ``MTD_MSIL1C.xml`` or ``MTD_MSIL2A.xml``.

        Raises:
            ScarpError: It cannot be read.
        """
        place, inside = self._metadata
        try:
            if not inside:
                return Path(place).read_bytes()
            with zipfile.ZipFile(place) as archive:
                return archive.read(inside)
        except (OSError, zipfile.BadZipFile, RuntimeError) as error:
            raise ScarpError(f"The metadata of '{self.path}' cannot be read ({error}). {_AGAIN}.") from error


@dataclass(frozen=True)
class _Tree:
    """The folder of a product: relative names of all its files, and what stands before them for GDAL."""

    place: str
    prefix: str
    inside: str
    names: tuple[str, ...]
    granule: str = ""
    compressed: bool = False

    @property
    def metadata(self) -> str:
        return next(name for name in self.names if _METADATA.fullmatch(name))

    @property
    def name(self) -> str:
        folder = self.inside.rstrip("/").rpartition("/")[2] or Path(self.place).name
        return re.sub(r"\.(SAFE|zip)$", "", folder, flags=re.IGNORECASE)


def is_product(path: str) -> bool:
    """Whether a path is to be read as a product: a folder, a zip, or the metadata file of one. Cheap."""
    place, inside = _split(path)
    if inside:
        return bool(_METADATA.search(inside)) or inside.upper().rstrip("/").endswith(".SAFE")
    if place.lower().endswith((".safe", ".zip")) or _METADATA.search(Path(place).name):
        return True
    folder = Path(place)
    return folder.is_dir() and not any(folder.glob("*.adf"))  # an ESRI grid is a folder too


def find_product(path: str) -> ProductFiles:
    """Find a product and its files.

    Args:
        path: The product's folder or zip, its metadata file, the folder of one of its granules, or a folder that
            holds one product.

    Raises:
        ScarpError: There is none or more than one, its metadata file or its images are missing, it has several
            granules, the zip is damaged, or it is a product of another satellite.
    """
    trees = _trees(path)
    if not trees:
        raise ScarpError(_nothing(path))
    if len(trees) > 1:
        raise ScarpError(
            f"'{path}' holds {len(trees)} products: {', '.join(tree.name for tree in trees[:5])}. Give one of them."
        )
    return _files(path, trees[0])


def _split(path: str) -> tuple[str, str]:
    """A path and the part of it that is inside a zip."""
    match = re.match(r"/vsizip/(.*?\.zip)(?:/(.*))?$", path.replace("\\", "/"), re.IGNORECASE)
    return (match[1], match[2] or "") if match else (path, "")


def _trees(path: str) -> list[_Tree]:
    place, inside = _split(path)
    target = Path(place)
    if not target.exists():
        raise ScarpError(f"'{path}' does not exist. Was it moved or deleted? Choose it again.")
    if place.lower().endswith(".zip") and target.is_file():
        return _in_zip(target, inside)
    if target.is_file():
        return _in_folder(target.parent) if _METADATA.fullmatch(target.name) else []
    own = _in_folder(target)
    if own:
        return own
    if target.parent.name.upper() == "GRANULE":
        return [_Tree(t.place, t.prefix, t.inside, t.names, target.name) for t in _in_folder(target.parent.parent)]
    found = []
    for child in sorted(target.iterdir()):
        if child.is_dir():
            found += _in_folder(child)
        elif child.suffix.lower() == ".zip" and _PRODUCT.match(child.name):
            found += _in_zip(child, "")
    return found


def _in_folder(folder: Path) -> list[_Tree]:
    if not any(_METADATA.fullmatch(child.name) for child in folder.iterdir()):
        return []
    names = tuple(file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*")) if file.is_file())
    return [_Tree(str(folder), folder.as_posix(), "", names)]


def _in_zip(file: Path, inside: str) -> list[_Tree]:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = {item.filename: item.compress_type for item in archive.infolist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise ScarpError(f"The zip '{file}' is damaged or not complete ({error}). Download it again.") from error
    wanted = inside.rstrip("/")
    found = []
    for entry in entries:
        folder, _, name = entry.rpartition("/")
        if not _METADATA.fullmatch(name) or entry.startswith("__MACOSX") or not f"{entry}/".startswith(wanted):
            continue
        start = f"{folder}/" if folder else ""
        names = tuple(e[len(start) :] for e in entries if e.startswith(start) and not e.endswith("/"))
        packed = any(kind != zipfile.ZIP_STORED for e, kind in entries.items() if e.lower().endswith(".jp2"))
        prefix = f"/vsizip/{file.absolute().as_posix()}/{folder}".rstrip("/")
        found.append(_Tree(str(file), prefix, start, names, compressed=packed))
    return found


def _files(path: str, tree: _Tree) -> ProductFiles:
    granules = sorted({name.split("/")[1] for name in tree.names if re.match(r"GRANULE/[^/]+/", name)})
    if tree.granule:
        granules = [name for name in granules if name == tree.granule]
    if not granules:
        raise ScarpError(f"The product '{tree.name}' ({path}) has no GRANULE folder with images. {_AGAIN}.")
    if len(granules) > 1:
        raise ScarpError(
            f"The product '{tree.name}' has {len(granules)} granules (tiles): {', '.join(granules)}. Unpack it, and "
            "give the folder of one granule inside GRANULE; treat the others by themselves."
        )
    images = [name for name in tree.names if name.startswith(f"GRANULE/{granules[0]}/IMG_DATA/")]
    bands = _finest(images)
    if not bands:
        raise ScarpError(
            f"The product '{tree.name}' ({path}) has no band images (.jp2) in GRANULE/{granules[0]}/IMG_DATA. {_AGAIN}."
        )
    match = _METADATA.fullmatch(tree.metadata)
    scl = sorted((m[1], name) for name in images if (m := _SCL.search(name)))
    return ProductFiles(
        path=path,
        name=tree.name,
        level=match[1].upper() if match else "",
        granule=granules[0],
        bands={band: f"{tree.prefix}/{bands[band]}" for band in BANDS if band in bands},
        scl=f"{tree.prefix}/{scl[0][1]}" if scl else "",
        compressed=tree.compressed,
        _metadata=(
            (tree.place, f"{tree.inside}{tree.metadata}")
            if tree.prefix.startswith("/vsizip/")
            else (str(Path(tree.place) / tree.metadata), "")
        ),
    )


def _finest(images: Sequence[str]) -> dict[str, str]:
    """Band to the image with the smallest pixels: L2A has each at its own resolution and at the coarser ones."""
    found: dict[str, tuple[int, str]] = {}
    for name in images:
        match = _IMAGE.search(name)
        if match:
            candidate = (int(match[2] or 0), name)
            found[match[1].upper()] = min(found.get(match[1].upper(), candidate), candidate)
    return {band: name for band, (_, name) in found.items()}


def _nothing(path: str) -> str:
    """Why there is no product, as far as names tell."""
    place = Path(_split(path)[0])
    names = [place.name]
    if place.is_dir():
        names += [child.name for child in place.iterdir()]
    elif zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            names += [part for name in archive.namelist()[:200] for part in name.split("/")[:2]]
    for pattern, satellite in _OTHERS:
        if any(re.match(pattern, name) for name in names):
            return f"'{path}' is a product of {satellite}. Expected: a product of Sentinel-2 (MSI), level 1C or 2A."
    if any(re.match(r"S2[A-Z]_OPER_", name) for name in names):
        return (
            f"'{path}' is a Sentinel-2 product in the format used until 2016, which is not read. Download the "
            "reprocessed one of that day (Collection-1: S2A_MSIL1C_..._N0500_...)."
        )
    if any(_PRODUCT.match(name) for name in names):
        return f"'{path}' lacks its metadata file MTD_MSIL1C.xml or MTD_MSIL2A.xml. {_AGAIN}."
    return (
        f"'{path}' holds no Sentinel-2 product. Expected: a folder S2A_MSIL1C_....SAFE or S2A_MSIL2A_....SAFE with "
        "MTD_MSIL1C.xml or MTD_MSIL2A.xml in it, its zip, or a folder that holds one."
    )
