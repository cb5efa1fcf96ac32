"""A plugin that does whatever its command says: keep to the protocol, or break it."""
import json
import os
import sys
import time


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def result(number, value):
    say(json.dumps({"jsonrpc": "2.0", "id": number, "result": value}))


def main():
    mode = sys.argv[1] if len(sys.argv) > 1 else ""
    if mode == "mute":
        time.sleep(600)
    if mode == "banner":
        say("welcome to my plugin")
    waiting = {}
    for line in sys.stdin:
        request = json.loads(line)
        number, method, params = request["id"], request["method"], request["params"]
        if method == "initialize":
            if mode == "refuse":
                say(json.dumps({"jsonrpc": "2.0", "id": number, "error": {"code": 1, "message": "no licence"}}))
                continue
            if mode == "options":
                say_to_person = "protocol %(protocol)s, plan %(plan)s, languages %(languages)s, options %(options)s" % params
                sys.stderr.write(say_to_person + "\n")
                sys.stderr.flush()
            result(number, {"name": "bad", "languages": ["shell"], "concurrency": 1 if mode == "one" else 8})
        elif method == "observe":
            deed = params["command"][0]
            result(number, {"nothing": 1} if deed == "wrong" else {"text": deed})
        elif method == "cancel":
            if mode == "stubborn":
                continue
            ended = waiting.pop(params["key"], None)
            if ended:
                result(ended, {"status": "failed", "error": "ended on request"})
            result(number, {})
        elif method == "shutdown":
            result(number, {})
            return
        else:
            execute(number, params, waiting)


def execute(number, params, waiting):
    deed = params["command"][0]
    fine = {"status": "ok", "output": "%(key)s %(step)s %(host)s %(address)s %(language)s %(timeout_s)s" % params}
    if deed == "die":
        os._exit(9)
    elif deed == "hang":
        waiting[params["key"]] = number
    elif deed == "freeze":
        time.sleep(600)
    elif deed == "flood":
        for _ in range(64):
            say(json.dumps({"jsonrpc": "2.0", "method": "progress", "params": {"key": params["key"], "text": "x" * 1000000}}))
    elif deed == "endless":
        for _ in range(64):
            sys.stdout.write("x" * 1000000)
    elif deed == "garbage":
        say("Traceback (most recent call last):")
    elif deed == "twice":
        result_line = json.dumps({"jsonrpc": "2.0", "id": number, "result": fine})
        say(result_line + "\n" + result_line)
    elif deed == "wrong":
        result(number, {"status": "perhaps"})
    elif deed == "stray":
        result(4711, fine)
        result(number, fine)
    elif deed == "refuse":
        say(json.dumps({"jsonrpc": "2.0", "id": number, "error": {"code": 1, "message": "not on a Friday"}}))
    elif deed == "fail":
        result(number, {"status": "failed", "code": 7, "error": "no such package"})
    else:
        result(number, fine)


main()
