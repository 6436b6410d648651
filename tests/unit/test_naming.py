"""Names that nobody typed: which are found, from what, and what is not taken for one."""

from typing import Any

import pytest

from checks.asking import Asking
from checks.deployment import Deployment, Product, Sources, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.naming import Found, completed, find_names, is_worth_looking
from checks.probes import Answer, Cmdlet, Hop, Objects, Question, Request, Response
from checks.probes.journal import Offline

KEN = "sip:kenmyer@litwareinc.com"
POOL = "atl-cs-001.litwareinc.com"
SHELL = Sources(shell="https://atl-cs-001.litwareinc.com/OcsPowershell")  # noqa: S604
WEB = {"PoolFqdn": POOL, "ExternalFqdn": "lyncweb.litwareinc.com", "InternalFqdn": "lyncweb-int.litwareinc.com"}
OTHER_WEB = {"PoolFqdn": "atl-cs-002.litwareinc.com", "ExternalFqdn": "lyncweb2.litwareinc.com", "InternalFqdn": None}
USER = {"SipAddress": KEN, "RegistrarPool": POOL, "Enabled": True}


class Told:
    """Answers what it was given, by the typed command; nothing else can be answered."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def ask(self, question: Question) -> Any:
        self.asked.append(question.typed())
        return self._answers.get(question.typed()) or await Offline().ask(question)

    dns = http = tls = host = shell = ports = series = phone = xmpp = property(lambda self: self)

    def forget(self) -> None: ...
    def reset(self, *_: Any) -> None: ...
    async def close(self) -> None: ...


def shell(**objects: list[dict[str, Any]]) -> dict[str, Answer]:
    typed = {
        "user": Cmdlet(name="Get-CsUser", parameters=(("Identity", KEN),)),
        "web": Cmdlet(name="Get-CsService", parameters=(("WebServer", True),)),
        "edge": Cmdlet(name="Get-CsService", parameters=(("EdgeServer", True),)),
        "own_edge": Cmdlet(name="Get-CsService", parameters=(("EdgeServer", True), ("LocalStore", True)), on="edge"),
        "domains": Cmdlet(name="Get-CsSipDomain"),
        "version": Cmdlet(name="Get-CsServerVersion"),
    }
    return {typed[name].typed(): Objects(objects=tuple(found)) for name, found in objects.items()}


def autodiscover(location: str, host: str = "lyncweb.litwareinc.com", sip: str = KEN) -> dict[str, Answer]:
    query = f"?sipuri={sip}" if sip else ""
    url = f"https://lyncdiscover.litwareinc.com/{query}"
    body = f'{{"AccessLocation":"{location}","Root":{{"Links":[{{"token":"User","href":"https://{host}/Autodiscover/user"}}]}}}}'
    hop = Hop(url=url, status=200, address="192.0.2.1", body=body)
    return {Request(method="GET", url=url, view="outside").typed(): Response(hops=(hop,))}


async def found(
    answers: dict[str, Answer], sources: Sources = SHELL, runbook: str = "mobility", **names: Any
) -> dict[str, tuple[str, str]]:
    named = {"users": (KEN,), "domains": ("litwareinc.com",)} | names
    deployment = Deployment(**named)
    journal = Journal(Began(version=VERSION, runbook=runbook, deployment=deployment, at=now()))
    told = await find_names(Asking(Told(answers), journal), deployment, sources, runbook)
    return {one.name: (one.value, one.source) for one in told}


async def test_one_address_and_a_shell_are_enough() -> None:
    answers = shell(
        user=[USER],
        web=[WEB, OTHER_WEB],
        edge=[{"PoolFqdn": "atl-edge-001.litwareinc.com"}],
        domains=[{"Name": "litwareinc.com", "IsDefault": True}],
        version=[{"Value": "Microsoft Lync Server 2013 (5.0.8308.0): Volume license key installed."}],
    )
    assert await found(answers) == {
        "pool": (POOL, "Get-CsUser"),
        "web": ("lyncweb.litwareinc.com", "Get-CsService -WebServer"),
        "web_internal": ("lyncweb-int.litwareinc.com", "Get-CsService -WebServer"),
        "edge": ("atl-edge-001.litwareinc.com", "Get-CsService -EdgeServer"),
        "product": ("2013", "Get-CsServerVersion"),
    }


async def test_what_was_typed_stays() -> None:
    names = await found(shell(user=[USER], web=[WEB]), pool="pool01.litwareinc.com", web="web.litwareinc.com")
    assert "pool" not in names
    assert "web" not in names


async def test_of_several_pools_none_is_guessed() -> None:
    assert await found(shell(web=[WEB, OTHER_WEB])) == {}


async def test_of_several_edges_none_is_guessed() -> None:
    edges = [{"PoolFqdn": "edge01.litwareinc.com"}, {"PoolFqdn": "edge02.litwareinc.com"}]
    assert await found(shell(edge=edges), runbook="xmpp") == {}


async def test_the_edge_knows_itself() -> None:
    names = await found(
        shell(own_edge=[{"PoolFqdn": "atl-edge-001.litwareinc.com"}]), runbook="xmpp", vantage=Vantage.EDGE
    )
    assert names == {"edge": ("atl-edge-001.litwareinc.com", "Get-CsService -EdgeServer -LocalStore")}


@pytest.mark.parametrize(
    ("location", "names"),
    [("External", {"web": ("lyncweb.litwareinc.com", "lyncdiscover.litwareinc.com")}), ("Internal", {}), ("", {})],
)
async def test_autodiscover_tells_the_web_fqdn_of_clients_outside_alone(
    location: str, names: dict[str, tuple[str, str]]
) -> None:
    assert await found(autodiscover(location), Sources(), vantage=Vantage.OUTSIDE) == names


@pytest.mark.parametrize("value", ["10.0.0.1", "a b", "", "-", "pool", "x" * 300, "\x1b[31m.com"])
async def test_what_is_no_name_is_not_taken(value: str) -> None:
    assert "pool" not in await found(shell(user=[USER | {"RegistrarPool": value}]))


async def test_silence_finds_nothing() -> None:
    assert await found({}) == {}


@pytest.mark.parametrize(
    ("runbook", "sources", "names", "worth"),
    [
        ("mobility", Sources(), {"domains": ("litwareinc.com",)}, True),
        ("mobility", Sources(), {"domains": ("litwareinc.com",), "web": "lyncweb.litwareinc.com"}, False),
        ("mobility", SHELL, {"web": "lyncweb.litwareinc.com"}, True),
        ("mobility", SHELL, {"web": "lyncweb.litwareinc.com", "pool": POOL}, False),
        ("mobility", Sources(), {"pool": POOL}, False),
        ("xmpp", Sources(), {"partners": ("contoso.com",)}, False),
        ("xmpp", SHELL, {"domains": ("litwareinc.com",)}, True),
        ("xmpp", SHELL, {"domains": ("litwareinc.com",), "edge": "edge.litwareinc.com"}, False),
    ],
)
def test_nobody_is_asked_for_what_is_known(runbook: str, sources: Sources, names: dict[str, Any], worth: bool) -> None:
    assert is_worth_looking(Deployment(**names), sources, runbook) is worth


def test_what_was_found_fills_the_empty_places() -> None:
    told = [
        Found(name="domain", value="litwareinc.com", source="Get-CsSipDomain"),
        Found(name="product", value="2015", source="Get-CsServerVersion"),
        Found(name="pool", value=POOL, source="Get-CsUser"),
        Found(name="web", value="other.litwareinc.com", source="Get-CsService -WebServer"),
    ]
    known = Deployment(web="lyncweb.litwareinc.com")
    assert completed(known, told) == Deployment(
        domains=("litwareinc.com",), product=Product.SKYPE_2015, pool=POOL, web="lyncweb.litwareinc.com"
    )
