"""A store in one table of an SQLite database, by Python's own sqlite3; each change is a transaction."""
import json
import os
import sqlite3
import sys

db = None


def answer(request):
    global db
    match request["do"]:
        case "open":
            db = None
            db = sqlite3.connect(os.path.join(request["directory"], "store.db"))
            if "SYNCHRONOUS" in os.environ:
                db.execute(f"PRAGMA synchronous = {os.environ['SYNCHRONOUS']}")
            db.execute("CREATE TABLE IF NOT EXISTS pairs (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        case "put":
            with db:
                db.execute("INSERT OR REPLACE INTO pairs VALUES (?, ?)", (request["key"], request["value"]))
        case "delete":
            with db:
                db.execute("DELETE FROM pairs WHERE key = ?", (request["key"],))
        case "read":
            return {"pairs": db.execute("SELECT key, value FROM pairs").fetchall()}
        case "close":
            db.close()
            db = None
    return {}


for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = {"ok": True, **answer(request)}
    except Exception as error:
        reply = {"ok": False, "message": str(error)}
    print(json.dumps({"id": request["id"], **reply}), flush=True)
