"""The JSON Schemas of the JSON reports.

`python -m checks.report.schema > docs/report.schema.json` writes that of a walk's anew, with `partners` behind it that
of the report about many partners, docs/partners.schema.json.
"""

import sys
from typing import Any

import msgspec

from checks.report import Report
from checks.report.partners import PartnersReport


def schema(made_from: type[msgspec.Struct] = Report) -> dict[str, Any]:
    """The schema, made from a report's own types."""
    made = msgspec.json.schema(made_from)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A report of lyncdoctor", **made}


def schema_text(made_from: type[msgspec.Struct] = Report) -> str:
    """The schema as it is committed."""
    return msgspec.json.format(msgspec.json.encode(schema(made_from), order="sorted"), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text(PartnersReport if sys.argv[1:] == ["partners"] else Report))
