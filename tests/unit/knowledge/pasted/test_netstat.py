"""Lists of sockets as people paste them: in their language, through findstr, broken by consoles, with owners."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.knowledge.pasted import NotUnderstood, understand
from checks.knowledge.pasted.netstat import MOST_SOCKETS, read, recognise
from checks.probes import Socket, Sockets, SocketTable
from checks.text import clean

BOTH = Sockets(ports=(5269, 23456))
OUTSIDE = Socket(address="203.0.113.20", port=5269, state="LISTEN", pid=2345)
INSIDE = Socket(address="10.0.0.20", port=23456, state="LISTEN", pid=2345)
SESSION = Socket(
    address="10.0.0.20", port=23456, remote_address="10.0.0.10", remote_port=50123, state="ESTABLISHED", pid=2345
)
EXPECTED = (OUTSIDE, INSIDE, SESSION)

ENGLISH = """
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       900
  TCP    10.0.0.20:23456        10.0.0.10:50123        ESTABLISHED     2345
  TCP    203.0.113.20:5269      0.0.0.0:0              LISTENING       2345
  TCP    10.0.0.20:23456        0.0.0.0:0              LISTENING       2345
  TCP    10.0.0.20:52690        10.0.0.10:443          ESTABLISHED     5269
  UDP    0.0.0.0:5269           *:*                                    1234
"""
FRENCH = """
Connexions actives

  Proto  Adresse locale         Adresse distante       État
  TCP    203.0.113.20:5269      0.0.0.0:0              LISTENING       2345
  TCP    10.0.0.20:23456        0.0.0.0:0              À l'écoute      2345
  TCP    10.0.0.20:23456        10.0.0.10:50123        ESTABLISHED     2345
"""
KOREAN = """
활성 연결

  프로토콜  로컬 주소              외부 주소              상태            PID
  TCP    203.0.113.20:5269      0.0.0.0:0              LISTENING       2345
  TCP    10.0.0.20:23456        0.0.0.0:0              LISTENING       2345
  TCP    10.0.0.20:23456        10.0.0.10:50123        ESTABLISHED     2345
"""
GERMAN = """
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    203.0.113.20:5269      0.0.0.0:0              ABHÖREN          2345
  TCP    10.0.0.20:23456        0.0.0.0:0              ABH\x99REN          2345
  TCP    10.0.0.20:23456        10.0.0.10:50123        HERGESTELLT      2345
"""
FINDSTR = """PS C:\\Users\\Administrator> netstat -ano | findstr 5269; netstat -ano | findstr 23456
  TCP    203.0.113.20:5269      0.0.0.0:0              LISTENING       2345
  TCP    10.0.0.20:52690        10.0.0.10:443          ESTABLISHED     5269
  TCP    10.0.0.20:23456        0.0.0.0:0              LISTENING       2345
  TCP    10.0.0.20:23456        10.0.0.10:50123        ESTABLISHED     2345
PS C:\\Users\\Administrator>"""
BARE_ROWS = "\n".join(line for line in FINDSTR.splitlines() if "TCP" in line)
TABLE = """
LocalAddress                        LocalPort RemoteAddress                       RemotePort State       AppliedSetting OwningProcess
------------                        --------- -------------                       ---------- -----       -------------- -------------
203.0.113.20                        5269      0.0.0.0                             0          Listen                     2345
10.0.0.20                           23456     0.0.0.0                             0          Listen                     2345
10.0.0.20                           23456     10.0.0.10                           50123      Established Internet       2345
10.0.0.20                           23456     0.0.0.0                             0          Bound                      2345
"""
CUT_HEADER = """
LocalAddress         LocalPort RemoteAddress        RemotePort State       AppliedSetting OwningPr
                                                                                          ocess
------------         --------- -------------        ---------- -----       -------------- --------
203.0.113.20         5269      0.0.0.0              0          2                          2345
10.0.0.20            23456     0.0.0.0              0          Écoute                     2345
10.0.0.20            23456     10.0.0.10            50123      5           Internet       2345
"""
LIST = """
LocalAddress   : 203.0.113.20
LocalPort      : 5269
RemoteAddress  : 0.0.0.0
RemotePort     : 0
State          : Listen
AppliedSetting :
OwningProcess  : 2345

