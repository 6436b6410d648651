"""What was used before is told by the wizard's own journals: each deployment once, the newest first, nothing hostile."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import journal as journals
from checks.deployment import Deployment, Product, Sources, Vantage
from checks.journal import MOST_LINE, VERSION, Began, Journal, now
from tui import places
from tui.prefill import Prefill
from tui.used_before import MOST, NAMES, forget, used_before, walks_of

KENMYER = "sip:kenmyer@litwareinc.com"
LITWARE = Deployment(users=(KENMYER,), domains=("litwareinc.com",), pool="atl-cs-001.litwareinc.com")
CONTOSO = Deployment(users=("sip:adelany@contoso.com",), domains=("contoso.com",))
FEDERATED = Deployment(
    users=(KENMYER,), domains=("litwareinc.com",), edge="edge01.litwareinc.com", partners=("fabrikam.com",)
)
REMOTE = Sources(shell="https://atl-cs-001.litwareinc.com/OcsPowershell", shell_user="LITWAREINC\\admin")  # noqa: S604
WITH_PASSWORD = Sources(shell="https://admin:secret@contoso.com/OcsPowershell")  # noqa: S604
NO_SHELL = Sources()
PARTNER_ALONE = Deployment(partners=("fabrikam.com",))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    places.walks().mkdir(parents=True)
    return places.walks()


def walked(deployment: Deployment, runbook: str = "mobility", sources: Sources = NO_SHELL, **more: Any) -> Path:
    """A walk that began just now."""
    path = places.new_walk(runbook)
    began = Began(version=VERSION, runbook=runbook, deployment=deployment, at=now(), sources=sources, **more)
    Journal(began, path).close()
    return path


def titles(runbook: str = "mobility") -> list[str]:
    return [used.title for used in used_before(runbook)]


def test_nothing_is_offered_where_nothing_was_walked(own_folder: Path) -> None:
    assert titles() == []
    own_folder.rmdir()
    assert titles() == []


def test_each_deployment_is_offered_once_as_it_was_last() -> None:
    walked(CONTOSO)
    walked(LITWARE)
    walked(msgspec.structs.replace(LITWARE, pool="other.litwareinc.com"), sources=REMOTE)
    assert titles() == ["litwareinc.com · kenmyer", "contoso.com · adelany"]
    newest = used_before("mobility")[0]
    assert (newest.deployment.pool, newest.sources) == ("other.litwareinc.com", REMOTE)


def test_no_more_are_offered_than_are_read() -> None:
    for number in range(MOST + 2):
        walked(msgspec.structs.replace(LITWARE, users=(f"sip:user{number}@litwareinc.com",)))
    assert titles() == [f"litwareinc.com · user{number}" for number in (4, 3, 2)]


@pytest.mark.parametrize(
    "path",
    [
        lambda: walked(LITWARE, scenario="healthy"),
        lambda: walked(LITWARE, sources=Sources(evidence=("theirs.jsonl",), offline=True)),
        lambda: walked(LITWARE, runbook="telephony"),
        lambda: walked(Deployment()),
        lambda: walked(msgspec.structs.replace(LITWARE, pool="pool01; rm")),
        lambda: walked(LITWARE, sources=WITH_PASSWORD),
        lambda: walked(LITWARE, sources=Sources(shell_user="\x1b]0;title\x07")),
    ],
    ids=["lab", "somebody's evidence", "unknown runbook", "no name", "no host name", "a password", "an escape"],
)
def test_what_is_no_walk_of_a_real_deployment_is_passed_over(path: Any) -> None:
    walked(CONTOSO)
    path()
    assert titles() == ["contoso.com · adelany"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n" * 1000,
        b'{"kind":"began","version":1,"runbook":"mobility","deploy',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b'{"kind":"began","version":99,"runbook":"mobility","deployment":{},"at":""}\n',
        b'{"kind":"concluded"}\n',
        b" " * (MOST_LINE + 10),
    ],
    ids=["empty", "blank", "torn", "nested", "binary", "newer", "no beginning", "an endless line"],
)
def test_what_cannot_be_read_is_passed_over(content: bytes, own_folder: Path) -> None:
    walked(CONTOSO)
    (own_folder / "99990101-000000-000000-mobility.jsonl").write_bytes(content)
    assert titles() == ["contoso.com · adelany"]


@pytest.mark.skipif(os.name == "nt", reason="pipes with a name are of POSIX")
def test_what_is_no_file_is_not_waited_for(own_folder: Path) -> None:
    walked(CONTOSO)
    os.mkfifo(own_folder / "99990101-000000-000000-mobility.jsonl")
    (own_folder / "99990102-000000-000000-mobility.jsonl").mkdir()
    assert titles() == ["contoso.com · adelany"]


def test_only_the_beginning_of_a_journal_is_read() -> None:
    path = walked(LITWARE)
    with path.open("ab") as file:
        file.write(b'{"kind":"asked", this is no line of a journal\n{"kind":"asked"}\n')
    with pytest.raises(journals.UnreadableJournal):
        journals.read(path)
    assert titles() == ["litwareinc.com · kenmyer"]


def test_the_other_runbook_s_walks_come_after_its_own_and_only_of_other_deployments() -> None:
    walked(FEDERATED, "xmpp")
    walked(CONTOSO)
    walked(LITWARE)
    assert titles("xmpp") == ["litwareinc.com · fabrikam.com", "contoso.com · adelany"]
    assert titles("mobility") == ["litwareinc.com · kenmyer", "contoso.com · adelany"]


def test_a_walk_that_names_nothing_the_form_asks_for_does_not_serve_it() -> None:
    walked(PARTNER_ALONE, "xmpp")
    assert titles("xmpp") == ["fabrikam.com"]
    assert titles("mobility") == []


def test_what_was_typed_comes_back_as_it_was_typed() -> None:
    sources = Sources(
        shell=REMOTE.shell, shell_user="LITWAREINC\\admin", edge_shell="http://edge01.litwareinc.com:5985/wsman",
        edge_user="EDGE01\\admin", dns_inside="192.168.10.90", ca_file="/etc/ssl/root.pem",
    )  # fmt: skip
    walked(msgspec.structs.replace(FEDERATED, vantage=Vantage.FRONT_END, product=Product.LYNC_2013), "xmpp", sources)
    texts = used_before("xmpp")[0].texts("xmpp")
    assert {name: text for name, text in texts.items() if text} == {
        "user": "kenmyer@litwareinc.com", "edge": "edge01.litwareinc.com", "domain": "litwareinc.com",
        "partner": "fabrikam.com", "vantage": "front-end", "shell": "remote", "address": "atl-cs-001.litwareinc.com",
        "account": "LITWAREINC\\admin", "edge-address": "edge01.litwareinc.com", "edge-account": "EDGE01\\admin",
        "dns-inside": "192.168.10.90", "ca-file": "/etc/ssl/root.pem",
    }, "the shell tells the version, which may have changed"  # fmt: skip


@pytest.mark.parametrize(
    ("shell", "address"),
    [
        ("https://atl-cs-001.litwareinc.com/OcsPowershell", "atl-cs-001.litwareinc.com"),
        (
            "https://atl-cs-001.litwareinc.com:4443/OcsPowershell",
            "https://atl-cs-001.litwareinc.com:4443/OcsPowershell",
        ),
    ],
)
def test_an_address_is_short_where_a_name_was_enough(shell: str, address: str) -> None:
    walked(LITWARE, sources=Sources(shell=shell))
    assert used_before("mobility")[0].texts("mobility")["address"] == address


def test_names_that_a_form_has_no_field_for_are_told_beside_it() -> None:
    found = msgspec.structs.replace(LITWARE, web_internal="web.litwareinc.com", edge="edge01.litwareinc.com",
                                    product=Product.LYNC_2013)  # fmt: skip
    walked(found, sources=REMOTE)
    unasked = {runbook: {one.name: one.value for one in used_before(runbook)[0].unasked(runbook)} for runbook in NAMES}
    assert unasked == {
        "mobility": {"web_internal": "web.litwareinc.com", "edge": "edge01.litwareinc.com", "product": "2013"},
        "xmpp": {"pool": "atl-cs-001.litwareinc.com", "web_internal": "web.litwareinc.com", "product": "2013"},
    }  # fmt: skip


@pytest.mark.parametrize(("shell", "version"), [("none", "2013"), ("paste", "2013"), ("local", "")])
def test_the_version_is_kept_where_nothing_tells_it(shell: str, version: str) -> None:
    walked(msgspec.structs.replace(LITWARE, product=Product.LYNC_2013), sources=Sources(shell=shell))
    assert used_before("mobility")[0].texts("mobility")["product"] == version


def test_what_is_longer_than_a_field_is_left_out() -> None:
    walked(LITWARE, sources=msgspec.structs.replace(REMOTE, shell_user="a" * 500))
    assert "account" not in used_before("mobility")[0].texts("mobility")


def test_forgetting_removes_the_walks_of_one_deployment_and_nothing_else(own_folder: Path, tmp_path: Path) -> None:
    kept = [walked(CONTOSO), walked(LITWARE, scenario="healthy"), walked(FEDERATED, "xmpp")]
    gone = {
        walked(LITWARE),
        walked(LITWARE, sources=REMOTE),
        walked(LITWARE, sources=Sources(evidence=("theirs.jsonl",), offline=True)),
    }
    elsewhere = tmp_path / "mine.jsonl"
    elsewhere.write_bytes(kept[0].read_bytes())
    walks = walks_of("litwareinc.com · kenmyer")
    assert set(walks) == gone
    assert forget(walks) == []
    assert set(own_folder.iterdir()) == set(kept)
    assert elsewhere.exists()
    assert titles() == ["contoso.com · adelany", "litwareinc.com · fabrikam.com"]


def test_what_could_not_be_removed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows does with a file that another program has open."""
    walk = walked(LITWARE)

    def refused(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "in use", str(self))

    monkeypatch.setattr(Path, "unlink", refused)
    assert forget([walk]) == [walk]
    assert used_before("mobility")
    for _ in range(places.MOST_WALKS + 1):
        walked(CONTOSO)
    assert walk.exists(), "nor does it hinder a walk that begins"


