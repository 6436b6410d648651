"""The result that a Test-Cs cmdlet prints, where nothing in it says why it failed."""

from collections.abc import Iterator

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste

_FAILED = ("result : failure", "result: failure", "result :failure", "résultat : échec", "결과: 실패", "결과 : 실패")
_PASSED = ("result : success", "result: success", "result :success", "résultat : réussite", "결과: 성공", "결과 : 성공")

_OTHERS = (
    (("pushnotification",), "The push service was not reached, or refused.", starts.PUSH),
    (("ucwaconference",), "UCWA, the web service that phones use, failed for the test users.", starts.UCWA),
    (("test-csregistration", "test-csim ", "testregistrationcmdlet", "testimcmdlet"),
     "The Registrar of the pool does not serve the test users, so the fault lies below mobility.", starts.REGISTRAR),
)  # fmt: skip
"""Tests that are told by the name of the cmdlet alone: what a failure may mean, and the step that tries the same."""


def signs(paste: Paste) -> Iterator[Sign]:
    """One sign where the text has a result."""
    push = paste.has("pushnotification")
    mcx, xmpp = paste.has("mcx") and not push, paste.has("xmpp")
    failed = next(filter(None, map(paste.find, _FAILED)), None)
    if failed is not None:
        quote = f"It says “{paste.quote(failed)}”."
        yield Sign(
            kind="the output of a Test-Cs cmdlet, failed",
            clarity=Clarity.STATUS,
            topic="test-failed",
            layer=Layer.LISTENER if xmpp else Layer.PUBLISHING,
            likely=_likely(paste, quote, mcx, xmpp),
            question=_again(paste, mcx, xmpp),
        )
        return
    if paste.has(*_PASSED):
        what = (
            "Mobile users can exchange messages" if mcx else "Messages to the XMPP user go out" if xmpp else "It works"
        )
        yield Sign(
            kind="the output of a Test-Cs cmdlet, passed",
            clarity=Clarity.HINT,
            in_order=(f"The test passed. {what}, as far as this test goes: from where it was run, for these users.",),
            question="Then what fails for the user, and where from? Give the exact words on the phone"
            + (
                ", or on the partner's side."
                if xmpp
                else ", or walk from outside: lyncdoctor run mobility --vantage outside"
            ),
        )


def _likely(paste: Paste, quote: str, mcx: bool, xmpp: bool) -> tuple[Likely, ...]:
    if xmpp:
        return (
            Likely(
                cause="The XMPP gateway is not deployed, or not configured as it should be.",
                reason=f"{quote} It is the documented reason once the Registrar answers.",
                step=starts.XMPP_PRODUCT,
                command="Get-CsXmppGatewayConfiguration",
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="A parameter of the test is wrong.",
                reason="The documents say to run it again without the optional parameters.",
                step=starts.XMPP_TEST_MESSAGE,
                command=f"Test-CsXmppIM -TargetFqdn {paste.pool or '<pool FQDN>'} -Receiver <user>@<partner>",
                who=sides.YOU,
            ),
        )
    if mcx:
        return (
            Likely(
                cause=f"The mobility service of {paste.pool or 'the pool'} may not be running.",
                reason=f"{quote} The documents ask to check its address first.",
                step=starts.SERVICE_URL,
                command=f"curl.exe -i https://{paste.pool or '<pool FQDN>'}/mcx/mcxservice.svc",
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
        )
    return tuple(
        Likely(cause=cause, reason=quote, step=step, who=sides.LYNC_ADMINISTRATOR)
        for marks, cause, step in _OTHERS
        if paste.has(*marks)
    )[:1]


def _again(paste: Paste, mcx: bool, xmpp: bool) -> str:
    name = "Test-CsMcxP2PIM" if mcx else "Test-CsXmppIM" if xmpp else "The test"
    return f"What does Error Message say? Run {name} again with -Verbose and paste all of it."
