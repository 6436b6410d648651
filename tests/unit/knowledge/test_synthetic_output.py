"""What a Test-Cs cmdlet brings is read by its numbers and names, in whatever language and form it came."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.pasted import understand
from checks.knowledge.synthetic_output import Outcome, offers_too_little, outcome, refused
from checks.probes import Cmdlet, CmdletError, Objects

MCX = Cmdlet(name="Test-CsMcxP2PIM")
POOL = "atl-cs-001.litwareinc.com"

UNAUTHORIZED = (
    "No response received for Web-Ticket service. Inner Exception:The {typo} request is unauthorized with client "
    "{word} scheme 'Ntlm'. The authentication header received from the server was 'Negotiate,NTLM'. "
    "Inner Exception:The remote server returned an error: (401) Unauthorized."
)
HEADERS = (
    "Inner Diagnosis:{server} : atl-cs-001.litwareinc.com\nCache-Control : private\nServer : Microsoft-IIS/8.5\n"
    "WWW-Authenticate : {offered}\nX-Powered-By : ASP.NET\nDate : Wed, 28 May 2014 19:16:05 GMT\nContent-Length : 6305"
)
WARNING = (
    "Failed to read Registrar port number for the given fully qualified domain name (FQDN). Using default Registrar port "
    "number. Exception: System.InvalidOperationException: No matching cluster found in topology. at Microsoft.Rtc."
    "Management.SyntheticTransactions.SipSyntheticTransaction.TryRetrieveRegistrarPortFromTopology(Int32&)"
)


def task(result: Any = "Failure", error: Any = None, diagnosis: Any = None) -> Objects:
    """One result, as a shell brings it."""
    return Objects(
        objects=({"TargetFqdn": POOL, "Result": result, "Latency": "00:00:00", "Error": error, "Diagnosis": diagnosis},)
    )


def unauthorized(offered: str = "Negotiate,NTLM", server: str = "X-MS-Server-Fqdn", **words: str) -> Objects:
    error = UNAUTHORIZED.format(**{"typo": "HTTP", "word": "authentication", **words})
    return task(error=error, diagnosis=HEADERS.format(offered=offered, server=server))


@pytest.mark.parametrize(
    ("result", "error", "passed"),
    [
        ("Success", None, True),
        ("success", None, True),
        ({"Value": "Success"}, None, True),
        ({"Value": "Failure"}, "x", False),
        ("Failure", None, False),
        ("réussite", None, True),
        ("échec", "x", False),
        ("성공", None, True),
        ("실패", "x", False),
        (0, None, None),
        (1, "10060, x", False),
        ("Erfolgreich", None, None),
        ("Fehler", "x", False),
        (None, "x", None),
    ],
)
def test_the_result(result: Any, error: str | None, passed: bool | None) -> None:
    assert outcome(task(result, error)).passed is passed


@pytest.mark.parametrize("typo", ["HTTP", "HHTP"])
@pytest.mark.parametrize("word", ["authentication", "negotiation"])
@pytest.mark.parametrize("server", ["X-MS-Server-Fqdn", "X-MS-server-Fqdb"])
def test_a_refusal_is_read_with_the_typos_of_the_documents(typo: str, word: str, server: str) -> None:
    answer = unauthorized(server=server, typo=typo, word=word)
    seen = outcome(answer)
    assert (seen.status, seen.server, seen.offered) == (401, POOL, ("negotiate", "ntlm"))
    assert seen.has_headers
    assert refused(answer)
    assert "\n".join(seen.lines()) == f"Error: No response received for Web-Ticket service.\nAnswered by: {POOL}"


def test_the_headers_do_not_run_into_each_other() -> None:
    assert outcome(unauthorized("Negotiate")).offered == ("negotiate",)
    assert outcome(unauthorized('Basic realm ="LYNC"')).offered == ("basic",)


def test_what_the_server_offers_is_read_from_the_error_where_the_diagnosis_is_empty() -> None:
    seen = outcome(task(error=UNAUTHORIZED.format(typo="HTTP", word="authentication")))
    assert seen.offered == ("negotiate", "ntlm")


def test_a_server_that_offers_less_has_refused_nobody() -> None:
    answer = unauthorized("Negotiate")
    assert offers_too_little(outcome(answer))
    assert not refused(answer)


@pytest.mark.parametrize(
    ("answer", "closes"),
    [
        (unauthorized(), True),
        (
            task(error="The log on was denied.", diagnosis="NegotiateSecurityAssociation failed, error: - 2146893044"),
            True,
        ),
        (task(error="x", diagnosis='X-Ms-diagnostics : 28020;source="a";reason="No valid security token."'), True),
        (task("Success"), False),
        (task("Success", error="(401)"), False),
        (task(error="No response received for Web-Ticket service."), False),
        (task(error="404, Not Found", diagnosis="ErrorCode=4005,source=a,Reason=b"), False),
        (task(error="The remote server returned an error: (503) Server Unavailable."), False),
        (Objects(), False),
        (Objects(errors=(CmdletError(message="(401) Unauthorized"),)), False),
    ],
)
def test_only_a_refused_password_closes_an_account(answer: Objects, closes: bool) -> None:
    assert refused(answer) is closes


@pytest.mark.parametrize(
    ("error", "diagnosis", "expected"),
    [
        ("404, Not Found", "ErrorCode=1003,source=a.b,Reason=User does not exist Microsoft.Rtc.Signaling.DiagnosticHeader",
         {"status": 404, "code": 1003, "reason": "User does not exist"}),
        ("404, Not Found", "ErrorCode=4005, Source=a.b,Reason=Destination URI either not enabled for SIP.",
         {"status": 404, "code": 4005}),
        ("504, Server time-out", "ErrorCode=2, Source=a.b,Reason=See response code and reason phrase.",
         {"status": 504, "code": 2}),
        ("A 504 (Server time-out) response was received from the network", "", {"status": 504}),
        ("10060, A connection attempt failed because ... 10.188.116.96:5061", "",
         {"winsock": 10060, "address": "10.188.116.96:5061", "port": 5061}),
        ("10060, une tentative de connexion a échoué 10.188.116.96:5061", "", {"winsock": 10060, "port": 5061}),
        ("10054, An existing connection was forcibly closed by the remote host", "", {"winsock": 10054}),
        ("11004, The requested name is valid but no data of the requested type was found", "", {"winsock": 11004}),
        ("aucune réponse n’est reçue pour le service de ticket Web.", "", {"about_ticket": True, "has_headers": False}),
        ("Web-Ticket 서비스에 대한 응답이 수신되지 않았습니다.", "", {"about_ticket": True}),
        ("x", 'X-Ms-diagnostics : 28003;source="A";reason="The pin is invalid.";faultcode="wsse:Failed"',
         {"code": 28003, "reason": "The pin is invalid"}),
        ("at 10:06:01 nothing of 100600 or 1.10060.1 happened", "", {"winsock": 0, "status": 0, "code": 0}),
    ],
)  # fmt: skip
def test_numbers_and_names(error: str, diagnosis: str, expected: dict[str, Any]) -> None:
    seen = outcome(task(error=error, diagnosis=diagnosis))
    assert {name: getattr(seen, name) for name in expected} == expected


def test_a_pool_that_is_none_is_told_by_the_method_that_looked_for_it() -> None:
    answer = task(error="10060, x 10.188.116.96:5061")
    assert not outcome(answer).no_such_pool
    assert outcome(Objects(objects=answer.objects, warnings=(WARNING,))).no_such_pool
    assert outcome(task(error=WARNING)).no_such_pool


def test_a_test_that_ends_in_an_error_record() -> None:
    name = "Microsoft.Rtc.Management.SyntheticTransactions"
    missing = Objects(errors=(CmdletError(message="There is no test user.", id=f"NotFoundTestUsers,{name}.X"),))
    thrown = Objects(errors=(CmdletError(message="A 504 (Server time-out)", id=f"WorkflowNotCompleted,{name}.X"),))
    assert outcome(missing).no_test_users
    assert outcome(missing).passed is None
    assert (outcome(thrown).passed, outcome(thrown).status) == (False, 504)


PRINTED = r"""
Target Fqdn   : atl-cs-001.litwareinc.com
Target Uri    : https://atl-cs-001.litwareinc.com:443/mcx
Result        : Failure
Latency       : 00:00:00
Error Message : No response received for Web-Ticket service.
                Inner Exception:The HHTP request is unauthorized with
                client negotiation scheme 'Ntlm'. The authentication
                header received from the server was 'Negotiate,NTLM'.
                Inner Exception:The remote server returned an error:
                (401) Unauthorized.
