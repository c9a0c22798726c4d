"""Speaks for the log in log.py. An entry is kept as {"seq": n, "text": entry}."""
import json
import sys

from log import Log

log = None


def entry_of(text):
    """An entry as it was appended; an object that no adapter made of a text is its own JSON."""
    fields = json.loads(text)
    is_text = list(fields) == ["text"] and isinstance(fields["text"], str)
    return fields["text"] if is_text else text


def answer(request):
    global log
    match request["do"]:
        case "open":
            log = None
            log = Log(request["directory"])
        case "append":
            log.append('"text":' + json.dumps(request["entry"]))
        case "read":
            return {"entries": [entry_of(text) for text in log.read()]}
        case "close":
            log.close()
            log = None
    return {}


for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = {"ok": True, **answer(request)}
    except Exception as error:
        reply = {"ok": False, "message": str(error)}
    print(json.dumps({"id": request["id"], **reply}), flush=True)
