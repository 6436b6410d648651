"""The screens that are kept as text in tests/snapshots/screens: which walk each begins with, and what is pressed there."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from textual.events import Paste

from screenshots.beginnings import (
    ACTING,
    UNSEEN,
    WAITING,
    Beginning,
    Key,
    Mended,
    Recorded,
    Returning,
    Shot,
    Theme,
    Visit,
)
from screenshots.capture import captured
from screenshots.staging import ROOT, opened

FOLDER = ROOT / "tests" / "snapshots" / "screens"
SIZES = ((80, 24), (120, 40))


@dataclass(frozen=True)
class Scene:
    """One run of the wizard, and the pictures that are taken in it, at each of SIZES."""

    beginning: Beginning
    keys: Sequence[Key]
    ascii_only: bool = False
    no_color: bool = False
    folder: Path = ROOT

    @property
    def shots(self) -> list[str]:
        """The names of its pictures, without the size."""
        return [key.name for key in self.keys if isinstance(key, Shot)]


SHOWN = """Identity          : CN=Ken Myer,OU=Users,DC=litwareinc,DC=com
Enabled           : True
SipAddress        : sip:kenmyer@litwareinc.com
RegistrarPool     : atl-cs-001.litwareinc.com
UserPrincipalName : kenmyer@litwareinc.com
"""
ERROR = "Can't verify the certificate from the server"
KEN = Paste("kenmyer@litwareinc.com")
A_FILE = Paste("tests/journals/mobility-healthy.jsonl")
NO_OUTPUT = Paste("nothing that a cmdlet says")

POLICY = "mobility-policy-disabled-for-user"
SILENT = Recorded("mobility-healthy", silent=("Get-CsMcxConfiguration", "Get-CsPushNotificationConfiguration"))
OUTSIDE_OFF = Recorded("mobility-healthy", changes={'"AllowOutsideUsers":true': '"AllowOutsideUsers":false'})
TWO_FAULTS = Recorded(POLICY, changes={'"AllowOutsideUsers":true': '"AllowOutsideUsers":false'})
HALFWAY = Recorded("mobility-healthy", steps=6)

OPENING = (
    Scene(Returning(), [Shot("welcome-again"), "down", "enter", Shot("form-used")]),
    Scene("welcome", [Shot("welcome"), "ctrl+p", Shot("palette-welcome")]),
    Scene("welcome", ["enter", Shot("symptom"), "down", "down", Shot("symptom-other")]),
    Scene("welcome", ["down", "enter", Shot("form-mobility"), Paste("nonsense"), "enter", Shot("form-wrong")]),
    Scene("welcome", ["down", "enter", KEN, "enter", Shot("form-found")]),
    Scene("welcome", ["down", "down", "enter", Shot("form-xmpp")]),
    Scene("welcome", [*["down"] * 3, "enter", Shot("diagnose-empty"), Paste(ERROR), "f2", Shot("diagnose")]),
    Scene("welcome", [*["down"] * 4, "enter", Shot("evidence-file"), A_FILE, "enter", Shot("evidence-file-read")]),
)
PRACTICE = (
    Scene("practice", [Shot("practice"), *"push", Shot("practice-narrowed")]),
    Scene(UNSEEN, [Shot("call"), "h", Shot("call-hint"), "down", "enter", Shot("cause")]),
    Scene(UNSEEN, ["enter", "down", "enter", Shot("cause-before-verdict"), "down", "enter", Shot("cause-ruled")]),
)
STEPS = (
    Scene(POLICY, ["enter", Shot("step-failed"), "w", Shot("step-why"), "w", "h", Shot("step-by-hand")]),
    Scene(
        POLICY,
        ["enter", "e", Shot("step-evidence"), "slash", *"False", Shot("evidence-filtered"), "escape",
         "question_mark", Shot("help"), "escape", "ctrl+p", Shot("palette")],
    ),
    Scene(POLICY, ["enter", "n", *"asked", Shot("note"), "enter", "pagedown", Shot("step-noted")]),
    Scene(POLICY, ["enter", "c", Shot("copy"), "escape", Theme("lyncdoctor-light"), Shot("step-failed-light")]),
    Scene(POLICY, ["o", Shot("export")], folder=Path("/")),
    Scene("mobility-healthy", [Visit("mobility.policy"), Shot("step-ok")]),
    Scene("mobility-tls-expired", ["enter", Shot("step-certificate")]),
    Scene("xmpp-edge-other-process", ["enter", Shot("step-edge")]),
    Scene(OUTSIDE_OFF, ["enter", Shot("step-warning")]),
    Scene(SILENT, ["enter", Shot("step-unknown")]),
    Scene(WAITING, [Shot("step-waiting"), "p", Shot("paste"), NO_OUTPUT, "f2", Shot("paste-not-understood")]),
    Scene(WAITING, ["p", Paste(SHOWN), "f2", Shot("paste-taken")]),
    Scene(ACTING, [Shot("step-agree"), "y", Shot("password")]),
    Scene(WAITING, ["a", Shot("answer"), "enter", Shot("answer-remark"), "enter", Shot("step-stated")]),
)  # fmt: skip
VERDICTS = (
    Scene(POLICY, [Shot("verdict-failed"), "f", Shot("verdict-checked-again")]),
    Scene(POLICY, [Mended("mobility-healthy"), "f", Shot("verdict-turned")]),
    Scene(TWO_FAULTS, [Shot("verdict-two-faults")]),
    Scene("mobility-healthy", [Shot("verdict-healthy")]),
    Scene("mobility-refused", [Shot("verdict-refused")]),
    Scene("xmpp-xmpp-tls-missing", [Shot("verdict-xmpp")]),
    Scene(OUTSIDE_OFF, [Shot("verdict-warning")]),
    Scene(SILENT, [Shot("verdict-unknown")]),
    Scene(HALFWAY, ["b", "v", Shot("verdict-so-far")]),
)
_SIX = (
    ("welcome", ["{welcome}", "down", "enter", "{form}"]),
    (POLICY, ["{verdict}", "enter", "{step}", "e", "{evidence}", "question_mark", "{help}"]),
)


def _again(marked: str, *, ascii_only: bool = False, no_color: bool = False) -> Iterator[Scene]:
    """The six screens that are drawn once more."""
    for beginning, keys in _SIX:
        shots = [Shot(f"{key.strip('{}')}-{marked}") if key.startswith("{") else key for key in keys]
        yield Scene(beginning, shots, ascii_only=ascii_only, no_color=no_color)


IN_ASCII = tuple(_again("ascii", ascii_only=True))
NO_COLOR = tuple(_again("no-color", no_color=True))
SCENES = (*OPENING, *PRACTICE, *STEPS, *VERDICTS, *IN_ASCII, *NO_COLOR)


def names_of(scene: Scene) -> list[str]:
    """The names of its pictures."""
    return [f"{shot}-{width}x{height}" for shot in scene.shots for width, height in SIZES]


def path_of(name: str) -> Path:
    """Where the picture is committed."""
    return FOLDER / f"{name}.txt"


async def taken(scene: Scene, size: tuple[int, int]) -> Mapping[str, str]:
    """The pictures of a scene at a size, by name."""
    pictures = {}
    with _colours(no_color=scene.no_color):
        async with opened(scene.beginning, size, ascii_only=scene.ascii_only, folder=scene.folder) as wizard:
            for key in scene.keys:
                if isinstance(key, Shot):
                    name = f"{key.name}-{size[0]}x{size[1]}"
                    pictures[name] = captured(wizard.app, f"{name}, {wizard.app.theme}")
                else:
                    await wizard.take(key)
    return pictures


@contextmanager
def _colours(*, no_color: bool) -> Iterator[None]:
    """Sets NO_COLOR, which Textual looks at when an app is made."""
    if no_color:
        os.environ["NO_COLOR"] = "1"
    try:
        yield
    finally:
        os.environ.pop("NO_COLOR", None)
