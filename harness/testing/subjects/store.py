"""A store in one JSON file, replaced by a rename; it speaks the contract's protocol."""
import json, os, sys

def save(directory, pairs):
    path = os.path.join(directory, "store")
    with open(path + ".tmp", "w") as file:
        json.dump(pairs, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(path + ".tmp", path)
    descriptor = os.open(directory, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)

directory, pairs = None, {}
for line in sys.stdin:
    request = json.loads(line)
    answer = {"id": request["id"], "ok": True}
    do = request["do"]
    if do == "open":
        directory = request["directory"]
        try:
            pairs = json.load(open(os.path.join(directory, "store")))
        except FileNotFoundError:
            pairs = {}
    elif do == "put":
        pairs[request["key"]] = request["value"]
        save(directory, pairs)
    elif do == "delete":
        pairs.pop(request["key"], None)
        save(directory, pairs)
    elif do == "read":
        answer["pairs"] = list(pairs.items())
    print(json.dumps(answer), flush=True)
