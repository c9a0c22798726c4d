"""How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line."""

import errno
import json
import os
import sys

CONTENTS = "pairs"


class Subject:
    """Stands in for your program: a store in one file, which each change replaces as a whole.

    Put calls of your own in its place. A method returns only once the change is as durable as pullplug.json
    promises, and raises where it failed.
    """

    def __init__(self, directory):  # It exists.
        self.path = os.path.join(directory, "store.json")
        self.pairs = {}
        try:  # Only what is not there reads as nothing: a disk that fails says something else.
            with open(self.path, encoding="utf-8") as file:
                self.pairs = json.load(file)
        except FileNotFoundError:
            pass

    def put(self, key, value):
        self.pairs[key] = value
        replace(self.path, json.dumps(self.pairs))

    def delete(self, key):
        self.pairs.pop(key, None)
        replace(self.path, json.dumps(self.pairs))

    def read(self):  # All pairs, in any order.
        return list(self.pairs.items())

    def close(self):
        pass


