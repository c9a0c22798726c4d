"""A write-ahead log in the format of docs/format.md, in Python."""
import json
import os
import re
import struct

WAL, SAFE_SEQ, SAFE_SEQ_TMP = "telemetry.wal", "telemetry.safe_seq", "telemetry.safe_seq.tmp"
STEADY_MARKERS = ("lock.fingerprint", "activation", "runtime.db")
MAX_JSON_BYTES = 1024 * 1024
MAX_LOG_BYTES = 64 * 1024 * 1024
LEADING_SEQ = re.compile(r'[ \t\n\r]*\{[ \t\n\r]*"seq"[ \t\n\r]*:[ \t\n\r]*(0|[1-9][0-9]{0,19})[ \t\n\r]*(?=[,}])')


class Violation(Exception):
    """What is on disk breaks a rule of the log; its text begins with the rule's code."""


def seq_of(data):
    """The seq in a frame's JSON, or None where it holds no entry."""
    try:
        text = data.decode()
        leading = LEADING_SEQ.match(text)
        if leading is None:
            return None
        seq = int(leading[1])
        return seq if json.loads(text, parse_constant=refuse_constant)["seq"] == seq else None
    except (ValueError, RecursionError):
        return None


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def frames(data):
    """The whole frames of a log: the seq (None for no entry), the JSON, and where the frame ends."""
    at = 0
    while at + 4 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        end = at + 4 + size
        if size > MAX_JSON_BYTES or end > len(data):
            return
        text = data[at + 4 : end]
        yield seq_of(text), text, end
        at = end


def committed_end(data, safe_seq):
    """Where the frame of `safe_seq`, which is above 0, ends. Raises a Violation where R1 to R4 are broken."""
    last, above = 0, None
    for seq, _, end in frames(data):
        if above is not None:
            if seq == safe_seq:
                raise above
            continue
        if seq is None:
            raise Violation(f"WAL_CORRUPT_INVALID_JSON: frame {last + 1} holds no entry")
        if seq != last + 1:
            above = Violation(f"{'SEQ_GAP' if last else 'FIRST_SEQ_NOT_ONE'}: {seq} stands in place of {last + 1}")
            if last == 0 or seq <= safe_seq:
                raise above
        elif seq == safe_seq:
            return end
        last = seq
    code = "SAFESEQ_GT_MAXSEQ" if 0 < last < safe_seq else "SAFESEQ_NOT_FOUND"
    raise Violation(f"{code}: safe_seq is {safe_seq} and the last frame has seq {last}")


class Log:
    def __init__(self, directory):
        """Opens the log in `directory` and cuts off what is beyond its safe point. Raises a Violation."""
        self.directory, self.failed = directory, False
        safe_seq = self._read_safe_point()
        try:
            with open(self._path(WAL), "rb") as file:
                data = file.read()
        except FileNotFoundError:
            data = b""
        if safe_seq is None:
            self._expect_first_run(data)
        self.safe_seq = safe_seq or 0
        self.end = committed_end(data, self.safe_seq) if self.safe_seq > 0 else 0
        self.file = os.open(self._path(WAL), os.O_RDWR | os.O_CREAT, 0o644)
        if len(data) > self.end:
            os.ftruncate(self.file, self.end)
        if len(data) > self.end or safe_seq is None:
            os.fdatasync(self.file)
        if safe_seq is None:
            self._replace_safe_point(0)
        else:
            if os.path.exists(self._path(SAFE_SEQ_TMP)):
                os.unlink(self._path(SAFE_SEQ_TMP))
            self._sync_directory()

    def append(self, members):
        """Appends an entry with these members of a JSON object, as text; it is durable on return."""
        if self.failed:
            raise OSError("an append failed before; open the log again")
        seq = self.safe_seq + 1
        text = f'{{"seq":{seq},{members}}}'.encode()
        end = self.end + 4 + len(text)
        if len(text) > MAX_JSON_BYTES or end > MAX_LOG_BYTES:
            raise ValueError("the entry is too large")
        self.failed = True
        write_all(self.file, struct.pack(">I", len(text)) + text, self.end)
        os.fdatasync(self.file)
        self._replace_safe_point(seq)
        self.failed, self.safe_seq, self.end = False, seq, end

    def read(self):
        """The committed entries' JSON without their seq, as text."""
        data = os.pread(self.file, self.end, 0)
        for _, text, _ in frames(data):
            rest = text.decode()[LEADING_SEQ.match(text.decode()).end() :]
            yield "{" + rest.removeprefix(",")

    def close(self):
        os.close(self.file)

    def _path(self, name):
        return os.path.join(self.directory, name)

    def _read_safe_point(self):
        try:
            with open(self._path(SAFE_SEQ), "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return None
        if len(data) != 8:
            raise Violation(f"SAFESEQ_WRONG_LENGTH: it is {len(data)} bytes long")
        return struct.unpack("<Q", data)[0]

    def _expect_first_run(self, data):
        in_use = any(seq is not None for seq, _, _ in frames(data))
        if in_use or any(os.path.exists(self._path(marker)) for marker in STEADY_MARKERS):
            raise Violation("STEADY_WITHOUT_SAFESEQ: the directory has been in use")

    def _replace_safe_point(self, seq):
        tmp = os.open(self._path(SAFE_SEQ_TMP), os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            write_all(tmp, struct.pack("<Q", seq), 0)
            os.fdatasync(tmp)
        finally:
            os.close(tmp)
        os.rename(self._path(SAFE_SEQ_TMP), self._path(SAFE_SEQ))
        self._sync_directory()

    def _sync_directory(self):
        directory = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def write_all(file, data, at):
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, at)
        at, view = at + written, view[written:]
