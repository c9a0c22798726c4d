"""Speaks for a log: a request is a line of JSON, and so is its answer. Its argument names the module of the log."""
import importlib
import json
import os
import sys

Log = importlib.import_module(sys.argv[1]).Log
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # What the log prints must not stand among the answers.
log = None


def act(request):
    global log
    match request["do"]:
        case "open":
            log = Log(request["directory"])
        case "append":
            log.append(request["entry"])
        case "read":
            return {"entries": log.entries}
        case "close":
            log.close()
    return {}


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ok": True, **act(request)}
    except Exception as error:
        answer = {"ok": False, "message": str(error)}
    print(json.dumps({"id": request["id"], **answer}), file=answers, flush=True)
