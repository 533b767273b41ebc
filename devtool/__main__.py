"""``python3 -m devtool``: look at the interpreter, then hand over. Kept readable for old Pythons."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one is told so here
    sys.exit(
        "Python 3.11 or newer is needed, and this is %s: try python3.12 -m devtool" % sys.version.split()[0]  # noqa: UP031
    )

from devtool.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
