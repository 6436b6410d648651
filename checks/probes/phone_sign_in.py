"""A phone's sign-in, request by request: discovery, web ticket, OAuth token, the user's document, an application of UCWA."""

import asyncio
import base64
import json
import secrets
import uuid
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urljoin, urlsplit

import msgspec

from checks.knowledge import sign_in_answers, web_ticket
from checks.knowledge.autodiscover import HAL_TYPE, ROOT_PATH, XML_TYPE, document
from checks.probes import DocumentLink, Exchange, PhoneSession, PhoneSignIn, Unanswered, Unreached
from checks.probes.accounts import Accounts
from checks.probes.phone_exchange import Caller, Reply
from checks.probes.phone_trust import Trust
from checks.probes.phone_windows import WindowsSignIn
from checks.secret import Secret
from checks.text import clean

MOST_REDIRECTS = 2
_PASSWORD_GRANT = "password"  # noqa: S105 - what OAuth calls it
_PASSIVE_GRANT = "urn:microsoft.rtc:passive"
_GRANTS = (_PASSWORD_GRANT, "urn:microsoft.rtc:windows", _PASSIVE_GRANT)
"""In the order of choice. The last one takes no password: its answer tells where a browser would sign in."""
_FORM = "application/x-www-form-urlencoded;charset=UTF-8"
_WAITED = frozenset({"silence", "drip", "timeout"})
_DELETING = 3.0
"""Seconds that deleting may take, even where the time for everything is over: what was created should not stay."""


