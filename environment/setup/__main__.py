# SPDX-License-Identifier: Apache-2.0
"""One door for the commands in environment/: start, bench, notebooks, golden, peft-check. Needs nothing but Python's own library."""
import importlib
import sys

from report import Trouble


def main():
    command, words = sys.argv[1], sys.argv[2:]
    sys.stdout.reconfigure(errors="replace")
    try:
        return importlib.import_module({"start": "start", "bench": "bench", "notebooks": "renotebook", "golden": "golden", "peft-check": "peft_check"}[command]).main(words)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nstopped; run it again to go on where it was", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
