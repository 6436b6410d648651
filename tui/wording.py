"""What the checks say in words that hold anywhere, said in the words of a screen: its form and its keys, and no option.

A sentence may name an option that no field and no key stands for; that one stays as it is.
"""

import re

_FORM = {
    "--edge": ", as “Edge server”",
    "--partner": ", as “Partner”",
    "--domain": ", as “SIP domain”",
    "--sip": "",
    "--shell": ", as “Lync shell”",
    "--shell-user": ", as “Account”",
    "--edge-shell": ", as “Edge shell”",
    "--dns-outside": ", as “DNS outside”",
    "--dns-inside": ", as “DNS inside”",
    "--ca-file": ", as “CA file”",
}
"""By option: what its field in the form is called."""
_OPTION = rf"({'|'.join(sorted(_FORM, key=len, reverse=True))})(?![\w-])(?: [A-Z]{{2,}}\b)?"

_SENTENCES = (
    (
        "Walk there with --record FILE, and bring the file here with --evidence FILE.",
        "Walk there too: it is seen there.",
    ),
    ("With --record FILE there, and --evidence FILE here, it is judged here too.", "A walk there shows it."),
    ("walk there with --record FILE, and here with --evidence FILE.", "walk there too, and compare the two."),
    (
        "Record this walk (--record FILE) and bring it to a walk inside (--evidence FILE): the two are compared.",
        "Walk inside too, and compare the two.",
    ),
    ("With --partner DOMAIN the walk looks", "Once one is named in the form, the walk looks"),
    ("Name one with --domain, or a user with --sip.", "Name one, or a user, in the form."),
    ("with --domain or --from", "in the form, as “SIP domain”"),
    ("with --sip once more, or in the form", "in the form"),
    (" with --shell-user, or --edge-user for the Edge", " in the form, as “Account”"),
    (" (--vantage outside)", " (in the form, “You stand”)"),
    (", or without --symptom", ""),
    (", or with --sender-user for the first user and --receiver-user for the second", ""),
)
"""Whole parts of sentences, before the patterns."""
_PATTERNS = (
    # What already names the form needs no second way.
    (re.compile(r",? or (?:with )?--[a-z-]+(?: outside| once more| [A-Z]{2,})?(?=[).,:;]|$)"), ""),
    (re.compile(r"with --edge ([\w.-]*\w)(?=[,.; ]|$)"), r"with \1 as “Edge server” in the form"),
)
_RUN = re.compile(r": lyncdoctor run (mobility|xmpp)(?: --[a-z-]+(?: [^\s-]\S*)?)*")
_BEGIN = {"mobility": "“Mobility, from the top”", "xmpp": "“XMPP federation, from the top”"}


def on_screen(sentence: str) -> str:
    """A sentence of a check with the form's fields in the place of the options that stand for them."""
    if "--" not in sentence:
        return sentence
    for said, meant in _SENTENCES:
        sentence = sentence.replace(said, meant)
    for pattern, meant in _PATTERNS:
        sentence = pattern.sub(meant, sentence)
    sentence = _RUN.sub(lambda run: f" ({_BEGIN[run[1]]} on the first screen)", sentence)
    sentence = re.sub(rf", or start with {_OPTION}", r" with \1", sentence)
    sentence = re.sub(rf"\b[Ww]ith {_OPTION}", lambda named: f"in the form{_FORM[named[1]]}", sentence)
    return re.sub(rf"\({_OPTION}\)", "(in the form, under More)", sentence)


def with_key(sentence: str, key: str) -> str:
    """How to see that a remedy helped, with the key that checks again where it is read: r at a step, f at the verdict."""
    return sentence.replace("(r)", f"({key})")
