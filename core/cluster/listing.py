"""The jobs of a call: files with one job each, JSON arrays of jobs, or JSON lines (a job a line)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from ..errors import ScarpError
from ..jobs import Job, Layer, from_json
from ..outputs import is_remote
from ..runtime.jobfile import jobs_in


@dataclass(frozen=True)
class Listed:
    """A job of a list.

    Attributes:
        name: What it is called: its file, and its number from 1 where the file holds several.
        file: The file.
        job: None where there is an error.
        error: What is wrong with it.
    """

    name: str
    file: Path
    job: Job | None
    error: str = ""


def read_jobs(paths: Sequence[str]) -> list[Listed]:
    """Read and check the jobs of all files, in order. One that is wrong is listed with its error.

    Raises:
        ScarpError: There is none, or two would write the same file.
    """
    listed: list[Listed] = []
    for path in map(Path, paths):
        try:
            texts = jobs_in(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            listed.append(Listed(str(path), path, None, f"The job file '{path}' cannot be read: {error}."))
            continue
        for number, text in enumerate(texts, 1):
            name = path.name if len(texts) == 1 else f"{path.name}[{number}]"
            try:
                listed.append(Listed(name, path, from_json(text)))
            except ScarpError as error:
                listed.append(Listed(name, path, None, str(error)))
    if not listed:
        raise ScarpError("There is no job in the list.")
    _check_targets(listed)
    return listed


def needs(listed: Sequence[Listed]) -> list[set[int]]:
    """Of each job, the earlier ones whose outputs it reads."""
    written: dict[str, int] = {}
    found: list[set[int]] = []
    for number, one in enumerate(listed):
        mine = one.job.outputs() if one.job else {}
        read = [place(text) for text in texts_in(asdict(one.job))] if one.job else []
        own = {place(path) for path in mine.values()}
        found.append({written[path] for name in read for path in _upwards(name) if path in written and path not in own})
        written.update(dict.fromkeys(own, number))
    return found


def all_absolute(listed: Sequence[Listed]) -> list[Listed]:
    """The jobs with absolute paths, for workers that run in other folders."""
    made = {place(path) for one in listed if one.job for path in one.job.outputs().values()}
    return [replace(one, job=absolute(one.job, made)) if one.job else one for one in listed]


def absolute(job: Job, made: Collection[str] = ()) -> Job:
    """The job with absolute paths.

    A text is a path where it is an output, or where it looks like one and there is such a file, or will be.

    Args:
        job: The job.
        made: Absolute paths of what other jobs will write.
    """

    def given(value: Any) -> Any:
        if isinstance(value, Layer):
            return replace(value, path=given(value.path))
        if isinstance(value, list):
            return [given(item) for item in value]
        if not isinstance(value, str) or not value:
            return value
        file = Path(value.partition("|")[0])
        if not file.suffix and len(file.parts) < 2:
            return value  # a word, such as the device
        there = file.exists() or any(path in made for path in _upwards(place(value)))
        return _absolute(value) if there else value

    written = {name: _absolute(path) for name, path in job.outputs().items()}
    return replace(job, **{**{f.name: given(getattr(job, f.name)) for f in fields(job)}, **written})


def _absolute(path: str) -> str:
    file, bar, layer = path.partition("|")
    return path if is_remote(file) else f"{Path(file).absolute()}{bar}{layer}"


def place(path: str) -> str:
    """A file's absolute path, without what stands for a layer in it, so that two ways to write it are one."""
    file = path.partition("|")[0]
    return Path(file).as_posix() if is_remote(file) else str(Path(file).absolute())


def _check_targets(listed: Sequence[Listed]) -> None:
    writers: dict[str, str] = {}
    for one in listed:
        for path in one.job.outputs().values() if one.job else ():
            other = writers.setdefault(place(path), one.name)
            if other != one.name:
                raise ScarpError(f"{other} and {one.name} both write '{path}'. Give each its own output.")


def texts_in(value: Any) -> Iterator[str]:
    """All texts in a value of JSON that are not empty."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def _upwards(path: str) -> list[str]:
    """The path and the folders it lies in: a job may read a file of a folder that another one writes."""
    return [path, *map(str, Path(path).parents)]