class SignIn:
    """One sign-in. `session` is how far it came; `secrets` are what must be in none of it."""

    def __init__(self, question: PhoneSignIn, accounts: Accounts, caller: Caller, trust: Trust) -> None:
        self.session = PhoneSession()
        self.secrets: list[Secret] = []
        self._question = question
        self._accounts = accounts
        self._caller = caller
        self._trust = trust
        self._ticket: Secret | None = None
        self._token: Secret | None = None

    async def run(self) -> PhoneSession | Unreached | Unanswered:
        """How far it came; Unreached or Unanswered where the first host was not reached, or nothing may be sent."""
        address = f"https://{self._question.web}{ROOT_PATH}"
        while address:
            onward = await self._at(address)
            if not isinstance(onward, str):
                return onward
            address = onward
        await self._use_ucwa()
        return self.session

    async def _at(self, root: str) -> str | Unreached | Unanswered:
        """Signs in where Autodiscover says. The root to go on with where that is elsewhere; empty at the end."""
        self.session = PhoneSession(redirects=self.session.redirects)
        self._ticket = self._token = None
        reply = await self._caller.send("GET", self._for_user(root), {"Accept": XML_TYPE})
        self._note(root=reply.exchange)
        if reply.without is not None and not self.session.redirects:
            return reply.without
        found = document(reply.text) if reply.status == 200 else None
        if found is None:
            if reply.status == 200:
                self._note(root=reply.but("This is no Autodiscover document.").exchange)
            return ""
        if found.redirect:
            return self._onward(found.redirect)
        await self._challenges(found.link("User"), found.link("OAuth"))
        stopped = await self._sign_in(found.link("User"))
        if stopped is not None:
            return stopped
        return await self._read_document(found.link("User"), found.link("OAuth"))

    async def _challenges(self, user: str, oauth: str) -> None:
        """What both forms of the user document say to a stranger."""
        by_ticket, by_token = await asyncio.gather(
            self._unauthenticated(user, XML_TYPE), self._unauthenticated(oauth, HAL_TYPE)
        )
        for name, reply in (("unauthenticated", by_ticket), ("challenge", by_token)):
            if reply is None:
                continue
            self._note(**{name: reply.exchange})
            offer = sign_in_answers.oauth(reply.headers)
            ticket_url = clean(sign_in_answers.header(reply.headers, "x-ms-webticketurl").strip(), 500)
            self._note(
                ticket_url=self.session.ticket_url or ticket_url,
                token_url=self.session.token_url or offer.url,
                grants=self.session.grants or offer.grants,
                passive_url=self.session.passive_url or sign_in_answers.passive_url(reply.text),
            )

    async def _unauthenticated(self, url: str, accept: str) -> Reply | None:
        if not url:
            return None
        return await self._send("GET", self._for_user(url), {"Accept": accept})

    async def _sign_in(self, user: str) -> Unanswered | None:
        """A ticket, then a token, unless the ticket service refuses the user. Unanswered where another probe was refused."""
        port = await self._ticket_port()
        async with self._accounts.turn:
            password = self._accounts.password(self._question.login)
            if isinstance(password, Unanswered):
                return password
            self.secrets.append(password)
            if port:
                await self._ask_ticket(port, user, password)
            if not (self.session.refused or self._service_is_down or self._is_undecided):
                await self._ask_token(password)
            return None

    async def _ticket_port(self) -> str:
        """Where Windows signs in, by the service's metadata; empty where it offers that nowhere, or does not run."""
        service = self.session.ticket_url
        if not service:
            return ""
        reply = await self._send("GET", f"{service}/mex", {"Accept": "*/*"})
        ports = web_ticket.ports(reply.text) if reply.status == 200 else {}
        self._note(metadata=reply.exchange, metadata_ports=tuple(ports))
        if ports:
            return ports.get(web_ticket.WINDOWS_PORT, "")
        if reply.status == 200:
            self._note(metadata=reply.but("This is no metadata of a ticket service.").exchange)
        return service if 0 < reply.status < 500 else ""

    @property
    def _service_is_down(self) -> bool:
        """True where the ticket service does not even tell its metadata: then no password is sent to it."""
        told = self.session.metadata
        return told is not None and (told.status == 0 or told.status >= 500)

    @property
    def _is_undecided(self) -> bool:
        """True where the password was sent and waited for in vain: it may be refused yet, so it is not sent once more."""
        asked = self.session.ticket
        return asked is not None and asked.credentials and asked.kind in _WAITED

    async def _ask_ticket(self, port: str, user: str, password: Secret) -> None:
        why = self._trust.why_not(port)
        if why:
            self._note(ticket=Exchange(url=clean(port, 300), failure=why))
            return
        envelope = web_ticket.request(
            user.partition("?")[0], self._question.sip, context=str(uuid.uuid4()), entropy=secrets.token_bytes(32)
        )
        fields = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{web_ticket.ISSUE}"',
            "Accept": "text/xml",
        }
        windows = WindowsSignIn(self._caller, self._question.login, password)
        reply = await windows.post(port, urlsplit(port).hostname or "", fields, envelope)
        ticket = web_ticket.assertion(reply.body) if reply.status == 200 else b""
        if ticket:
            self._ticket = Secret(base64.b64encode(ticket).decode())
            self.secrets += [self._ticket, Secret(ticket.decode("utf-8", "replace"))]
        elif reply.status == 200:
            why_none = sign_in_answers.said((), reply.text)
            reply = _but(
                reply,
                failure="It brought no ticket.",
                error=why_none.error,
                code=why_none.code,
                message=why_none.message,
            )
        self._note(ticket=reply.exchange, has_ticket=bool(ticket))
        self._remember_refusal()

    async def _ask_token(self, password: Secret) -> None:
        url = self.session.token_url
        grant = next((each for each in _GRANTS if each in self.session.grants), "")
        if not url or not grant:
            return
        why = self._trust.why_not(url)
        if why:
            self._note(token=Exchange(url=clean(url, 300), failure=why))
            return
        fields = {"Content-Type": _FORM, "Accept": "application/json"}
        form = urlencode({"grant_type": grant}).encode()
        if grant == _PASSWORD_GRANT:
            reply = await self._caller.send("POST", url, fields, self._password_form(password), credentials=True)
        elif grant == _PASSIVE_GRANT:
            reply = await self._caller.send("POST", url, fields, form)
        else:
            windows = WindowsSignIn(self._caller, self._question.login, password)
            reply = await windows.post(url, urlsplit(url).hostname or "", fields, form)
        self._token = sign_in_answers.access_token(reply.text) if reply.status == 200 else None
        if self._token is not None:
            self.secrets.append(self._token)
        elif reply.status == 200:
            reply = reply.but("It brought no token.")
        self._note(
            token=reply.exchange,
            has_token=self._token is not None,
            passive_url=self.session.passive_url or sign_in_answers.passive_url(reply.text),
        )
        self._remember_refusal()

    def _password_form(self, password: Secret) -> Secret:
        self.secrets.append(Secret(quote_plus(password.reveal())))
        user = self._question.login.user
        return Secret(urlencode({"grant_type": _PASSWORD_GRANT, "username": user, "password": password.reveal()}))

    async def _read_document(self, user: str, oauth: str) -> str:
        """The user's own document, with the ticket where there is one. The root to go on with where it sends on."""
        if self._ticket is not None and user:
            url, fields = user, {"Accept": XML_TYPE, "X-MS-WebTicket": _joined("opaque=", self._ticket)}
        elif self._token is not None and oauth:
            url, fields = oauth, {"Accept": HAL_TYPE, "Authorization": _joined("Bearer ", self._token)}
        else:
            return ""
        reply = await self._send("GET", self._for_user(url), fields, secret=True)
        found = document(reply.text) if reply.status == 200 else None
        if reply.status == 200 and found is None:
            reply = reply.but("This is no Autodiscover document.")
        self._note(document=reply.exchange)
        if found is None:
            return ""
        self._note(access_location=found.access_location, links=found.links, sip_access=found.sip_access)
        return self._onward(found.redirect) if found.redirect else ""

    async def _use_ucwa(self) -> None:
        """Creates an application as a client does when it signs in, and deletes it: nobody becomes available by it."""
        url = _applications(self.session.links)
        if self._token is None or not url or self._caller.out_of_time:
            return
        bearer = {"Accept": "application/json", "Authorization": _joined("Bearer ", self._token)}
        wanted = json.dumps({"UserAgent": "lyncdoctor", "EndpointId": str(uuid.uuid4()), "Culture": "en-US"})
        fields = {**bearer, "Content-Type": "application/json"}
        created = await self._send("POST", url, fields, wanted.encode(), secret=True)
        self._note(application=created.exchange)
        if created.status != 201:
            return
        own = sign_in_answers.application_url(created.text) or sign_in_answers.header(created.headers, "location")
        address = _at_same_host(url, own)
        if not address:
            failure = "What was created does not say under which address, so that it could not be deleted."
            self._note(deleted=Exchange(url=clean(own, 300), failure=failure))
            return
        deleted = await self._send("DELETE", address, bearer, secret=True, grace=_DELETING)
        self._note(deleted=deleted.exchange)

    async def _send(
        self,
        method: str,
        url: str,
        fields: dict[str, Any],
        content: bytes = b"",
        *,
        secret: bool = False,
        grace: float = 0.0,
    ) -> Reply:
        """The answer of an address that a server named; one that leads elsewhere is not asked."""
        why = self._trust.why_not(url) if secret else self._trust.why_no_address(url)
        if why:
            return Reply(Exchange(url=clean(url, 300), failure=why))
        return await self._caller.send(method, url, fields, content, grace=grace)

    def _onward(self, address: str) -> str:
        """The root that a document sends to; empty where it goes in a circle, or not on at all."""
        again = address in self.session.redirects
        self._note(redirects=(*self.session.redirects, address))
        if again or len(self.session.redirects) > MOST_REDIRECTS or self._caller.out_of_time:
            return ""
        why = self._trust.why_not(address)
        if why:
            self._note(root=Exchange(url=clean(address, 300), failure=why))
            return ""
        return address

    def _for_user(self, url: str) -> str:
        """The address with the user's name in it, as every request to Autodiscover has."""
        base, _, query = url.partition("?")
        asked = [(name, value) for name, value in parse_qsl(query[:2000]) if name.lower() != "sipuri"]
        return f"{base}?{urlencode([*asked, ('sipuri', self._question.sip)], quote_via=quote, safe=':@')}"

    def _remember_refusal(self) -> None:
        if self.session.refused:
            self._accounts.refuse(self._question.login.account)

    def _note(self, **seen: Any) -> None:
        self.session = msgspec.structs.replace(self.session, **seen)


def _applications(links: tuple[DocumentLink, ...]) -> str:
    """Where applications are created with a token of OAuth."""
    by_token = {link.token.lower(): link.href for link in links}
    url = by_token.get("applications") or by_token.get("ucwa") or ""
    base, slash, rest = url.partition("/ucwa/")
    return url if not slash or rest.startswith("oauth/") else f"{base}/ucwa/oauth/{rest}"


def _at_same_host(url: str, reference: str) -> str:
    """What a reference in an answer leads to; empty where that is nothing, or at another host."""
    try:
        address = urljoin(url, reference)
        return address if reference and urlsplit(address)[:2] == urlsplit(url)[:2] else ""
    except ValueError:
        return ""


def _joined(word: str, secret: Secret) -> Secret:
    return Secret(word + secret.reveal())


def _but(reply: Reply, **seen: Any) -> Reply:
    return Reply(msgspec.structs.replace(reply.exchange, **seen), reply.headers, reply.body)
