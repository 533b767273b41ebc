"""``python -m devtool.bench NAME …``: the same door as ``python -m devtool bench NAME …``."""

import sys

from devtool.bench import main

sys.exit(main(sys.argv[1:]))