LocalAddress   : 10.0.0.20
LocalPort      : 23456
RemoteAddress  : 0.0.0.0
RemotePort     : 0
State          : 2
OwningProcess  : 2345

LocalAddress   : 10.0.0.20
LocalPort      : 23456
RemoteAddress  : 10.0.0.10
RemotePort     : 50123
State          : Established
OwningProcess  : 2345
"""
FORMS = {
    "english": ENGLISH,
    "french": FRENCH,
    "korean": KOREAN,
    "german": GERMAN,
    "findstr": FINDSTR,
    "bare rows": BARE_ROWS,
    "windows line ends": ENGLISH.replace("\n", "\r\n"),
    "table": TABLE.replace(TABLE.splitlines()[-1], ""),
    "cut header": CUT_HEADER,
    "list": LIST,
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_every_form_says_the_same(text: str) -> None:
    assert read(BOTH, text) == SocketTable(sockets=EXPECTED)


def test_a_bound_socket_is_no_listener() -> None:
    table = recognise(TABLE)
    assert table is not None
    assert [one.state for one in table.sockets] == ["LISTEN", "LISTEN", "ESTABLISHED", "BOUND"]


@pytest.mark.parametrize(
    ("row", "socket"),
    [
        (
            "  TCP    [fe80::1%11]:5269      [::]:0                 LISTENING       7",
            Socket(address="fe80::1", port=5269, state="LISTEN", pid=7),
        ),
        ("  TCP    [::]:5269    [::]:0    LYTTER    7", Socket(address="::", port=5269, state="LISTEN", pid=7)),
        (
            "TCP 10.0.0.20:5269 198.51.100.7:443 OPRETTET 7",
            Socket(
                address="10.0.0.20",
                port=5269,
                remote_address="198.51.100.7",
                remote_port=443,
                state="OPRETTET",
                pid=7,
            ),
        ),
        (
            "TCP 10.0.0.20:5269 198.51.100.7:443 TIME_WAIT 0",
            Socket(address="10.0.0.20", port=5269, remote_address="198.51.100.7", remote_port=443, state="TIME_WAIT"),
        ),
        (
            "TCP 10.0.0.20:50001 198.51.100.7:5269 SYN_SENT 7 InHost",
            Socket(
                address="10.0.0.20",
                port=50001,
                remote_address="198.51.100.7",
                remote_port=5269,
                state="SYN_SENT",
                pid=7,
            ),
        ),
        ("TCP 0.0.0.0:5269 0.0.0.0:0 LISTENING", Socket(address="0.0.0.0", port=5269, state="LISTEN")),
    ],
)
def test_rows(row: str, socket: Socket) -> None:
    assert recognise(row) == SocketTable(sockets=(socket,))


LONG = "[2001:db8:1234:5678:9abc:def0:1234:5678]"
WRAPPED = Socket(
    address=LONG[1:-1], port=5269, remote_address=LONG[1:-1], remote_port=50123, state="ESTABLISHED", pid=2345
)


@pytest.mark.parametrize("width", range(80, 108))
def test_a_console_breaks_lines_anywhere(width: int) -> None:
    row = f"  TCP    {LONG}:5269 {LONG}:50123  ESTABLISHED     2345"
    pieces = [row[at : at + width] for at in range(0, len(row), width)]
    after = "  TCP    10.0.0.20:5269         0.0.0.0:0              LISTENING       1"
    listener = Socket(address="10.0.0.20", port=5269, state="LISTEN", pid=1)
    assert read(Sockets(ports=(5269,)), "\n".join([*pieces, after])) == SocketTable(sockets=(listener, WRAPPED))


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_mail_breaks_lines_between_words(at: int) -> None:
    words = [f"{LONG}:5269", f"{LONG}:50123", "ESTABLISHED", "2345"]
    text = f"  TCP    {' '.join(words[:at])}\n        {' '.join(words[at:])}\n\n"
    assert recognise(text) == SocketTable(sockets=(WRAPPED,))


TITLE = "\nActive Connections\n\n  Proto  Local Address          Foreign Address        State           PID\n"
RPC = "  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       900\n"
TASKS = (
    "\nImage Name                     PID Session Name        Session#    Mem Usage\n"
    "========================= ======== ================ =========== ============\n"
    "svchost.exe                    900 Services                   0      8,123 K\n"
)


def test_owners_of_netstat_b() -> None:
    text = """
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       900
  RpcSs
 [svchost.exe]
  TCP    203.0.113.20:5269      0.0.0.0:0              LISTENING       2345
 [XmppProxy.exe]
  TCP    10.0.0.20:23456        0.0.0.0:0              LISTENING       4
 Can not obtain ownership information
  UDP    0.0.0.0:53             *:*                                    77
 [dns.exe]
