#!/usr/bin/env python3
"""An adapter for exm that runs `shell` commands through a program of yours, such as

    exm run plan.json --adapter "plugin:python3 examples/plugin/exec.py" \\
        --adapter-option through="docker exec -i {address} sh"

Options: through=WORDS  what starts a shell that reads a script; {host} and {address} stand for the step's host. `sh` unless said
         at_once=N      commands at once, 16 unless said
         secrets=FOLDER a file for each secret

Copy it and change `Shell.words` to reach hosts in another way. docs/adapters.md has the protocol. Python 3.8 or newer, no packages.
"""
import concurrent.futures
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time

GRACE = 1.0  # seconds between SIGTERM and SIGKILL
KEPT = 32 * 1024  # bytes of the beginning, and of the end, of what a command says

# The far shell reads the whole script before it runs any of it, and nothing where it was cut short; the script itself has nothing to read.
READER = 'script=$(cat); exec </dev/null; case $script in *"# end of script") set -e; eval "$script";; *) exit 125;; esac'


def quoted(piece):
    """A value of a plan as words of a shell: nothing in it can become code."""
    value = piece["value"]
    if piece["type"] == "list":
        return " ".join(quoted(element) for element in value)
    if piece["type"] in ("none", "unknown"):
        return "''"
    if piece["type"] == "bool":
        return "true" if value else "false"
    return shlex.quote(str(value).replace("\0", "\ufffd"))


class Bounded(threading.Thread):
    """Reads a stream to its end and keeps the beginning and the end of it."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.first, self.last, self.size = stream, b"", b"", 0
        self.start()

    def run(self):
        for chunk in iter(lambda: self.stream.read1(65536), b""):
            self.size += len(chunk)
            room = KEPT - len(self.first)
            self.first += chunk[:room]
            self.last = (self.last + chunk[room:])[-KEPT:]

    def text(self):
        missing = self.size - len(self.first) - len(self.last)
        middle = b"\n[%d bytes are left out here]\n" % missing if missing else b""
        return (self.first + middle + self.last).decode("utf-8", "replace")


class Shell:
    """Runs scripts, and ends those that are cancelled."""

    def __init__(self, options):
        self.through = options.get("through", "sh")
        self.secrets = options.get("secrets", "")
        self.lock = threading.Lock()
        self.running = {}  # key: process
        self.cancelled = set()
        self.done = {}  # key: the answer, so that nothing happens twice

    def words(self, params):
        """The program that starts a shell on the step's host. This is what to change first."""
        return [word.format(host=params["host"], address=params["address"]) for word in shlex.split(self.through)]

    def script(self, command):
        """`command` is a list of text and values, as in the plan file."""
        parts = []
        for piece in command:
            if isinstance(piece, str):
                parts.append(piece)
            elif "value" in piece:
                parts.append(quoted(piece))
            elif "secret" in piece:
                with open(os.path.join(self.secrets, os.path.basename(piece["secret"])), encoding="utf-8") as file:
                    parts.append(shlex.quote(file.read().rstrip("\n")))
            else:
                raise ValueError("this plugin does not know what to make of %s" % json.dumps(piece))
        return "".join(parts) + "\n# end of script"

    def run(self, params, key=None):
        """Gives the exit code, and what was said on either stream."""
        process = subprocess.Popen(self.words(params) + ["-c", READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True)
        with self.lock:
            self.running[key] = process
            late = key in self.cancelled
        if late:
            self.end(process)
        output, errors = Bounded(process.stdout), Bounded(process.stderr)
        try:
            process.stdin.write(self.script(params["command"]).encode())
            process.stdin.close()
        except BrokenPipeError:
            pass
        while True:
            try:
                code = process.wait(timeout=10)
                break
            except subprocess.TimeoutExpired:
                if key:
                    send({"jsonrpc": "2.0", "method": "progress", "params": {"key": key, "text": "still at it"}})
        for reader in (output, errors):
            reader.join(0.2)  # what runs on in the background may keep a stream open
        with self.lock:
            self.running.pop(key, None)
            cancelled = key in self.cancelled
        while cancelled and self.lives(process):  # "it has ended" is said when all of it has
            time.sleep(0.05)
        return code, output.text(), errors.text()

    @staticmethod
    def lives(process):
        try:
            os.killpg(process.pid, 0)
            return True
        except ProcessLookupError:
            return False

    def end(self, process):
        for number, patience in ((signal.SIGTERM, GRACE), (signal.SIGKILL, None)):
            try:
                os.killpg(process.pid, number)
                if patience:
                    time.sleep(patience)
            except ProcessLookupError:
                return

    # What the runtime asks for.

    def observe(self, params):
        code, output, errors = self.run(params)
        if code != 0:
            raise RuntimeError("the probe ended with code %d: %s" % (code, errors[-1000:]))
        return {"text": output}

    def execute(self, params):
        key = params["key"]
        if key in self.done:
            return self.done[key]
        code, output, errors = self.run(params, key)
        with self.lock:
            cancelled = key in self.cancelled
            self.cancelled.discard(key)
        if cancelled:
            return {"status": "failed", "error": "it was ended"}
        if code != 0:
            return {"status": "failed", "code": code, "output": output, "error": errors[-2000:]}
        self.done[key] = {"status": "ok", "code": 0, "output": output}
        return self.done[key]

    def cancel(self, params):
        with self.lock:
            process = self.running.get(params["key"])
            if process:
                self.cancelled.add(params["key"])
        if process:
            self.end(process)
        return {}


writing = threading.Lock()


def send(message):
    """One message, one line; nothing else may ever stand on standard output."""
    with writing:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def answer(number, work, params):
    try:
        send({"jsonrpc": "2.0", "id": number, "result": work(params)})
    except Exception as error:  # whatever it is, the step has to know
        send({"jsonrpc": "2.0", "id": number, "error": {"code": -32000, "message": str(error)}})


def main():
    shell = workers = None
    for line in sys.stdin:
        request = json.loads(line)
        number, method, params = request["id"], request["method"], request["params"]
        if method == "initialize":
            shell = Shell(params["options"])
            at_once = int(params["options"].get("at_once", 16))
            workers = concurrent.futures.ThreadPoolExecutor(at_once)
            send({"jsonrpc": "2.0", "id": number, "result": {"name": "exec", "languages": ["shell"], "concurrency": at_once}})
        elif method in ("observe", "execute"):
            workers.submit(answer, number, getattr(shell, method), params)
        elif method == "cancel":
            threading.Thread(target=answer, args=(number, shell.cancel, params)).start()
        elif method == "shutdown":
            for process in list(shell.running.values()):
                shell.end(process)
            answer(number, lambda _: {}, params)
            break
        else:
            send({"jsonrpc": "2.0", "id": number, "error": {"code": -32601, "message": "there is no method " + method}})


main()
