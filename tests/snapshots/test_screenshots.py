"""The committed pictures show the wizard as it is now. `python screenshots/render.py` draws them anew."""

import pytest

from screenshots import render


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLORTERM", "TERM", "TZ", "NO_COLOR"):
        monkeypatch.setenv(name, "")  # so that what follows is undone afterwards
    render.steady_terminal()


@pytest.mark.parametrize("picture", render.PICTURES, ids=lambda picture: picture.name)
async def test_a_picture_is_not_stale(picture: render.Picture) -> None:
    is_stale = render.path_of(picture).read_text(encoding="utf-8") != await render.drawn(picture)
    assert not is_stale, "draw it anew: python screenshots/render.py"


def test_no_other_picture_lies_about() -> None:
    drawn = {render.path_of(picture) for picture in render.PICTURES}
    assert set(render.FOLDER.glob("*.svg")) == drawn
