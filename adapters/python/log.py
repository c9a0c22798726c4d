"""How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line."""

import errno
import json
import os
import sys

CONTENTS = "entries"


class Subject:
    """Stands in for your program: a log in one file, which each change replaces as a whole.

    Put calls of your own in its place. A method returns only once the change is as durable as pullplug.json
    promises, and raises where it failed.
    """

    def __init__(self, directory):  # It exists.
        self.path = os.path.join(directory, "log.json")
        self.entries = []
        try:  # Only what is not there reads as nothing: a disk that fails says something else.
            with open(self.path, encoding="utf-8") as file:
                self.entries = json.load(file)
        except FileNotFoundError:
            pass

    def append(self, entry):
        self.entries.append(entry)
        replace(self.path, json.dumps(self.entries))

    def read(self):  # All entries, in order.
        return self.entries

    def close(self):
        pass