@pytest.mark.parametrize(("runbook", "deployment", "title"), [
    ("mobility", Deployment(pool="atl-cs-001.litwareinc.com", domains=("litwareinc.com",)),
     "litwareinc.com · atl-cs-001.litwareinc.com"),
    ("mobility", Deployment(web="lyncweb.litwareinc.com"), "lyncweb.litwareinc.com"),
    ("xmpp", Deployment(edge="edge01.litwareinc.com", partners=("fabrikam.com",)),
     "edge01.litwareinc.com · fabrikam.com"),
])  # fmt: skip
def test_a_title_says_whose_deployment_and_what_about(runbook: str, deployment: Deployment, title: str) -> None:
    walked(deployment, runbook)
    assert titles(runbook) == [title]


def test_long_names_that_differ_at_their_end_are_two_deployments() -> None:
    domain = ".".join(["a" * 60] * 3)
    for user in ("sip:kenmyer@a.com", "sip:pilar@a.com"):
        walked(msgspec.structs.replace(LITWARE, users=(user,), domains=(domain,)))
    assert titles() == [f"{domain} · pilar", f"{domain} · kenmyer"]


FIELDS = ("user", "pool", "web", "shell")
forms = st.fixed_dictionaries({name: st.text("ab", max_size=2) for name in FIELDS})
givens = st.dictionaries(st.sampled_from((*FIELDS, "no such field")), st.text("ab", max_size=2))


@given(forms, st.lists(givens, max_size=4))
def test_what_was_filled_in_is_taken_out_again(typed: dict[str, str], filled: list[dict[str, str]]) -> None:
    prefill, held = Prefill(), typed
    for given_now in filled:
        held = prefill.exchange(held, given_now)
        assert {name: held[name] for name in given_now if name in FIELDS} == {
            name: text for name, text in given_now.items() if name in FIELDS
        }
    assert prefill.exchange(held, {}) == typed
    assert set(held) == set(FIELDS)


@given(forms, givens, st.sampled_from(FIELDS))
def test_what_was_corrected_stays(typed: dict[str, str], filled: dict[str, str], corrected: str) -> None:
    prefill = Prefill()
    held = {**prefill.exchange(typed, filled), corrected: "corrected"}
    assert prefill.exchange(held, {}) == {**typed, corrected: "corrected"}
