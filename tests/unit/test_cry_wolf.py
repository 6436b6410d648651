"""What was cut, hidden, translated, or shown by another seat, user or command is never told as a fault, nor as health."""

from collections.abc import Mapping

import pytest

from checks.context import Asking
from checks.deployment import Deployment, InvalidName, Sources, Vantage
from checks.journal import VERSION, Asked, Began, Journal
from checks.knowledge.pasted import NotUnderstood, understand
from checks.mobility import policy, service_url, user_enabled, windows_auth
from checks.model import Finding, Reason, Status
from checks.opening import seen_from
from checks.probes import (
    Answer,
    Cmdlet,
    CmdletError,
    Handshake,
    Hop,
    Objects,
    Question,
    Request,
    Response,
    Socket,
    Sockets,
    SocketTable,
    Unanswered,
    Unreached,
)
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.runner import run
from checks.xmpp import listening

KEN, PILAR = "sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"
POOL, WEB, EDGE = "atl-cs-001.litwareinc.com", "lyncweb.litwareinc.com", "atl-edge-001.litwareinc.com"
PLACE = Deployment(vantage=Vantage.FRONT_END, domains=("litwareinc.com",), users=(KEN,), pool=POOL, web=WEB, edge=EDGE)
AT = "2026-01-01T10:00:00.000+00:00"

USER = Cmdlet(name="Get-CsUser", parameters=(("Identity", KEN),))
EFFECTIVE = Cmdlet(name="Get-CsEffectivePolicy", parameters=(("Identity", KEN),))
POLICIES, POOLS = Cmdlet(name="Get-CsMobilityPolicy"), Cmdlet(name="Get-CsPool")
CONFIGURATIONS = Cmdlet(name="Get-CsWebServiceConfiguration")
TICKET = Request(method="GET", url=f"https://{WEB}/WebTicket/WebTicketService.svc", view="inside")
MCX = Request(method="GET", url=f"https://{WEB}/mcx/mcxservice.svc", view="inside")
SOCKETS = Sockets(ports=(5269, 23456), on="edge")
STEPS = {
    step.id: step for step in (service_url.STEP, user_enabled.STEP, policy.STEP, windows_auth.STEP, listening.STEP)
}

Told = Mapping[Question, str | Answer]


def journal(told: Mapping[Question, Answer], *, place: Deployment = PLACE, at: str = AT, seat: str = "") -> Journal:
    made = Journal(Began(version=VERSION, runbook="", deployment=place, at=at))
    made.source = "told.jsonl"
    for question, answer in told.items():
        made.add(Asked(question=question, answer=answer, seat=seat or str(place.vantage), at=at, took_ms=1))
    return made


async def concluded(step: str, told: Told, place: Deployment = PLACE) -> Finding:
    """What the step concludes where a person pasted these texts, and nobody else can be asked."""
    answers: dict[Question, Answer] = {}
    for question, text in told.items():
        answer = understand(question, text) if isinstance(text, str) else text
        if not isinstance(answer, NotUnderstood):
            answers[question] = answer
    return await walked(step, [journal(answers)], place)


async def walked(step: str, evidence: list[Journal], place: Deployment = PLACE) -> Finding:
    asking = Asking(LiveProbes(place, Sources(offline=True)), journal({}, place=place), Evidence(evidence, place))
    try:
        return (await run(STEPS[step], place, asking)).finding
    finally:
        await asking.close()


def shown(**properties: str) -> str:
    """As Format-List prints one object."""
    width = max(map(len, properties))
    return "\n" + "\n".join(f"{name:<{width}} : {value}".rstrip() for name, value in properties.items()) + "\n"


WHOLE = {
    "DisplayName": "Ken Myer", "SipAddress": KEN, "Enabled": "True", "RegistrarPool": POOL, "HostingProvider": "SRV:",
    "MobilityPolicy": "", "UserPrincipalName": "kenmyer@litwareinc.com",
}  # fmt: skip


def ken(**changed: str | None) -> str:
    """Get-CsUser's output with some properties changed, or left out where None."""
    return shown(**{name: value for name, value in {**WHOLE, **changed}.items() if value is not None})


