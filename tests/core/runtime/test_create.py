"""Making the environment, with pip on a folder of tiny wheels."""

from __future__ import annotations

import os
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scarp.core.errors import Cancelled, ScarpError
from scarp.core.runtime import check, create, environment, find, nvidia, process, remove, wheels
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


@pytest.fixture(autouse=True)
def without_settings(monkeypatch):
    """Nothing that the machine tells pip, such as constraints, counts here."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


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
    (tmp_path / "r" / create.UNFINISHED).touch()
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


def test_a_forecast_and_a_repair(tmp_path, tiny):
    wheel(tiny, "numpy", "9.1", "value = 1")
    folder = tmp_path / "r"
    said = []
    create.create(folder, "cpu", wheel_folder=tiny, log=lambda level, message: said.append(message))
    forecast = next(number for number, message in enumerate(said) if re.search(r"GB .*minutes", message))
    assert forecast < next(number for number, message in enumerate(said) if "is made with" in message)

    (module,) = folder.glob("lib/python*/site-packages/numpy/__init__.py")
    module.write_text("damaged")
    create.create(folder, "cpu", wheel_folder=tiny)
    assert module.read_text() == "damaged", "what is up to date is left alone"
    assert create.create(folder, "cpu", wheel_folder=tiny, repair=True) == find.read_marker(folder)
    assert module.read_text() == "value = 1"

    (tiny / "numpy-9.1-py3-none-any.whl").unlink()
    with pytest.raises(ScarpError, match="no build for this system"):
        create.create(folder, "cpu", wheel_folder=tiny, repair=True)
    assert module.read_text() == "value = 1", "a repair that fails keeps what is there"


def test_the_command_that_fetches_wheels():
    command = wheels.fetch_command("cu130", "https://mirror.example/torch")
    assert f"torch=={wheels.torch_version()}+cu130 --extra-index-url https://mirror.example/torch" in command


def test_remove_takes_the_environment_and_nothing_else(tmp_path, tiny):
    folder = tmp_path / "x" / "r"
    (folder / "lib" / "python3.11" / "site-packages" / "torch").mkdir(parents=True)
    (folder / find.MARKER).write_text('{"torch": "9"}')
    (folder / "lib64").symlink_to("lib")
    foreign = tmp_path / "x" / "thesis"
    foreign.mkdir()
    (foreign / "thesis.odt").touch()
    with pytest.raises(ScarpError, match="was not made by"):
        remove.remove(foreign)
    with pytest.raises(ScarpError, match="nothing to remove"):
        remove.remove(tmp_path / "none")
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        remove.remove(folder, cancelled=lambda: next(asked))
    assert not find.read_marker(folder), "half an environment does not count"
    shares = []
    assert remove.remove(folder, progress=lambda share, text: shares.append(share)) == folder
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["thesis"]
    assert (foreign / "thesis.odt").exists()
    assert shares == sorted(shares)


def test_a_proxy_is_a_variable_of_pip_and_never_shown(tmp_path, tiny, monkeypatch, caplog):
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for name, value in (("CONFIG_FILE", os.devnull), ("RETRIES", "1"), ("INDEX_URL", "https://pypi.example/simple")):
        monkeypatch.setenv(f"PIP_{name}", value)
    seen = []
    run = process.run

    def spy(command, **options):
        seen.append((command, options.get("environment") or {}))
        return run(command, **options)

    monkeypatch.setattr(process, "run", spy)
    caplog.set_level("DEBUG")
    said = []
    secret = "http://ann:s3cr%40t@127.0.0.1:9"  # nothing listens there
    with pytest.raises(ScarpError, match="cannot be reached") as caught:
        create.create(tmp_path / "r", "cpu", log=lambda level, message: said.append(message), proxy=secret)
    pip = [environment for command, environment in seen if "install" in command]
    assert all(environment["HTTPS_PROXY"] == secret for environment in pip)
    assert not any("s3cr" in part for command, _ in seen for part in command)
    assert "s3cr" not in "\n".join([*said, str(caught.value), caplog.text])
    assert any("pip download" in message for message in said)
    assert environment.behind(secret, {"https_proxy": "http://own"}) == {"HTTP_PROXY": secret}


@given(user=st.text("ab%+-._", max_size=5), password=st.text("ab:%+-._@", min_size=1, max_size=8))
def test_passwords_leave_addresses(user, password):
    shown = environment.redact(f"Looking in http://{user}:{password}@host:80/simple, https://mirror.example/simple")
    assert shown == f"Looking in http://{user}:***@host:80/simple, https://mirror.example/simple"
