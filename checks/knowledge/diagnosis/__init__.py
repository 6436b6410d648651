"""What a pasted error or output says: its likely causes, what it does not mean, and where to start.

To teach it something: a line in a table where the words alone tell it (`phones`, `symptoms`, `sign_in`, `tokens`,
`powershell_errors`, `xmpp_errors`, `xmpp_texts`, `xmpp_symptoms`, and the tables of the modules below), a module with
`signs(paste)` where they have to be read.
"""

from checks.knowledge.diagnosis import (
    autodiscover_shown,
    certificates_shown,
    cmdlet_objects,
    connections,
    desktop_log,
    diagnostics_header,
    events,
    http_text,
    names_shown,
    phone_log,
    phones,
    powershell_errors,
    servers_shown,
    services_shown,
    sign_in,
    sip_responses,
    sockets_shown,
    streams,
    symptoms,
    symptoms_in_use,
    synthetic_transactions,
    tls_texts,
    tokens,
    wording,
    xmpp_errors,
    xmpp_symptoms,
    xmpp_texts,
)
from checks.knowledge.diagnosis.conclusion import conclude
from checks.knowledge.diagnosis.model import Diagnosis, Likely, Named, Sign
from checks.knowledge.diagnosis.paste import Paste

__all__ = ["Diagnosis", "Likely", "Named", "diagnose"]

_WORDINGS = (
    *powershell_errors.WORDINGS,
    *sign_in.WORDINGS,
    *tokens.WORDINGS,
    *phones.WORDINGS,
    *symptoms.WORDINGS,
    *symptoms_in_use.WORDINGS,
    *xmpp_errors.WORDINGS,
    *xmpp_texts.WORDINGS,
    *xmpp_symptoms.WORDINGS,
)
_READERS = (
    names_shown,
    certificates_shown,
    cmdlet_objects,
    services_shown,
    servers_shown,
    sockets_shown,
    autodiscover_shown,
    diagnostics_header,
    streams,
    phone_log,
    desktop_log,
    events,
    connections,
    tls_texts,
    http_text,
    sip_responses,
    synthetic_transactions,
)


def diagnose(text: str, now: str = "") -> Diagnosis:
    """What the text says. Never raises; looks at the first million characters, and guesses nothing.

    `now` (ISO 8601, UTC) dates a certificate in a text that does not date itself; empty: this moment.
    """
    paste = Paste(text, now)
    signs: list[Sign] = list(wording.signs_of(paste, _WORDINGS))
    for reader in _READERS:
        signs += reader.signs(paste)
    return conclude(paste, signs)
