def replace(path, text):
    """Synced, renamed, and the name synced: without any of the three, a power cut can undo it."""
    with open(path + ".tmp", "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".tmp", path)
    directory = os.open(os.path.dirname(path), os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


# The protocol: there is nothing to change below.

answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)  # What the program prints must not stand among the answers.
subject = None
for line in sys.stdin.buffer:
    request = json.loads(line)
    number, do = request.pop("id"), request.pop("do")
    answer = {"id": number, "ok": True}
    try:
        if do == "open":
            subject = Subject(**request)
        elif do == "read":
            answer[CONTENTS] = subject.read()
        else:
            getattr(subject, do)(**request)
    except Exception as error:
        answer = {"id": number, "ok": False, "message": f"{type(error).__name__}: {error}"}
        if getattr(error, "errno", None) in errno.errorcode:
            answer["code"] = errno.errorcode[error.errno]
    print(json.dumps(answer), file=answers, flush=True)
