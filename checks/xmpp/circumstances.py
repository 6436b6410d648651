"""What is asked about XMPP partners beside the symptom, and which steps it puts first, adds or takes away.

Hardly anything is taken away: by dialback each way rests on the other's names and ports, and who has a single
partner cannot tell “one of them” from “all of them”.
"""

from checks.circumstances import Circumstance, Detail

_OF_THE_PARTNER = (
    "xmpp.partner",
    "xmpp.partner-dns",
    "xmpp.partner-ports",
    "xmpp.partner-stream",
    "xmpp.partner-certificate",
    "xmpp.negotiation",
)
"""The settings for a partner, and its own servers."""

_WHO = Circumstance(
    label="Who",
    asks="Who is concerned?",
    told_by={"one-user": "one-user", "nobody": "many-users", "nothing-listens": "", "test-fails": ""},
    details=(
        Detail(
            name="one-user",
            short="one user",
            says="one user alone",
            because="Others reach the partner, so his pool, his site and the policy that applies to him come first.",
            first=("xmpp.product", "xmpp.route", "xmpp.policy"),
            adds=dict.fromkeys(
                ("one-way", "never-arrives", "no-effect", "now-and-then"),
                ("xmpp.product", "xmpp.route", "xmpp.policy"),
            ),
        ),
        Detail(name="many-users", short="many users", says="many users"),
    ),
)

_PARTNERS = Circumstance(
    label="Partners",
    asks="With which partners?",
    told_by={"nothing-listens": ""},
    details=(
        Detail(
            name="one-partner",
            short="one of several",
            says="one partner of several",
            because="Other partners are reached, so the settings for this one and its own servers come first.",
            first=_OF_THE_PARTNER,
        ),
        Detail(
            name="all-partners",
            short="all of them",
            says="all partners",
            because="What all partners share is our own side, so that comes first.",
            first=("xmpp.services", "xmpp.listening", "xmpp.route", "xmpp.replication", "xmpp.federation"),
            adds={
                "never-arrives": ("xmpp.services", "xmpp.listening", "xmpp.route", "xmpp.federation"),
                "one-way": ("xmpp.services", "xmpp.listening", "xmpp.route"),
            },
        ),
    ),
)

_WAY = Circumstance(
    label="Way",
    asks="Which way does it fail?",
    told_by={
        "they-cannot-connect": "from-them",
        "never-arrives": "to-them",
        "nothing-listens": "",
        "test-fails": "",
    },
    details=(
        Detail(
            name="to-them",
            short="to them",
            says="only what is written here does not arrive",
            because="What they write arrives, so the settings for the partner and the way to its servers come first.",
            first=("xmpp.policy", *_OF_THE_PARTNER),
        ),
        Detail(
            name="from-them",
            short="to us",
            says="only what they write does not arrive",
            because="They come by your SRV record to the Edge, so its name, ports, stream and certificate come first.",
            first=(
                "xmpp.services",
                "xmpp.listening",
                "xmpp.dns",
                "xmpp.ports",
                "xmpp.stream",
                "xmpp.certificate",
            ),
            without={"xmpp.test-message": "it tests the way out, and that one works."},
            seat="outside",
        ),
        Detail(name="both-ways", short="both ways", says="neither way works"),
    ),
)

CIRCUMSTANCES = (_WHO, _PARTNERS, _WAY)
