"""What the QGIS plugin site asks of a package, found out before an upload.

The site refuses what `refused` returns, and shows a finding of bandit or detect-secrets to everybody.
"""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import urlparse

LARGEST = 25_000_000
LARGEST_CODE = 5_000_000
REQUIRED = ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository")
BOOLEANS = ("experimental", "deprecated", "server", "supportsQt6")
PROGRAMS = (".so", ".dll", ".exe", ".dylib", ".sh", ".bat", ".cmd", ".ps1", ".pyc", ".pyd")
#: Stands in metadata.txt above the entries that are placeholders.
TO_BE_SET = "# To be set by the owner"


def refused(package: Path) -> list[str]:
    """Why the site would refuse a package; empty when it would not."""
    with zipfile.ZipFile(package) as archive:
        entries = archive.infolist()
        paths = [PurePosixPath(entry.filename) for entry in entries]
        found = [f"{package.name} is damaged at {archive.testzip()}"] if archive.testzip() else []
        text = archive.read("scarp/metadata.txt").decode("utf-8") if "scarp/metadata.txt" in archive.namelist() else ""
    names = {str(path) for path in paths}
    if package.stat().st_size > LARGEST:
        found.append(f"it has {package.stat().st_size:,} bytes; {LARGEST:,} are allowed")
    code = sum(entry.file_size for entry in entries if entry.filename.endswith(".py"))
    if code > LARGEST_CODE:
        found.append(f"the code has {code:,} bytes; {LARGEST_CODE:,} are meant")
    if {path.parts[0] for path in paths} != {"scarp"}:
        found.append("it must have the one folder 'scarp' at its top")
    found += [
        f"scarp/{name} is missing"
        for name in ("__init__.py", "metadata.txt", "LICENSE")
        if f"scarp/{name}" not in names
    ]
    for entry, path in zip(entries, paths):
        if ".." in path.parts or path.is_absolute() or "\\" in entry.filename:
            found.append(f"{path}: leads out of the folder")
        if any(re.match(r"\.(?!\.)|__pycache__$|__MACOSX$", part) for part in path.parts):
            found.append(f"{path}: hidden, or made by a machine")
        if path.suffix.lower() in PROGRAMS:
            found.append(f"{path}: a program")
        if entry.external_attr >> 16 & 0o111:
            found.append(f"{path}: may be executed")
    return found + unfit(text, names)


def unfit(text: str, names: set[str]) -> list[str]:
    """What is wrong with ``metadata.txt``, given as text; ``names`` are the files beside it."""
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text)
        metadata = dict(parser["general"])
    except (configparser.Error, KeyError) as error:
        return [f"metadata.txt cannot be read: {error}"]
    found = [f"metadata.txt: {key} is empty" for key in REQUIRED if not metadata.get(key, "").strip()]
    for key in ("version", "qgisMinimumVersion", "qgisMaximumVersion"):
        if not re.fullmatch(r"\d+(\.\d+){1,2}", metadata.get(key, "")):
            found.append(f"metadata.txt: {key} is no version")
    for key in ("tracker", "repository", "homepage"):
        address = urlparse(metadata.get(key, ""))
        if not (address.scheme == "https" and address.netloc):
            found.append(f"metadata.txt: {key} is no address")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", metadata.get("email", "")):
        found.append("metadata.txt: email is no e-mail address")
    if "/" in metadata.get("author", ""):
        found.append("metadata.txt: author holds a slash")
    if re.search(r"<\w+", metadata.get("description", "") + metadata.get("about", "")):
        found.append("metadata.txt: description and about are plain text")
    if any(tag != tag.strip().lower() or not tag for tag in metadata.get("tags", "").split(",")):
        found.append("metadata.txt: tags are in small letters, with commas and no spaces between")
    found += [
        f"metadata.txt: {key} is neither True nor False"
        for key in BOOLEANS
        if metadata.get(key) not in ("True", "False")
    ]
    found += [
        f"metadata.txt: the {key} '{metadata[key]}' is missing"
        for key in ("icon", "screenshot")
        if key in metadata and f"scarp/{metadata[key]}" not in names
    ]
    return found


def to_be_set(text: str) -> list[str]:
    """The entries of ``metadata.txt`` that are placeholders: those below the comment, up to the next one."""
    block = text.partition(TO_BE_SET)[2].partition("\n")[2].partition("\n#")[0]
    return re.findall(r"^(\w+)=", block, flags=re.MULTILINE)


def findings(folder: Path) -> list[str]:
    """What the site's scanners find in an unpacked package, with every rule switched on and none excused."""
    tools = Path(sys.executable).parent
    bandit = _json([str(tools / "bandit"), "-r", ".", "-f", "json", "--quiet", "--ignore-nosec"], folder)
    secrets = _json([str(tools / "detect-secrets"), "scan", "--all-files", "."], folder)
    return [
        *(
            f"bandit {one['test_id']} {one['filename']}:{one['line_number']}: {one['issue_text']}"
            for one in bandit["results"]
        ),
        *(f"bandit: {one['filename']}: {one['reason']}" for one in bandit["errors"]),
        *(
            f"detect-secrets {one['type']} {name}:{one['line_number']}"
            for name, several in secrets["results"].items()
            for one in several
        ),
    ]


def _json(command: list[str], folder: Path) -> dict[str, object]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not done.stdout.strip().startswith("{"):
        sys.exit(f"package: {command[0]} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout))
