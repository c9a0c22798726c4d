import json
import os


class Log:
    """A line of JSON an entry. What a kill left of the last one is cut off before anything is written behind it."""

    def __init__(self, directory):
        path = os.path.join(directory, "log.jsonl")
        self.file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        with open(path, "rb") as file:
            data = file.read()
        self.end = data.rfind(b"\n") + 1
        self.entries = [json.loads(line) for line in data[: self.end].splitlines()]
        self.failed = False
        if self.end < len(data):
            self._cut_back()
        sync_directory(directory)

    def append(self, entry):
        if self.failed:
            raise OSError("an append failed before, and could not be undone")
        line = json.dumps(entry).encode() + b"\n"
        self.failed = True
        try:
            write_all(self.file, line, self.end)
            os.fsync(self.file)
        except OSError:
            self._cut_back()
            self.failed = False
            raise
        self.failed = False
        self.end += len(line)
        self.entries.append(entry)

    def close(self):
        os.close(self.file)

    def _cut_back(self):
        os.ftruncate(self.file, self.end)
        os.fsync(self.file)


def write_all(file, data, at):
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, at)
        at, view = at + written, view[written:]


def sync_directory(path):
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
