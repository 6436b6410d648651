"""Answers of web servers as facts, and a world that gives them, for the steps that ask many addresses."""

from collections.abc import Mapping
from typing import Any

from checks.context import Asking, Context
from checks.deployment import Deployment
from checks.journal import VERSION, Began, Journal, now
from checks.model import Reason, Step
from checks.probes import (
    Cmdlet,
    Hop,
    Lookup,
    Objects,
    Question,
    Record,
    Records,
    Request,
    Response,
    Unanswered,
    Unreached,
    UnreachedKind,
)

DOMAIN, POOL = "litwareinc.com", "atl-cs-001.litwareinc.com"
WEB, WEB_INTERNAL = "lyncweb.litwareinc.com", "lyncweb-int.litwareinc.com"
INTERNAL, EXTERNAL = f"lyncdiscoverinternal.{DOMAIN}", f"lyncdiscover.{DOMAIN}"
PROXY, OF_POOL = "131.107.155.10", "192.168.21.120"
LYNC = ("X-MS-Server-Fqdn", POOL)
IIS, NGINX, HTTP_SYS = ("Server", "Microsoft-IIS/8.5"), ("Server", "nginx/1.22"), ("Server", "Microsoft-HTTPAPI/2.0")
FORM = '<html><title>Guest Wi-Fi</title><form action="/login"><input TYPE="password" name="p"></form>'
NOT_ASKED = Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody asked.", command="look")


def answered(
    status: int = 200,
    *headers: tuple[str, str],
    body: str = "",
    url: str = f"https://{WEB}/",
    address: str = PROXY,
    **more: Any,
) -> Response:
    return Response(hops=(Hop(url=url, address=address, status=status, headers=headers, body=body),), **more)


def unreached(phase: Any, kind: UnreachedKind) -> Unreached:
    return Unreached(phase=phase, kind=kind, detail="as it was seen.", address=PROXY)


def at(*addresses: str) -> Records:
    return Records(
        outcome="found" if addresses else "no-such-name",
        records=tuple(Record(name="x", kind="A", value=one) for one in addresses),
        server="192.0.2.53",
    )


class World:
    """Answers requests by method and address, names, and cmdlets by name; writes down what was asked."""

    def __init__(self, answers: Mapping[Any, Any], otherwise: Any = None) -> None:
        self.answers = answers
        self.otherwise = otherwise if otherwise is not None else unreached("connect", "timeout")
        self.asked: list[Question] = []

    async def ask(self, question: Any) -> Any:
        self.asked.append(question)
        match question:
            case Cmdlet():
                return self.answers.get(question.name, NOT_ASKED)
            case Lookup():
                return self.answers.get(question.name, at())
            case Request(method="POST"):
                return self.answers.get(f"POST {question.url}", self.otherwise)
            case Request(accept=accept) if accept and f"{question.url} {accept}" in self.answers:
                return self.answers[f"{question.url} {accept}"]
        assert isinstance(question, Request)
        return self.answers.get(question.url, self.otherwise)

    @property
    def urls(self) -> list[str]:
        return [one.url for one in self.asked if isinstance(one, Request)]

    dns: Any = property(lambda self: self)
    http = tls = host = shell = ports = series = phone = xmpp = dns

    def forget(self) -> None: ...

    def reset(self, *_: Any) -> None: ...

    async def close(self) -> None: ...


async def gathered(step: Step[Any], world: World, deployment: Deployment) -> Any:
    """The facts that the step gathers in that world."""
    asking = Asking(world, Journal(Began(version=VERSION, runbook="mobility", deployment=deployment, at=now())))
    try:
        return await step.gather(Context(deployment, asking))
    finally:
        await asking.close()


SERVICES = Objects(objects=({"PoolFqdn": POOL, "ExternalFqdn": WEB, "InternalFqdn": WEB_INTERNAL},))
ADDRESSES = {WEB: at(PROXY), POOL: at(OF_POOL), WEB_INTERNAL: at(OF_POOL)}