def policies(*pairs: tuple[str, str]) -> str:
    return "".join(shown(Identity=identity, EnableMobility=allows) for identity, allows in pairs)


def configurations(*pairs: tuple[str, str]) -> str:
    off = {"UseCertificateAuth": "False", "UsePinAuth": "False", "UseWsFedPassiveAuth": "False", "AllowExternalAuthentication": "False"}  # fmt: skip
    return "".join(shown(Identity=identity, UseWindowsAuth=windows, **off) for identity, windows in pairs)


def not_found(identity: str) -> str:
    return (
        f'Get-CsUser : Management object not found for identity "{identity}".\nAt line:1 char:1\n'
        f"+ Get-CsUser -Identity {identity}\n+ ~~~~~~~~~~\n"
        "    + CategoryInfo          : NotSpecified: (:) [Get-CsUser], ManagementException\n"
        "    + FullyQualifiedErrorId : ManagementObjectNotFound,Microsoft.Rtc.Management.AD.Cmdlets.GetOcsUserCmdlet\n"
    )


DENIED = CmdletError(message="Access is denied.", id="AccessDenied", category="PermissionDenied")
GLOBAL, EVERYONE = ("Global", "True"), policies(("Global", "True"))
REDMOND = shown(Identity=POOL, Site="Site:Redmond")
POOL_ALONE = shown(Identity=POOL, Computers=f"{{{POOL}}}")
OFFERED = Response(
    hops=(
        Hop(url=TICKET.url, address="192.0.2.1", status=401,
            headers=(("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "NTLM"), ("X-MS-Server-Fqdn", POOL))),
    )
)  # fmt: skip


def page(question: Request, status: int, body: str = "", **more: str) -> Response:
    headers = tuple((name.replace("_", "-"), value) for name, value in more.items())
    hop = Hop(url=question.url, address="192.0.2.9", status=status, headers=headers, body=body)
    return Response(hops=(hop,))


CASES: dict[str, tuple[str, Told]] = {
    # Users.
    "the command was copied and not its output": ("mobility.user-enabled", {USER: f"PS C:\\> Get-CsUser -Identity {KEN}\n"}),
    "it went into a file": ("mobility.user-enabled", {USER: f"PS C:\\> Get-CsUser -Identity {KEN} | Out-File ken.txt\nPS C:\\>"}),
    "a slip in the address": ("mobility.user-enabled", {USER: not_found("sip:kenmeyer@litwareinc.com")}),
    "asked by a logon name": ("mobility.user-enabled", {USER: not_found("litwareinc\\kenmyer")}),
    "the other user": ("mobility.user-enabled", {USER: ken(SipAddress=PILAR, Enabled="False")}),
    "two others": ("mobility.user-enabled", {USER: ken(SipAddress=None, Enabled="False") + ken(SipAddress=None)}),
    "Enabled in French": ("mobility.user-enabled", {USER: ken(Enabled="Faux")}),
    "without Enabled": ("mobility.user-enabled", {USER: ken(Enabled=None)}),
    "without RegistrarPool": ("mobility.user-enabled", {USER: ken(RegistrarPool=None)}),
    "no pool, and who hosts is hidden": ("mobility.user-enabled", {USER: ken(RegistrarPool="", HostingProvider=None)}),
    "the pool's name is cut": ("mobility.user-enabled", {USER: ken(RegistrarPool="atl-cs-001.litw")}),
    "a table without room": (
        "mobility.user-enabled",
        {USER: "\nDisplayName Enabled RegistrarPool\n----------- ------- -------------\nKen Myer       True atl-cs-001.lit...\n"},
    ),
    "the pool as an object without its name": (
        "mobility.user-enabled",
        {USER: Objects(objects=({"SipAddress": KEN, "Enabled": True, "RegistrarPool": {}},))},
    ),
    "the same user twice and differently": (
        "mobility.user-enabled",
        {USER: Objects(objects=({**WHOLE, "Enabled": "True"}, {**WHOLE, "Enabled": "False"}))},
    ),
    "a cmdlet without right": ("mobility.user-enabled", {USER: Objects(errors=(DENIED,))}),
    # Policies.
    "MobilityPolicy is hidden": ("mobility.policy", {USER: ken(MobilityPolicy=None), POLICIES: policies(("Global", "False"))}),
    "the policy in force is not among those pasted": (
        "mobility.policy",
        {
            USER: ken(MobilityPolicy="Redmond"),
            EFFECTIVE: shown(Identity="CN=Ken Myer", MobilityPolicy="Redmond"),
            POLICIES: policies(("Global", "False")),
        },
    ),
    "the assigned policy is not among those pasted": (
        "mobility.policy",
        {USER: ken(MobilityPolicy="Redmond"), POLICIES: EVERYONE},
    ),
    "the effective policy is another user's": (
        "mobility.policy",
        {
            USER: ken(MobilityPolicy="Redmond"),
            EFFECTIVE: shown(Identity="CN=Pilar", MobilityPolicy="Closed"),
            POLICIES: policies(GLOBAL, ("Tag:Redmond", "True"), ("Tag:Closed", "False")),
        },
    ),
    "an effective policy for a user who has none": (
        "mobility.policy",
        {
            USER: ken(),
            EFFECTIVE: shown(Identity="CN=Pilar", MobilityPolicy="Closed"),
            POLICIES: policies(GLOBAL, ("Tag:Closed", "False")),
        },
    ),
    "a site of its own, and no site is shown": (
        "mobility.policy",
        {USER: ken(), POLICIES: policies(GLOBAL, ("Site:Redmond", "False")), POOLS: POOL_ALONE},
    ),
    "a pool without Identity is nobody's": (
        "mobility.policy",
        {
            USER: ken(RegistrarPool=""),
            POLICIES: policies(GLOBAL, ("Site:Redmond", "False")),
            POOLS: shown(Site="Site:Redmond", Services="{UserServer}"),
        },
    ),
    "EnableMobility in French": ("mobility.policy", {USER: ken(), POLICIES: policies(("Global", "Faux"))}),
    "a policy's name is cut": (
        "mobility.policy",
        {
            USER: ken(),
            POOLS: REDMOND,
            POLICIES: "\nIdentity   EnableMobility\n--------   --------------\nGlobal              False\nSite:Re...           True\n",
        },
    ),
    "the last line of the policies is cut": (
        "mobility.policy",
        {
            USER: ken(),
            POOLS: REDMOND,
            POLICIES: policies(("Global", "False")) + "\nIdentity       : Site:Red",
        },
    ),
    "the last line of the configurations is cut": (
        "mobility.windows-auth",
        {
            USER: ken(),
            TICKET: OFFERED,
            POOLS: REDMOND,
            CONFIGURATIONS: configurations(("Global", "None")) + "\nIdentity                    : Service:WebServer:atl-cs",
        },
    ),
    "an error came among the policies": (
        "mobility.policy",
        {USER: ken(), POLICIES: Objects(objects=({"Identity": "Global", "EnableMobility": False},), errors=(DENIED,))},
    ),
    "before and after the change": (
        "mobility.policy",
        {
            USER: ken(),
            POLICIES: Objects(objects=tuple({"Identity": "Global", "EnableMobility": on} for on in (False, True))),
        },
    ),
    "no policy at all": ("mobility.policy", {USER: ken(), POLICIES: Objects()}),
    "the user was not shown": ("mobility.policy", {USER: Objects(), POLICIES: EVERYONE}),
    # Signing in.
    "UseWindowsAuth as a number": (
        "mobility.windows-auth",
        {USER: ken(), TICKET: OFFERED, POOLS: REDMOND, CONFIGURATIONS: configurations(("Global", "2"))},
    ),
    "a configuration's name is cut": (
        "mobility.windows-auth",
        {
            USER: ken(), TICKET: OFFERED, POOLS: REDMOND,
            CONFIGURATIONS: Objects(objects=({"Identity": "Global", "UseWindowsAuth": "None"}, {"UseWindowsAuth": "NTLM"})),
        },
    ),
    "an error came among the configurations": (
        "mobility.windows-auth",
        {
            USER: ken(), TICKET: OFFERED, POOLS: REDMOND,
            CONFIGURATIONS: Objects(objects=({"Identity": "Global", "UseWindowsAuth": "Negotiate"},), errors=(DENIED,)),
        },
    ),
    "a site's configuration, and no site is shown": (
        "mobility.windows-auth",
        {
            USER: ken(), TICKET: OFFERED, POOLS: POOL_ALONE,
            CONFIGURATIONS: configurations(("Global", "None"), ("Site:Redmond", "Negotiate")),
        },
    ),
    "no configuration at all": ("mobility.windows-auth", {USER: ken(), TICKET: OFFERED, CONFIGURATIONS: Objects()}),
    "Global was left out": (
        "mobility.windows-auth",
        {USER: ken(), TICKET: OFFERED, POOLS: REDMOND, CONFIGURATIONS: configurations(("Site:Seattle", "None"))},
    ),
    "a sign-in page of the network answers for the web ticket": (
        "mobility.windows-auth",
        {
            USER: ken(), POOLS: REDMOND, CONFIGURATIONS: configurations(("Global", "Negotiate")),
            TICKET: page(TICKET, 200, '<form><input type="password"></form>'),
        },
    ),
    "the web ticket leads to a portal": (
        "mobility.windows-auth",
        {
            USER: ken(), POOLS: REDMOND, CONFIGURATIONS: configurations(("Global", "Negotiate")),
            TICKET: Response(hops=page(TICKET, 302).hops, stopped="stranger", location="https://portal.example/"),
        },
    ),
    "the name was asked on another computer": (
        "mobility.windows-auth",
        {
            USER: ken(), POOLS: REDMOND, CONFIGURATIONS: configurations(("Global", "Negotiate")),
            TICKET: f"PS C:\\> curl.exe -v {TICKET.url}\n* Could not resolve host: {WEB}\ncurl: (6) Could not resolve host: {WEB}\n",
        },
    ),
    # The service's address.
    "the network wants a sign-in": ("mobility.service-url", {MCX: page(MCX, 511)}),
    "a proxy wants a sign-in": ("mobility.service-url", {MCX: page(MCX, 407, Proxy_Authenticate="Basic")}),
    "a certificate is refused, and nobody looked at it": (
        "mobility.service-url",
        {MCX: f"PS C:\\> curl.exe -v {MCX.url}\ncurl: (60) SSL certificate problem: unable to get local issuer certificate\n"},
    ),
    "curl looked past the certificate": (
        "mobility.service-url",
        {MCX: f"PS C:\\> curl.exe -vk {MCX.url}\n> GET /mcx/mcxservice.svc HTTP/1.1\n> Host: {WEB}\n>\n< HTTP/1.1 404 Not Found\n<\n"},
    ),
    "curl asked without TLS": (
        "mobility.service-url",
        {MCX: f"PS C:\\> curl.exe -i http://{WEB}/mcx/mcxservice.svc\nHTTP/1.1 403 Forbidden\nContent-Length: 0\n\n"},
    ),
    "the proxy failed": (
        "mobility.service-url",
        {MCX: f"PS C:\\> curl.exe -v {MCX.url}\n* CONNECT tunnel failed, response 407\ncurl: (56) CONNECT tunnel failed, response 407\n"},
    ),
    # Sockets.
    "sockets of a Front End": (
        "xmpp.listening",
        {SOCKETS: SocketTable(sockets=(Socket(address="10.0.0.9", port=51544, remote_address="10.0.0.5", remote_port=23456, state="ESTABLISHED"),))},
    ),
    "one port alone": (
        "xmpp.listening",
        {SOCKETS: "  TCP    10.0.0.5:5269          0.0.0.0:0              LISTENING       1840\n"},
    ),
    "connections alone": (
        "xmpp.listening",
        {SOCKETS: "\nActive Connections\n\n  Proto  Local Address          Foreign Address        State\n  TCP    10.0.0.5:443           10.0.0.9:50000         ESTABLISHED\n\nC:\\>"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("step", "told"), CASES.values(), ids=CASES.keys())
async def test_it_is_unknown_and_said_what_is_missing(step: str, told: Told) -> None:
    finding = await concluded(step, told)
    assert finding.status in {Status.UNKNOWN, Status.NOT_APPLICABLE}, finding
    assert finding.reason is not Reason.BUG
    if finding.reason is Reason.MISSING_INPUT or finding.status is Status.NOT_APPLICABLE:
        assert finding.command, "what settles it is named"


SEEN: dict[str, tuple[str, str, Told]] = {
    "whole": ("mobility.user-enabled", "enabled", {USER: ken()}),
    "not enabled": ("mobility.user-enabled", "not-enabled", {USER: ken(Enabled="False")}),
    "no such user": ("mobility.user-enabled", "no-such-user", {USER: not_found(KEN)}),
    "no such user, by the console's width": (
        "mobility.user-enabled",
        "no-such-user",
        {USER: Objects(errors=(CmdletError(message='Management object not found for identity "sip:kenmyer@litware inc.com".'),))},
    ),
    "homed by a provider": ("mobility.user-enabled", "homed-online", {USER: ken(RegistrarPool="", HostingProvider="sipfed.example")}),
    "no pool": ("mobility.user-enabled", "no-registrar-pool", {USER: ken(RegistrarPool="")}),
    "everyone": ("mobility.policy", "allowed", {USER: ken(), POLICIES: EVERYONE}),
    "nobody": ("mobility.policy", "disabled-globally", {USER: ken(), POLICIES: policies(("Global", "False"))}),
    "his own": (
        "mobility.policy",
        "disabled-for-user",
        {USER: ken(MobilityPolicy="Closed"), POLICIES: policies(GLOBAL, ("Tag:Closed", "False"))},
    ),
    "nothing enabled": (
        "mobility.windows-auth",
        "nothing-enabled",
        {USER: ken(), POOLS: REDMOND, CONFIGURATIONS: configurations(("Global", "None"))},
    ),
    "as configured": (
        "mobility.windows-auth",
        "as-configured",
        {USER: ken(), TICKET: OFFERED, POOLS: REDMOND, CONFIGURATIONS: configurations(("Global", "Negotiate"))},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("step", "answer", "told"), SEEN.values(), ids=SEEN.keys())
async def test_what_is_shown_plainly_is_told(step: str, answer: str, told: Told) -> None:
    assert (await concluded(step, told)).answer == answer


# Evidence of other seats, servers and times.

EDGE_PLACE = Deployment(vantage=Vantage.EDGE, domains=("litwareinc.com",), edge=EDGE)
LISTENING = SocketTable(
    sockets=(Socket(address="192.0.2.10", port=5269, state="LISTEN"), Socket(address="10.0.0.5", port=23456, state="LISTEN"))
)  # fmt: skip


async def test_a_second_edge_does_not_speak_for_the_first() -> None:
    other = Deployment(vantage=Vantage.EDGE, domains=("litwareinc.com",), edge="sea-edge-001.litwareinc.com")
    first = journal({Sockets(on="edge"): LISTENING}, place=EDGE_PLACE)
    second = journal({Sockets(on="edge"): SocketTable()}, place=other, at="2026-06-01T10:00:00.000+00:00")
    for order in ([first, second], [second, first]):
        assert (await walked("xmpp.listening", order, EDGE_PLACE)).answer == "listening"
    assert (await walked("xmpp.listening", [second], EDGE_PLACE)).status is Status.UNKNOWN


async def test_what_the_edge_sees_of_the_web_is_not_what_a_phone_sees() -> None:
    outside = Deployment(vantage=Vantage.OUTSIDE, web=WEB)
    question = Request(method="GET", url=MCX.url, view="outside")
    failed = Unreached(phase="connect", kind="timeout", detail="Nothing came back.")
    assert (
        await walked("mobility.service-url", [journal({question: failed}, place=EDGE_PLACE)], outside)
    ).status is Status.UNKNOWN
    seen = await walked("mobility.service-url", [journal({question: failed}, place=outside)], outside)
    assert failed.detail in seen.headline, "what this seat saw is told"


async def test_an_edge_that_was_given_for_mobility_tells_nothing_of_it() -> None:
    evidence = [journal({Sockets(on="edge"): SocketTable()}, place=EDGE_PLACE)]
    place = seen_from(Deployment(), evidence, keep_seat=False)
    for step in ("mobility.service-url", "mobility.user-enabled", "mobility.policy", "mobility.windows-auth"):
        assert (await walked(step, evidence, place)).status in {Status.UNKNOWN, Status.NOT_APPLICABLE}


def test_an_error_does_not_push_an_older_fact_out() -> None:
    fact = Objects(objects=({"SipAddress": KEN, "Enabled": True},))
    old, new = journal({USER: fact}), journal({USER: Objects(errors=(DENIED,))}, at="2026-06-01T10:00:00.000+00:00")
    for order in ([old, new], [new, old]):
        found = Evidence(order).find(USER)
        assert found is not None
        assert found.answer == fact


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2026-01-01T10:00:00.000+00:00", "2026-01-01T10:00:01Z"),
        ("2026-01-01T12:30:00+02:00", "2026-01-01T11:00:00+00:00"),
        ("yesterday", "2026-01-01T11:00:00"),
    ],
)
def test_the_newer_fact_wins_whatever_clock_wrote_it(earlier: str, later: str) -> None:
    journals = [journal({POOLS: Objects(objects=({"Identity": at},))}, at=at) for at in (earlier, later)]
    for order in (journals, journals[::-1]):
        found = Evidence(order).find(POOLS)
        assert found is not None
        assert found.at == later


def test_a_newer_whole_list_wins_over_an_older_part() -> None:
    part = journal({SOCKETS: SocketTable()})
    whole = journal({Sockets(on="edge"): LISTENING}, at="2026-06-01T10:00:00.000+00:00")
    found = Evidence([part, whole]).find(SOCKETS)
    assert found is not None
    assert found.answer == LISTENING


async def test_the_same_file_twice_says_the_same() -> None:
    evidence = journal({Sockets(on="edge"): LISTENING}, place=EDGE_PLACE)
    once = await walked("xmpp.listening", [evidence], EDGE_PLACE)
    assert await walked("xmpp.listening", [evidence, evidence], EDGE_PLACE) == once


@pytest.mark.parametrize(
    ("named", "told", "refused"),
    [
        (Deployment(pool=POOL), Deployment(pool="fe01.fabrikam.com"), True),
        (Deployment(edge=EDGE), Deployment(edge="edge.fabrikam.com"), True),
        (Deployment(pool=POOL), Deployment(pool="sea-cs-001.litwareinc.com"), False),
        (Deployment(pool=POOL, web=WEB), Deployment(pool="fe01.litware.local", web=WEB), False),
        (Deployment(pool=POOL), Deployment(edge="edge.fabrikam.com"), False),
        (Deployment(domains=("litwareinc.com",), pool=POOL), Deployment(domains=("litwareinc.com",), pool="fe01.fabrikam.com"), False),
    ],
)  # fmt: skip
def test_evidence_of_servers_elsewhere_is_refused(named: Deployment, told: Deployment, refused: bool) -> None:
    evidence = [journal({}, place=told)]
    if refused:
        with pytest.raises(InvalidName, match=r"is about .*fabrikam"):
            seen_from(named, evidence, keep_seat=True)
    else:
        seen_from(named, evidence, keep_seat=True)


async def test_what_was_not_collected_keeps_its_reason() -> None:
    missing = Unanswered(reason=Reason.MISSING_DEPENDENCY, detail="No module.")
    finding = await concluded("mobility.user-enabled", {USER: missing})
    assert (finding.status, finding.reason) == (Status.UNKNOWN, Reason.MISSING_DEPENDENCY)


async def test_two_looks_at_a_certificate_that_disagree_prove_nothing() -> None:
    refused = Unreached(phase="tls", kind="certificate", detail="unable to get local issuer certificate")
    gone = Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked.")
    told: Told = {MCX: refused, Handshake(host=WEB, port=443, view="inside"): gone}
    finding = await concluded("mobility.service-url", told)
    assert finding.answer == "not-seen"
    assert finding.command.startswith("openssl s_client")
