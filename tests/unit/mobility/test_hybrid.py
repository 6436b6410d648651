"""The judgement of hosting providers, and the comparison of their Autodiscover address."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Product, Vantage
from checks.knowledge.hosting import ONLINE, ONLINE_URL, Provider
from checks.knowledge.shell_answers import Unseen
from checks.mobility import hybrid
from checks.mobility.hybrid import Facts
from checks.model import Reason, Status
from checks.probes import CmdletError, Objects, Unanswered
from tests.unit.mobility.told import deployment, gathered

MISPRINT = "https://webdir.online.lync.com/autodiscover/autodisccoverservice.svc/root"
OTHER = Provider(identity="Fabrikam", proxy="proxyserver.fabrikam.com", enabled=True, shared=True, url="")
USER = "sip:kenmyer@litwareinc.com"


def online(url: str | None = ONLINE_URL, **changes: Any) -> Provider:
    made = Provider(identity="LyncOnline", proxy=ONLINE, enabled=True, shared=True, url=url)
    return msgspec.structs.replace(made, **changes)


DENIED = Unseen(reason=Reason.DENIED, detail="Access is denied.")
PARTIAL = Unseen(
    reason=Reason.MISSING_INPUT, detail="a part of the answer is missing.", command="Get-CsHostingProvider"
)
TABLE: list[tuple[str, Facts]] = [
    ("not-hybrid", Facts()),
    ("not-hybrid", Facts(providers=(OTHER,))),
    ("not-hybrid", Facts(providers=(online("", shared=False),))),
    ("not-hybrid", Facts(providers=(online(MISPRINT, enabled=False),))),
    ("not-hybrid", Facts(providers=(Provider(identity="cut", shared=False),))),
    ("hybrid", Facts(providers=(OTHER, online()))),
    ("hybrid", Facts(providers=(online(ONLINE_URL.lower() + "/", proxy=ONLINE.upper() + "."),))),
    ("hybrid", Facts(providers=(online("https://webdir.online.lync.com:443/autodiscover/autodiscoverservice.svc/root"),))),
    ("url-misspelt", Facts(providers=(online(MISPRINT), OTHER))),
    ("url-misspelt", Facts(providers=(online(), online(MISPRINT)), unseen=PARTIAL)),
    ("url-empty", Facts(providers=(online(""),))),
    ("url-odd", Facts(providers=(online("http://webdir.online.lync.com/Autodiscover/AutodiscoverService.svc/root"),))),
    ("url-odd", Facts(providers=(online("https://webdir.online.lync.com/root"),))),
    ("url-odd", Facts(providers=(online("https://[webdir/"),))),
    # What was not shown is neither null nor false.
    ("not-seen", Facts(providers=(online(None),))),
    ("not-seen", Facts(providers=(online(ONLINE_URL[:30]),))),
    ("not-seen", Facts(providers=(online(shared=None),))),
    ("not-seen", Facts(providers=(online(enabled=None),))),
    ("not-seen", Facts(providers=(online(proxy="sipfed.onli"),))),
    ("not-seen", Facts(providers=(online(),), unseen=PARTIAL)),
    ("not-seen", Facts(unseen=DENIED)),
    ("not-for-this-seat", Facts(unseen=msgspec.structs.replace(PARTIAL, seat_has_no_shell=True))),
    ("not-on-this-version", Facts(product=Product.LYNC_2010, providers=(online(None),))),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "seen"), TABLE)
def test_judgement(answer: str, seen: Facts) -> None:
    found = hybrid.judge(seen)
    assert found.answer == answer
    if found.status in {Status.FAILED, Status.WARNING}:
        assert [remedy.command() for remedy in found.remedies] == [
            f"Set-CsHostingProvider -Identity LyncOnline -AutodiscoverUrl {ONLINE_URL}"
        ]
    if found.status is Status.UNKNOWN:
        assert found.reason
        assert found.command or found.reason is Reason.DENIED


def test_every_answer_is_in_the_table() -> None:
    assert {answer for answer, _ in TABLE} == {answer.name for answer in hybrid.OUTCOMES.answers}


def test_a_user_who_is_homed_online_is_told_apart_with_and_without_a_provider() -> None:
    assert f"{USER} is homed online; that user's phone must be sent on from here." in hybrid.judge(
        Facts(providers=(online(),), online=(USER,))
    ).detail  # fmt: skip
    assert any("is sent nowhere" in line for line in hybrid.judge(Facts(online=(USER,))).detail)


def shown(**properties: Any) -> Objects:
    return Objects(objects=({"Identity": "LyncOnline", "ProxyFqdn": ONLINE, "Enabled": True, **properties},))


async def test_gathering_reads_providers_and_users() -> None:
    says = {
        "Get-CsHostingProvider": shown(EnabledSharedAddressSpace=True, AutodiscoverUrl=None),
        "Get-CsUser": Objects(
            objects=({"SipAddress": USER, "Enabled": True, "RegistrarPool": None, "HostingProvider": ONLINE},)
        ),
    }
    seen, asked = await gathered(hybrid.STEP, says, deployment(users=(USER,)))
    assert seen.providers == (online(""),)
    assert seen.online == (USER,)
    assert [question.typed().split()[0] for question in asked] == ["Get-CsHostingProvider", "Get-CsUser"]


async def test_the_version_is_asked_for_only_where_a_url_was_not_shown() -> None:
    version = Objects(objects=({"Value": "Microsoft Lync Server 2010 (4.0.7577.0)"},))
    says: dict[str, Objects | Unanswered] = {
        "Get-CsHostingProvider": shown(EnabledSharedAddressSpace=False),
        "Get-CsServerVersion": version,
    }
    _, asked = await gathered(hybrid.STEP, says, deployment())
    assert "Get-CsServerVersion" in [question.typed().split()[0] for question in asked]


async def test_a_part_of_the_providers_is_not_all() -> None:
    error = CmdletError(message="The operation timed out.", category="OperationTimeout")
    answer = shown(EnabledSharedAddressSpace=False, AutodiscoverUrl="")
    seen, _ = await gathered(
        hybrid.STEP, {"Get-CsHostingProvider": msgspec.structs.replace(answer, errors=(error,))}, deployment()
    )
    assert hybrid.judge(seen).answer == "not-seen"


@pytest.mark.parametrize("seat", [Vantage.OUTSIDE, Vantage.EDGE])
async def test_without_a_shell_it_is_another_seats_matter(seat: Vantage) -> None:
    seen, _ = await gathered(hybrid.STEP, {}, deployment(seat))
    assert hybrid.judge(seen).answer == "not-for-this-seat"


@given(st.text(max_size=200))
def test_any_text_has_a_state(url: str) -> None:
    assert online(url).url_state in {"right", "empty", "misspelt", "odd", "not-shown"}


@given(st.dictionaries(st.sampled_from(["Identity", "ProxyFqdn", "Enabled", "EnabledSharedAddressSpace", "AutodiscoverUrl"]),
                       st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=3)))  # fmt: skip
def test_any_object_is_a_provider(properties: dict[str, Any]) -> None:
    hybrid.judge(Facts(providers=(Provider.of(properties),)))
