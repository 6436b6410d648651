"""`python -m tui` is `lyncdoctor`."""

import sys

from tui.cli import main

sys.exit(main())
