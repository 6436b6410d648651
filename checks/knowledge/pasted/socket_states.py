"""States of a TCP socket in the words of psutil, from those of netstat and of Get-NetTCPConnection."""

import unicodedata

from checks.text import clean

_STATES = {
    "LISTENING": "LISTEN",
    "LISTEN": "LISTEN",
    "ESTABLISHED": "ESTABLISHED",
    "TIMEWAIT": "TIME_WAIT",
    "CLOSEWAIT": "CLOSE_WAIT",
    "SYNSENT": "SYN_SENT",
    "SYNRECEIVED": "SYN_RECV",
    "SYNRCVD": "SYN_RECV",
    "SYNRECV": "SYN_RECV",
    "FINWAIT1": "FIN_WAIT1",
    "FINWAIT2": "FIN_WAIT2",
    "LASTACK": "LAST_ACK",
    "CLOSING": "CLOSING",
    "CLOSED": "CLOSE",
    "CLOSE": "CLOSE",
    "DELETETCB": "DELETE_TCB",
    "BOUND": "BOUND",
    # Windows in German; the console's code page may have taken the umlaut.
    "ABHÖREN": "LISTEN",
    "ABHOREN": "LISTEN",
    "HERGESTELLT": "ESTABLISHED",
    "WARTEND": "TIME_WAIT",
}
# MSFT_NetTCPConnection's State, where it is shown as a number.
_NUMBERS = {
    "1": "CLOSE",
    "2": "LISTEN",
    "3": "SYN_SENT",
    "4": "SYN_RECV",
    "5": "ESTABLISHED",
    "6": "FIN_WAIT1",
    "7": "FIN_WAIT2",
    "8": "CLOSE_WAIT",
    "9": "CLOSING",
    "10": "LAST_ACK",
    "11": "TIME_WAIT",
    "12": "DELETE_TCB",
    "100": "BOUND",
}
_NOBODY = {"0.0.0.0", "::", "*"}  # noqa: S104 - read, not bound


def state_of(word: str, remote_address: str, remote_port: int) -> str:
    """The state. A word of another language is a listener where nobody is at the other end, else kept in capitals."""
    plain = unicodedata.normalize("NFC", word.strip()).upper()
    known = _STATES.get("".join(character for character in plain if character not in "_- ")) or _NUMBERS.get(plain)
    if known:
        return known
    if remote_address in _NOBODY and remote_port == 0:
        return "LISTEN"
    return clean(plain, 40)
