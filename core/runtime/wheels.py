"""What pip is asked for, and what its failures mean in plain words."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from .find import REQUIREMENTS

INDEX = "https://download.pytorch.org/whl"  # where PyTorch documents its builds: /cpu, /cu130, ...


def torch_version() -> str:
    """The pinned version of torch."""
    match = re.search(r"^torch==([\d.]+)", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    return match.group(1) if match else ""


def count() -> int:
    """How many packages are pinned: the scale of the progress."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    return len({line.split("==")[0] for line in lines if "==" in line})


# Gigabytes downloaded and on the disk, on Linux; measured is what the CPU takes on the disk, the rest is estimated.
_SIZES = {"cpu": (0.5, 1.7), "cuda": (3.0, 7.5)}
_SPEED = 50e6  # bit/s


def forecast(build: str, wheels: str = "") -> str:
    """A sentence that says how much is to come: bytes, and minutes."""
    download, disk = _SIZES["cpu" if build == "cpu" else "cuda"]
    unpacking = disk / 0.6  # minutes; a slow disk takes longer
    if wheels:
        return f"About {disk:g} GB are installed from '{wheels}', in about {unpacking:.0f} minutes."
    minutes = download * 8e9 / _SPEED / 60 + unpacking
    return (
        f"About {download:g} GB are downloaded (less, where pip has kept some) and {disk:g} GB are installed: about "
        f"{minutes:.0f} minutes at {_SPEED / 1e6:.0f} Mbit/s. Cancel keeps what is there."
    )


def fetch_command(build: str, index: str = "") -> str:
    """What to type on a machine with network, same system and Python, for a folder of wheels."""
    return (
        f'python -m pip download --only-binary :all: --dest WHEELS --requirement "{REQUIREMENTS}" '
        f"torch=={torch_version()}+{build} --extra-index-url {index or f'{INDEX}/{build}'}"
    )


def attempts(build: str, wheels: str = "", index: str = "", platform: str = sys.platform) -> list[list[str]]:
    """Arguments for ``pip install``, one list an attempt: the next is for when torch was not found with the one before.

    The build of torch is asked for by its local version (``2.13.0+cpu``): a CUDA build of several gigabytes can never
    come in its place. Wherever pip is configured to look is tried before PyTorch's own index.

    Args:
        build: ``cpu`` or a CUDA tag such as ``cu130``.
        wheels: Folder of wheels for a machine without network; empty: the network.
        index: Address of the index with PyTorch's builds; empty: the documented one.
        platform: As `sys.platform`.
    """
    # PyPI's builds are the CPU ones on macOS and Windows.
    plain = platform == "darwin" or (platform == "win32" and build == "cpu" and not index)
    torch = f"torch=={torch_version()}" + ("" if plain else f"+{build}")
    wanted = [torch, "--requirement", str(REQUIREMENTS)]
    if wheels:
        # torch in that folder may well be the plain build.
        return [["--no-index", "--find-links", wheels, *wanted]]
    if plain:
        return [wanted]
    return [wanted, ["--extra-index-url", index or f"{INDEX}/{build}", *wanted]]


def torch_is_missing(output: Sequence[str]) -> bool:
    """Whether pip failed because no index that it knows has the build of torch."""
    return any(re.search(r"No matching distribution found for torch\b", line) for line in output)


def is_offline(output: Sequence[str]) -> bool:
    """Whether pip failed because it reached no package index."""
    return any(re.search(_NETWORK, line) for line in output)


def record_is_missing(output: Sequence[str]) -> bool:
    """Whether pip failed because it does not know which files a package that is installed consists of."""
    return any("uninstall-no-record-file" in line or "no RECORD file" in line for line in output)


_NETWORK = (
    "Failed to establish a new connection|Temporary failure in name resolution|Name or service not known|"
    "getaddrinfo failed|nodename nor servname|Connection refused|Network is unreachable|NewConnectionError|"
    "No route to host|Connection reset|RemoteDisconnected|timed out|ConnectTimeout|ReadTimeout|ProxyError"
)
_CAUSES = (
    (
        r"No space left on device|Errno 28|not enough space on the disk|Disk quota exceeded",
        "The disk is full. Make room and run this again: it goes on where it stopped.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "The secure connection to the package index was refused. Behind a company's proxy, set PIP_CERT to the "
        "company's certificate file, then run this again.",
    ),
    (
        _NETWORK,
        "The package index cannot be reached. Check the network, and HTTPS_PROXY behind a proxy; then run this again: "
        "it goes on where it stopped. Without network, fetch the wheels on another machine and give their folder as "
        "WHEELS; the log says how.",
    ),
    (
        r"No matching distribution found|Could not find a version that satisfies",
        "A package has no build for this system and Python: {line}.",
    ),
    (r"Permission denied|Access is denied|Errno 13", "A file of the environment cannot be written: {line}."),
)


def cause(output: Sequence[str]) -> str:
    """Why pip failed, for a user, from what it wrote."""
    for pattern, words in _CAUSES:
        for line in output:
            if re.search(pattern, line):
                return words.format(line=line.strip().removeprefix("ERROR: ").rstrip("."))
    return "pip failed. Its last words:\n" + "\n".join(output[-6:])
