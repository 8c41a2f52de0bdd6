"""``scripts/abuse``: a line for each experiment, and the exit code."""

import sys

from abusing import ABUSE
from proving.__main__ import main

if __name__ == "__main__":
    sys.exit(main(ABUSE))
