"""The folder of wheels for a server without a network: what is missing in it is noticed. `.ci/run` makes the real one."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from tools.wheels import LEFT_OUT, missing


def wheel(folder: Path, name: str, version: str, *requires: str) -> None:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {one}" for one in requires),
    ]
    with ZipFile(folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl", "w") as made:
        made.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(lines) + "\n\n")


@pytest.mark.parametrize(
    ("requires", "held", "lacking"),
    [
        (['sspilib>=0.3; sys_platform == "win32"'], [], True),
        (['sspilib>=0.3; sys_platform == "win32"'], [("sspilib", "0.6.0")], False),
        (['sspilib>=0.3; sys_platform == "win32"'], [("sspilib", "0.2.0")], True),
        (['gssapi; sys_platform != "win32"'], [], False),
        (['Typing_Extensions>=4; python_version < "3.13"'], [("typing-extensions", "4.16.0")], False),
        (['tomli; python_version < "3.11"'], [], False),
        (['pytest; extra == "test"'], [], False),
        (["idna"], [], True),
    ],
)
def test_what_windows_needs_must_be_there(
    tmp_path: Path, requires: list[str], held: list[tuple[str, str]], lacking: bool
) -> None:
    wheel(tmp_path, "lyncdoctor", "1.0", *requires)
    for name, version in held:
        wheel(tmp_path, name, version)
    found = list(missing(tmp_path, "3.11"))
    assert [one.requirement for one in found] == (requires if lacking else [])
    assert {one.wanted_by for one in found} <= {"lyncdoctor"}


def test_what_pip_leaves_out_is_fetched_by_name() -> None:
    assert "sspilib" in LEFT_OUT