Diagnosis     :
                Inner Diagnosis:X-MS-server-Fqdb : atl-cs-
                001.litwareinc.com
                Cache-Control : private
                Server : Microsoft-IIS/8.5
                WWW-Authenticate : Negotiate,NTLM
                Date : Wed, 28 May 2014 19:16:05 GMT
                Content-Length : 6305
"""
FRENCH = """
Nom de domaine complet (FQDN) cible : atl-cs-001.litwareinc.com

URI de destination :https://atl-cs-001.litwareinc.com:443/mcx

Résultat : échec

Latence : 00:00:00

Message d’erreur : aucune réponse n’est reçue pour le service de ticket Web.

(401) non autorisé.

Diagnostic

X-MS-Server-Fqdn : atl-cs-001.litwareinc.com

WWW-Authenticate : Negotiate,NTLM
"""


@pytest.mark.parametrize("printed", [PRINTED, FRENCH], ids=["English", "French"])
def test_what_was_printed_is_read_alike(printed: str) -> None:
    answer = understand(MCX, printed)
    assert isinstance(answer, Objects), answer
    seen = outcome(answer)
    assert (seen.passed, seen.status, seen.server, seen.offered) == (False, 401, POOL, ("negotiate", "ntlm"))
    assert refused(answer)


PIECES = st.sampled_from(
    ["X-MS-Server-Fqdn : ", "WWW-Authenticate : ", "Negotiate", "'", "(401)", "ErrorCode=", "10060", "1.2.3.4:5061", "-",
     "reason=", '"', "9" * 40, "\n", " ", "a" * 50, "\x1b[31m", "\N{RIGHT-TO-LEFT OVERRIDE}"]
)  # fmt: skip
VALUES = (
    st.none()
    | st.integers()
    | st.booleans()
    | st.lists(PIECES, max_size=40).map("".join)
    | st.dictionaries(st.sampled_from(["Value", "Error"]), st.text(), max_size=2)
)


@given(st.dictionaries(st.sampled_from(["Result", "Error", "Diagnosis", "TargetFqdn", "result"]), VALUES), st.text())
def test_whatever_comes_gives_an_outcome(properties: dict[str, Any], words: str) -> None:
    answer = Objects(objects=(properties,), errors=(CmdletError(message=words, id=words),), warnings=(words,))
    seen = outcome(answer)
    assert isinstance(seen, Outcome)
    assert seen.port <= 99999
    assert not any("\x1b" in line for line in seen.lines())
    assert not (refused(answer) and seen.passed is not False)


@pytest.mark.parametrize(
    ("error", "bad"),
    [
        (CmdletError(message="x", id="NamedParameterNotFound,Microsoft.Rtc.Management.SyntheticTransactions.X"), True),
        (CmdletError(message="x", id="ParameterArgumentTransformationError,X"), True),
        (CmdletError(message="x", id="CannotConvertArgumentNoMessage,X"), True),
        (CmdletError(message="x", id="X", category="InvalidArgument"), True),
        (CmdletError(message="the argument of a parameter", id="CommandNotFoundException"), False),
        (CmdletError(message="x", id="NotFoundTestUsers,Microsoft.Rtc.Management.ParameterCmdlet"), False),
        (CmdletError(message="parameter"), False),
    ],
)
def test_a_parameter_that_was_not_taken_is_told_by_the_identifier(error: CmdletError, bad: bool) -> None:
    assert outcome(Objects(errors=(error,))).bad_parameter is bad
