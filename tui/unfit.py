"""What of a command line cannot be done: a sentence that says what is wrong, and what may be meant."""

import argparse
from collections.abc import Sequence
from difflib import get_close_matches

from checks.deployment import Deployment, Vantage
from checks.model import Runbook
from tui.options import unfit_beside_the_lab

_WANTED = {
    "mobility": "a user (--sip), the web FQDN (--web) or the pool (--pool)",
    "xmpp": "the Edge (--edge), a SIP domain (--domain) or a partner (--partner)",
}
"""What a runbook is walked for, of which one has to be named."""


def unfit_names(chosen: argparse.Namespace, runbook: Runbook) -> str:
    """What of the names that `run` takes is not known here, or cannot stand beside another; empty where all is fine."""
    start, symptom, tree = chosen.only or chosen.start, chosen.symptom or "", f"lyncdoctor tree {runbook.name}"
    if start and start not in runbook.step_ids:
        return f"{runbook.name} has no step {start!r}. {nearest(start, runbook.step_ids, tree)}"
    if chosen.lab and (unfit := _unfit_scenario(chosen.lab, runbook.name)):
        return unfit
    if symptom and runbook.symptom(symptom) is None:
        known = [one.name for one in runbook.symptoms]
        return f"{runbook.name} knows no symptom {symptom!r}. {nearest(symptom, known, tree)}"
    if unfit := _unfit_detail(chosen.told, runbook, symptom):
        return unfit
    if chosen.lab and (option := unfit_beside_the_lab(chosen)):
        return (
            f"{option} cannot stand beside --lab, which brings its own names and sources. "
            "Beside it go --vantage, --users, --partner and --partners."
        )
    return ""


def unfit_deployment(chosen: argparse.Namespace, runbook: Runbook, deployment: Deployment) -> str:
    """Why `run` cannot walk the deployment that was named; empty where it can."""
    if (chosen.partner or chosen.partners or len(deployment.partners) > 1) and runbook.name != "xmpp":
        return f"partners are for xmpp: walk {runbook.name} without --partner and --partners."
    if len(deployment.partners) > 1 and chosen.record:
        return (
            "--record writes the journal of one walk, and each partner is a walk of its own. "
            "Leave --record out, or name one partner."
        )
    if not chosen.lab and deployment.name == "this deployment" and deployment.vantage is not Vantage.EDGE:
        return f"name at least {_WANTED[runbook.name]}."
    return ""


def no_scenario(name: str) -> str:
    """That the lab has no such scenario, and which may be meant."""
    from lab import scenarios

    known = [str(one["name"]) for one in scenarios.listing()]
    return f"there is no scenario {name!r}. {nearest(name, known, 'lyncdoctor lab --list')}"


def nearest(name: str, known: Sequence[str], listed_by: str) -> str:
    """Which of the known names may be meant, and the command that lists all of them."""
    # `policy` means `mobility.policy`, which is too long to be near.
    holding = [one for one in known if name.lower() in one]
    near = list(dict.fromkeys([*holding, *get_close_matches(name.lower(), known)]))[:3]
    return f"{f'Perhaps {_or(near)}? ' if near else ''}All of them: {listed_by}"


def _unfit_scenario(name: str, runbook: str) -> str:
    from lab import scenarios

    runbooks = [one["runbook"] for one in scenarios.listing() if one["name"] == name]
    if not runbooks:
        return no_scenario(name)
    return "" if runbook in runbooks else f"the scenario {name} belongs to the runbook {runbooks[0]}."


def _unfit_detail(told: Sequence[str], runbook: Runbook, symptom: str) -> str:
    """What is wrong with what was told beside a symptom."""
    for circumstance in runbook.circumstances:
        named = [detail.name for detail in circumstance.details if detail.name in told]
        if len(named) > 1:
            return f"--told {named[0]} and --told {named[1]} cannot both be so: leave one of them out."
        if named and symptom in circumstance.told_by:
            return f"--symptom {symptom} says that already: leave --told {named[0]} out."
    known = [detail.name for circumstance in runbook.circumstances for detail in circumstance.details]
    unknown = next((name for name in told if name not in known), None)
    if unknown is None:
        return ""
    return f"{runbook.name} does not ask {unknown!r}. {nearest(unknown, known, f'lyncdoctor tree {runbook.name}')}"


def _or(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