"""
    table = read(Sockets(), text)
    assert isinstance(table, SocketTable)
    assert [(one.port, one.process) for one in table.sockets] == [
        (135, "svchost.exe"),
        (5269, "XmppProxy.exe"),
        (23456, ""),
    ]


ROW = "  TCP    203.0.113.20:5269      0.0.0.0:0              LISTENING       2345\n"
LISTS = {
    "tasklist": (
        "\nImage Name                     PID Session Name        Session#    Mem Usage\n"
        "========================= ======== ================ =========== ============\n"
        "System Idle Process              0 Services                   0          8 K\n"
        "XmppProxy.exe                 2345 Services                   0     45,123 K\n",
        "XmppProxy.exe",
    ),
    "tasklist, French": (
        "\nNom de l’image                 PID Nom de la sessio Numéro de s Utilisation\n"
        "========================= ======== ================ =========== ============\n"
        "XmppProxy.exe                 2345 Services                   0    45\xa0123 Ko\n",
        "XmppProxy.exe",
    ),
    "tasklist, Korean": (
        "\n이미지 이름                    PID 세션 이름              세션#  메모리 사용\n"
        "========================= ======== ================ =========== ============\n"
        "XmppProxy.exe                 2345 Services                   0     45,123 K\n",
        "XmppProxy.exe",
    ),
    "tasklist through findstr": ("XmppProxy.exe                 2345 Services    0     45.123 K\n", "XmppProxy.exe"),
    "csv": (
        '"Abbildname","PID","Sitzungsname","Sitz.-Nr.","Speichernutzung"\n'
        '"XmppProxy.exe","2345","Services","0","45.123 K"\n',
        "XmppProxy.exe",
    ),
    "Get-Process": (
        "\nHandles  NPM(K)    PM(K)      WS(K) VM(M)   CPU(s)     Id ProcessName\n"
        "-------  ------    -----      ----- -----   ------     -- -----------\n"
        "    412      31    45000      52000   600     1.23   2345 XmppProxy\n"
        "      0       0        0         24     0               0 Idle\n",
        "XmppProxy",
    ),
    "Get-Process 5.1": (
        "\nHandles  NPM(K)    PM(K)      WS(K)     CPU(s)     Id  SI ProcessName\n"
        "-------  ------    -----      -----     ------     --  -- -----------\n"
        "    412      31    45000      52000              2345   0 XmppProxy\n",
        "XmppProxy",
    ),
    "two columns": ("\n  Id ProcessName\n  -- -----------\n2345 XmppProxy\n", "XmppProxy"),
    "two columns, turned": ("\nProcessName   Id\n-----------   --\nXmppProxy   2345\n", "XmppProxy"),
    "list": ("\nId          : 2345\nProcessName : XmppProxy\n", "XmppProxy"),
    "nobody of that number": ("\n  Id ProcessName\n  -- -----------\n2346 XmppProxy\n", ""),
}


@pytest.mark.parametrize(("processes", "name"), LISTS.values(), ids=LISTS.keys())
@pytest.mark.parametrize("first", [True, False])
def test_names_are_joined_by_number(processes: str, name: str, first: bool) -> None:
    text = f"{ROW}\n{processes}" if first else f"{processes}\n{ROW}"
    table = read(Sockets(ports=(5269,)), text)
    assert isinstance(table, SocketTable)
    assert [(one.port, one.process) for one in table.sockets] == [(5269, name)]


@pytest.mark.parametrize(
    "text",
    [
        "C:\\>netstat -ano | findstr 5269\n\nC:\\>netstat -ano | findstr 23456\n\nC:\\>",
        "PS C:\\> netstat -ano | findstr 5269; netstat -ano | findstr 23456\nPS C:\\> ",
        f"{TITLE}{RPC}  UDP    0.0.0.0:5269           *:*                                    1234\n",
        f"{TITLE}{RPC}  TCP    10.0.0.20:52690        10.0.0.10:443          ESTABLISHED     5269\n\nC:\\>",
        f"\nConnessioni attive\n\n  Proto  Indirizzo locale       Indirizzo esterno      Stato           PID\n{RPC}\nC:\\>",
        f"C:\\>netstat -ano\n{RPC}\nC:\\>",
        f"C:\\>netstat -ano | findstr LISTEN\n{RPC}\nC:\\>",
        f"PS C:\\> netstat -ano; tasklist\n{RPC}{TASKS}",
        "PS C:\\> netstat -ano | Select-String '5269|23456'\n\nPS C:\\>",
        "Get-NetTCPConnection : No matching MSFT_NetTCPConnection objects found by CIM query\n"
        "    + FullyQualifiedErrorId : CmdletizationQuery_NotFound,Get-NetTCPConnection",
    ],
)
def test_none_is_an_answer(text: str) -> None:
    assert read(BOTH, text) == SocketTable()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TITLE, "no Windows is without"),
        ("C:\\>netstat -ano\n\nC:\\>", "no Windows is without"),
        (RPC, "neither the command nor the title"),
        (f"{RPC}\nC:\\>", "neither the command nor the title"),
        (f"Hello,\nhere it is:\n{RPC}\nC:\\>", "neither the command nor the title"),
        (ROW, "neither the command nor the title"),
        (TITLE + RPC, "where it ends"),
        (f"{TITLE}{RPC} [svchost.exe]\n\n", "where it ends"),
        (f"C:\\>netstat -ano\n{RPC}", "where it ends"),
        (f"C:\\>netstat -ano | findstr LISTENING\n{ROW}", "where it ends"),
        ("PS C:\\> netstat -ano | findstr 5269; netstat -ano | findstr 23456", "where it ends"),
        (f"{TITLE}  TCP    10.0.0.20:52690        10.0.0.10:443          ESTABLISHED     5269\n\nC:\\>", "with -a"),
        (f"C:\\>netstat -no\n{TITLE}  TCP    10.0.0.20:5269  10.0.0.10:443  ESTABLISHED  7\n\nC:\\>", "with -a"),
        (f"C:\\>netstat -ano | findstr ESTABLISHED\n{RPC}\nC:\\>", "findstr ESTABLISHED"),
        (f"C:\\>netstat -ano -p TCPv6\n{TITLE}{RPC}\nC:\\>", "-p TCPv6"),
        (f"PS C:\\> Get-NetTCPConnection -State Established\n{TABLE}\nPS C:\\>".replace("23456", "443"), "State Established"),
        (f"PS C:\\> netstat -ano; tasklist\n{RPC}{TASKS}".replace("svchost.exe", "XmppTGW.exe"), "of a Front End"),
    ],
)  # fmt: skip
def test_what_a_part_of_the_list_does_not_show_may_exist(text: str, why: str) -> None:
    for question in (BOTH, Sockets(on="edge")):
        answer = read(question, text)
        assert isinstance(answer, NotUnderstood), answer
        assert any(words in answer.sentence for words in (why, "was not asked for", "leaves out"))
        assert "netstat -ano; tasklist" in answer.sentence


def test_a_filtered_list_is_not_all_of_it() -> None:
    answer = read(Sockets(on="edge"), FINDSTR)
    assert isinstance(answer, NotUnderstood)
    assert "leaves out" in answer.sentence


def test_what_a_part_of_the_list_shows_exists() -> None:
    assert read(BOTH, BARE_ROWS) == SocketTable(sockets=EXPECTED)


def test_half_of_what_was_asked_is_no_answer() -> None:
    text = f"C:\\>netstat -ano | findstr 5269\n{ROW}\nC:\\>"
    assert read(Sockets(ports=(5269,)), text) == SocketTable(sockets=(OUTSIDE,))
    answer = read(BOTH, text)
    assert isinstance(answer, NotUnderstood)
    assert "23456" in answer.sentence
    answer = read(BOTH, TABLE.replace("\n", "\nPS C:\\> Get-NetTCPConnection -LocalPort 5269\n", 1))
    assert isinstance(answer, NotUnderstood)
    assert isinstance(read(BOTH, f"C:\\>netstat -ano | findstr LISTEN\n{ROW}\nC:\\>"), SocketTable)


@pytest.mark.parametrize(
    ("text", "sentence", "number"),
    [
        ("Hello, it does not work.", "begin with TCP", 1),
        ("PS C:\\> netstat -ano | findstr 5269\nFINDSTR: Cannot open -ano\n", "begin with TCP", 2),
        ("  TCP    EDGE01:5269    EDGE01:0    LISTENING", "-ano", 1),
        (ROW + "  TCP    0.0.0.0:23456    EDGE01:epmap    LISTENING", "-ano", 2),
        (ROW + "  TCP    203.0.113.999:5269     0.0.0.0:0     LISTENING    5", "-ano", 2),
        ("The requested operation requires elevation.", "administrator", 0),
        ("L’opération demandée nécessite une élévation.", "administrator", 0),
    ],
)
def test_what_is_not_understood_is_said(text: str, sentence: str, number: int) -> None:
    answer = read(BOTH, text)
    assert isinstance(answer, NotUnderstood)
    assert sentence in answer.sentence
    assert answer.line == number
    assert recognise(text) is None or number == 2


def test_a_flood_pushes_no_listener_out() -> None:
    flood = "".join(
        f"TCP 203.0.113.20:5269 198.51.{at // 250}.{at % 250}:{1024 + at} ESTABLISHED 5\n" for at in range(900)
    )
    table = read(Sockets(ports=(5269,)), flood + ROW)
    assert isinstance(table, SocketTable)
    assert len(table.sockets) == MOST_SOCKETS
    assert table.sockets[0] == OUTSIDE


def test_owners_are_harmless() -> None:
    table = read(Sockets(ports=(5269,)), f"{ROW} [Xm\x1b[31mpp\u202e.exe]\n")
    assert isinstance(table, SocketTable)
    assert table.sockets[0].process.isprintable()


def test_a_paste_goes_this_way() -> None:
    assert understand(BOTH, ENGLISH) == SocketTable(sockets=EXPECTED)


def check(text: str) -> None:
    """Neither raises, and what is kept is what was asked for and harmless."""
    for answer in (read(BOTH, text), recognise(text)):
        if isinstance(answer, SocketTable):
            shown = [f"{one.state}{one.process}{one.address}{one.remote_address}" for one in answer.sockets]
            assert shown == [clean(one) for one in shown]
            assert all(0 <= one.port < 65536 and 0 <= one.remote_port < 65536 for one in answer.sockets)
    answer = read(BOTH, text)
    assert isinstance(answer, NotUnderstood) or all(
        {one.port, one.remote_port} & {5269, 23456} for one in answer.sockets
    )


@given(st.text(max_size=400))
def test_never_raises_on_any_text(text: str) -> None:
    check(text)


SAMPLES = [*FORMS.values(), *(ROW + processes for processes, _ in LISTS.values())]


@settings(deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_never_raises_on_a_mutated_sample(sample: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(sample)))
        cut = data.draw(st.integers(0, 40))
        sample = sample[:at] + data.draw(st.text(max_size=5)) + sample[at + cut :]
    check(sample)


@pytest.mark.parametrize("piece", [" ", "TCP ", "TCP 1.1.1.1:1\n", "[", "a : ", '"1","2",'])
def test_four_megabytes_are_read_in_bounds(piece: str) -> None:
    assert isinstance(read(BOTH, piece * (4_000_000 // len(piece))), NotUnderstood)
