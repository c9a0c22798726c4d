import json
import os


class Log:
    """A line of JSON an entry. Half a line at the end is passed over, and the next entry is written right behind it."""

    def __init__(self, directory):
        path = os.path.join(directory, "log.jsonl")
        self.file = open(path, "ab")
        with open(path, "rb") as file:
            whole, _, _ = file.read().rpartition(b"\n")
        self.entries = [json.loads(line) for line in whole.splitlines()]
        directory = os.open(directory, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)

    def append(self, entry):
        self.file.write(json.dumps(entry).encode() + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        self.entries.append(entry)

    def close(self):
        self.file.close()
