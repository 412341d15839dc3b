"""What both programs of this folder share: options, and the way they end."""

import json
import os
import sys
import threading

OPTIONS = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}


def read(path):
    """The bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


def end_with_stdin(take=None):
    """Ends this process when whoever started it closes stdin, be it by dying; each line before goes to `take`."""

    def follow():
        for line in sys.stdin:
            if take:
                take(line)
        os._exit(0)

    threading.Thread(target=follow, daemon=True).start()
