"""The pages in docs/runbooks are those that the code makes today."""

from pathlib import Path

from checks.runbooks import RUNBOOKS
from tui.documents import pages, write

DOCS = Path(__file__).parents[2] / "docs"


def test_the_committed_pages_are_what_the_code_makes_today() -> None:
    made = pages()
    committed = {
        str(path.relative_to(DOCS)): path.read_text(encoding="utf-8") for path in DOCS.glob("runbooks/**/*.md")
    }
    assert committed == made, "python -m tui.documents docs"


def test_each_step_has_a_page_that_the_overview_leads_to() -> None:
    made = pages()
    for runbook in RUNBOOKS.values():
        overview = made[f"runbooks/{runbook.name}.md"]
        assert "```mermaid" in overview
        for step in runbook.step_ids:
            page = f"{runbook.name}/{step.partition('.')[2]}.md"
            assert f"({page})" in overview
            assert made[f"runbooks/{page}"].startswith("# ")


def test_writing_removes_the_page_of_a_step_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "runbooks" / "mobility" / "gone.md"
    gone.parent.mkdir(parents=True)
    gone.write_text("old")
    write(tmp_path)
    assert not gone.exists()
    written = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.glob("runbooks/**/*.md")}
    assert written == pages()
