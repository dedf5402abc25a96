"""Making the environment, with pip on a folder of tiny wheels."""

from __future__ import annotations

import zipfile

import pytest
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.runtime import check, create, find, nvidia, wheels
from scarp.core.runtime.nvidia import Gpu


def wheel(folder, name, version, body=""):
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}/__init__.py", body)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Pins of two tiny packages, of which ``torch`` is in the folder of wheels that is returned."""
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# pinned\nnumpy==9.1\ntorch==9.0.0\n")
    for module in (find, wheels):
        monkeypatch.setattr(module, "REQUIREMENTS", requirements)
    facts = {"python": {"version": "3"}, "packages": [{"name": "torch", "version": "9", "problem": ""}], "devices": []}
    monkeypatch.setattr(check, "check", lambda python, cancelled=None: facts)
    monkeypatch.setattr(nvidia, "gpus", list)
    monkeypatch.setitem(create._SPACE, "cpu", 0)
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel(folder, "torch", "9.0.0+cpu")
    return folder


def test_life_of_an_environment(tmp_path, tiny, monkeypatch):
    folder = tmp_path / "a runtime (1).x"
    options = {"wheel_folder": tiny, "device": "auto"}
    with pytest.raises(ScarpError, match=r"no build for this system.*numpy==9\.1"):
        create.create(folder, **options)
    assert not find.read_marker(folder)
    made = find.python_in(folder).lstat().st_ctime_ns

    wheel(tiny, "numpy", "9.1")
    shares, said = [], []

    def progress(share, text):
        shares.append(share)

    def log(level, message):
        said.append(message)

    marker = create.create(folder, progress=progress, log=log, **options)
    assert find.python_in(folder).lstat().st_ctime_ns == made
    assert any("Going on" in message for message in said)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert marker == find.read_marker(folder)
    assert marker["build"] == "cpu"
    installed = {path.name for path in folder.glob("lib/python*/site-packages/*.dist-info")}
    assert {"torch-9.0.0+cpu.dist-info", "numpy-9.1.dist-info"} <= installed

    said.clear()
    assert create.create(folder, log=log, **options) == marker
    assert [message for message in said if "up to date" in message]

    wheel(tiny, "numpy", "9.2")
    find.REQUIREMENTS.write_text("numpy==9.2\ntorch==9.0.0\n")
    create.create(folder, **options)
    assert list(folder.glob("lib/python*/site-packages/numpy-9.2.dist-info"))

    broken = {"python": {"version": "3"}, "packages": [{"name": "torch", "version": "9", "problem": "does not load"}]}
    monkeypatch.setattr(check, "check", lambda python, cancelled=None: broken)
    find.REQUIREMENTS.write_text("numpy==9.1\ntorch==9.0.0\n")
    with pytest.raises(ScarpError, match="torch does not load"):
        create.create(folder, **options)
    assert not find.read_marker(folder)


def test_cancel_leaves_no_marker(tmp_path, tiny):
    begun = (tmp_path / "r" / "bin").exists
    with pytest.raises(Cancelled):
        create.create(tmp_path / "r", "cpu", wheel_folder=tiny, cancelled=begun)
    assert (tmp_path / "r").exists()
    assert not find.read_marker(tmp_path / "r")


def test_unsound_remains_are_made_anew(tmp_path, tiny):
    wheel(tiny, "numpy", "9.1")
    (tmp_path / "r" / "bin").mkdir(parents=True)
    (tmp_path / "r" / "bin" / "python").write_text("cut off")
    (tmp_path / "r" / create._UNFINISHED).touch()
    assert create.create(tmp_path / "r", "cpu", wheel_folder=tiny)["torch"] == "9"


def test_refusals_name_the_fix(tmp_path, tiny, monkeypatch):
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.odt").touch()
    with pytest.raises(ScarpError, match="holds other things"):
        create.create(foreign, "cpu", wheel_folder=tiny)
    assert [path.name for path in foreign.iterdir()] == ["thesis.odt"]
    with pytest.raises(ScarpError, match="DEVICE is 'tpu'"):
        create.create(tmp_path / "r", "tpu")
    with pytest.raises(ScarpError, match="no NVIDIA driver"):
        create.create(tmp_path / "r", "cuda")
    with pytest.raises(ScarpError, match="folder of wheels"):
        create.create(tmp_path / "r", "cpu", wheel_folder=tmp_path / "none")
    monkeypatch.setitem(create._SPACE, "cpu", 10**18)
    with pytest.raises(ScarpError, match="GB free"):
        create.create(tmp_path / "full", "cpu", wheel_folder=tiny)
    (tmp_path / "file").touch()
    with pytest.raises(ScarpError, match="cannot be written"):
        create.create(tmp_path / "file" / "r", "cpu", wheel_folder=tiny)


def test_a_cuda_build_is_never_asked_for_by_accident():
    version = wheels.torch_version()
    for arguments in wheels.attempts("cpu", platform="linux"):
        assert f"torch=={version}+cpu" in arguments
    assert wheels.attempts("cpu", platform="linux")[1][:2] == [
        "--extra-index-url",
        "https://download.pytorch.org/whl/cpu",
    ]
    assert wheels.attempts("cu130", platform="win32")[1][:3] == [
        "--extra-index-url", "https://download.pytorch.org/whl/cu130", f"torch=={version}+cu130",
    ]  # fmt: skip
    assert wheels.attempts("cpu", platform="darwin") == [[f"torch=={version}", "--requirement", str(find.REQUIREMENTS)]]
    assert all("--no-index" in arguments for arguments in wheels.attempts("cpu", wheels="w", platform="linux"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying ... NewConnectionError('... Temporary failure in name resolution')", "cannot be reached"),
        ("WARNING: ... ProxyError('Cannot connect to proxy.')", "HTTPS_PROXY"),
        ("ERROR: ... SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED')", "PIP_CERT"),
        ("ERROR: No matching distribution found for h5py==3.16.0", "h5py==3.16.0"),
        ("something new", "something new"),
    ],
)
def test_pip_failures_in_plain_words(line, words):
    assert words in wheels.cause(["Collecting h5py", line])


def test_gpu_and_driver_choose_the_build():
    (gpu,) = nvidia.parse(["NVIDIA RTX 4000, Ada, 580.65.06, 8.9"])
    assert gpu == Gpu("NVIDIA RTX 4000, Ada", "580.65.06", (8, 9))
    # PyTorch's matrix: 12.6 from Maxwell to Hopper, 13.0 from Turing to Blackwell; CUDA 13 needs driver 580.
    assert nvidia.build_for(gpu) == "cu130"
    assert nvidia.build_for(Gpu("GTX 1080", "581.1", (6, 1))) == "cu126"
    assert nvidia.build_for(Gpu("RTX 3060", "550.54", (8, 6))) == "cu126"
    assert nvidia.build_for(Gpu("RTX 5090", "590.1", (12, 0))) == "cu130"
    with pytest.raises(ScarpError, match="Update the NVIDIA driver"):
        nvidia.build_for(Gpu("RTX 5090", "570.1", (12, 0)))
    with pytest.raises(ScarpError, match="Update the NVIDIA driver"):
        nvidia.build_for(Gpu("RTX 3060", "470.1", (8, 6)))
    with pytest.raises(ScarpError, match="no build for the GPU"):
        nvidia.build_for(Gpu("GTX 780", "470.1", (3, 5)))
    assert nvidia.parse(["NVIDIA-SMI has failed"]) == []
