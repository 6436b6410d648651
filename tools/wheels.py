"""Makes a folder of wheels from which lyncdoctor installs on a Windows server without a network.

    python tools/wheels.py FOLDER
    py -3.11 -m pip install --no-index --find-links FOLDER lyncdoctor        (on the server)

pip downloads for another system, but asks its own whether a requirement is meant for it: what only Windows needs, or only
another Python, is left out. It is fetched by name here, and the folder is checked for whatever else may be missing.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

# The library that pip itself decides by; whoever has pip has it.
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name
from pip._vendor.packaging.version import Version

LEFT_OUT = ("sspilib", "typing-extensions")
"""What pip leaves out although Windows, or the older Python there, needs it."""
_HERE = Path(__file__).resolve().parent.parent


class Missing(NamedTuple):
    """A requirement of a wheel that nothing in the folder meets."""

    requirement: str
    wanted_by: str


def make(folder: Path, python: str) -> None:
    """Fills the folder. subprocess.CalledProcessError where pip cannot."""
    folder.mkdir(parents=True, exist_ok=True)
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(_HERE))
    own = max(folder.glob("lyncdoctor-*.whl"), key=lambda wheel: wheel.stat().st_mtime)
    for_windows = (
        "--platform",
        "win_amd64",
        "--implementation",
        "cp",
        "--python-version",
        python,
        "--only-binary=:all:",
    )
    _pip("download", "--dest", str(folder), *for_windows, str(own), *LEFT_OUT)


def missing(folder: Path, python: str) -> Iterator[Missing]:
    """What the wheels in the folder still need on a Windows with that Python, such as `3.11`."""
    wheels = [_metadata(path) for path in sorted(folder.glob("*.whl"))]
    versions = {canonicalize_name(str(wheel["Name"])): Version(str(wheel["Version"])) for wheel in wheels}
    for wheel in wheels:
        for text in wheel.get_all("Requires-Dist") or ():
            wanted = Requirement(text)
            if wanted.marker and not wanted.marker.evaluate(_windows(python)):
                continue
            held = versions.get(canonicalize_name(wanted.name))
            if held is None or not wanted.specifier.contains(held, prereleases=True):
                yield Missing(requirement=text, wanted_by=str(wheel["Name"]))


def _windows(python: str) -> dict[str, str]:
    """What a Windows server answers where a requirement asks whom it is for."""
    return {
        "sys_platform": "win32",
        "os_name": "nt",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "extra": "",
    }


def _metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as held:
        name = next(one for one in held.namelist() if one.endswith(".dist-info/METADATA"))
        return HeaderParser().parsestr(held.read(name).decode("utf-8"))


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments], check=True)  # noqa: S603


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes a folder of wheels for a Windows server without a network.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--python", default="3.11", help="the server's Python; 3.11 by default")
    chosen = parser.parse_args()
    try:
        make(chosen.folder, chosen.python)
    except subprocess.CalledProcessError as error:
        return error.returncode
    lacking = list(missing(chosen.folder, chosen.python))
    for one in lacking:
        sys.stderr.write(f"missing: {one.requirement}, which {one.wanted_by} needs\n")
    wheels = len(list(chosen.folder.glob("*.whl")))
    if not lacking:
        sys.stdout.write(
            f"{wheels} wheels in {chosen.folder}. On the server:\n"
            f"    py -{chosen.python} -m pip install --no-index --find-links {chosen.folder} lyncdoctor\n"
        )
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
