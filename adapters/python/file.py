"""How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line."""

import errno
import json
import os
import sys

CONTENTS = "content"


class Subject:
    """Stands in for your program: a file that is replaced by a rename.

    Put calls of your own in its place. A method returns only once the change is as durable as pullplug.json
    promises, and raises where it failed.
    """

    def __init__(self, directory):  # It exists.
        self.path = os.path.join(directory, "file")

    def replace(self, content):
        replace(self.path, content)

    def read(self):  # The content, or None where there is none yet.
        try:  # Only what is not there reads as nothing: a disk that fails says something else.
            with open(self.path, encoding="utf-8", newline="") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def close(self):
        pass


