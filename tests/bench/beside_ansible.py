#!/usr/bin/env python3
"""What a step that does nothing costs, exm beside Ansible: the same command (`true`), one after another on one host, on this machine and over
ssh (an sshd of its own on loopback). Both sides take turns; of each the difference between many steps and one is taken, so that the start of the
programs does not count, and the median of all turns is told.

  tests/bench/beside_ansible.py EXM [TURNS [STEPS]]
"""
import getpass, os, socket, statistics, subprocess, sys, tempfile, time

program, turns, steps = os.path.abspath(sys.argv[1]), int((sys.argv + ["", "", "7"])[2] or 7), int(sys.argv[3]) if len(sys.argv) > 3 else 20
folder = tempfile.mkdtemp(prefix="exm-beside-")
os.chdir(folder)


def write(name, text):
    with open(name, "w") as file:
        file.write(text)
    return os.path.join(folder, name)


def listen():
    """The server, and the client's config for it."""
    for key in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if os.getuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    here = folder + "/"
    write("sshd_config", f"Port {port}\nListenAddress 127.0.0.1\nHostKey {here}host\nAuthorizedKeysFile {here}user.pub\nPidFile none\nUsePAM no\nStrictModes no\n"
                         "PasswordAuthentication no\nPermitRootLogin yes\nMaxSessions 100\n")
    write("known", f"[127.0.0.1]:{port} " + open("host.pub").read())
    write("config", f"Host *\n  HostName 127.0.0.1\n  Port {port}\n  User {getpass.getuser()}\n  IdentityFile {here}user\n  IdentitiesOnly yes\n  IdentityAgent none\n"
                    f"  UserKnownHostsFile {here}known\n  StrictHostKeyChecking yes\n")
    server = subprocess.Popen(["/usr/sbin/sshd", "-D", "-f", here + "sshd_config"], stderr=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.025)
    sys.exit("no sshd")


def plan_of(count):
    things = "".join(f'  thing "t{i}" {{}}\n' for i in range(count))
    source = write(f"nothing{count}.exm", """
kind server { reached by address  address : string = "h1" }
kind thing in server as things { lasting state touched : bool = false }
action touch(t: thing) {
  "Touch ${t}"
  requires not t.touched
  effect t.touched := true
  takes 1s
  on t.server
  run shell "true"
}
server h1 {
""" + things + "}\nmaintenance nothing {\n  \"Nothing\"\n  achieve forall t in thing: t.touched\n  allow no retreat from touch\n}\n")
    file = f"nothing{count}.json"
    subprocess.run([program, "plan", source, "-o", file], check=True)
    return file


def playbook_of(count):
    return write(f"nothing{count}.yml", "- hosts: h1\n  gather_facts: false\n  tasks:\n" + "    - ansible.builtin.shell: 'true'\n" * count)


def seconds(words, more=None):
    begin = time.monotonic()
    done = subprocess.run(words, env={**os.environ, **(more or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{words}: {done.stdout.decode()}")
    return time.monotonic() - begin


def exm(adapter, count):
    for end in ("", "-wal", "-shm"):
        if os.path.exists("run.exmrun" + end):
            os.remove("run.exmrun" + end)
    options = ["--adapter-option", f"config={folder}/config"] if adapter == "ssh" else []
    return seconds([program, "run", plans[count], "--adapter", adapter, "--yes", "--locks", folder + "/locks", "--journal", "run.exmrun", *options])


def ansible(connection, pipelining, count):
    more = {"ANSIBLE_PIPELINING": pipelining, "ANSIBLE_SSH_ARGS": f"-F {folder}/config -o ControlMaster=auto -o ControlPersist=60s",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": folder + "/cp", "ANSIBLE_HOME": folder + "/home", "ANSIBLE_LOCAL_TEMP": folder + "/tmp"}
    return seconds(["ansible-playbook", "-i", "h1,", "-e", "ansible_python_interpreter=/usr/bin/python3", "-c", connection, playbooks[count]], more)


server = listen()
try:
    plans = {count: plan_of(count) for count in (1, steps)}
    playbooks = {count: playbook_of(count) for count in (1, steps)}
    sides = {f"exm, {name}": (lambda count, name=name: exm(name, count)) for name in ("local", "ssh")}
    for name in ("local", "ssh"):
        sides[f"Ansible, {name}"] = lambda count, name=name: ansible(name, "0", count)
        sides[f"Ansible, {name}, pipelining"] = lambda count, name=name: ansible(name, "1", count)
    costs = {side: [] for side in sides}
    loads = []
    for _ in range(turns):
        loads.append(os.getloadavg()[0])
        for side, run in sides.items():
            costs[side].append(1000 * (run(steps) - run(1)) / (steps - 1))
    print(f"{turns} turns of {steps} steps; one-minute load {min(loads):.1f} to {max(loads):.1f} on {os.cpu_count()} processors")
    medians = {side: statistics.median(all) for side, all in costs.items()}
    for side, all in costs.items():
        base = medians["exm, " + side.split(", ")[1]]
        print(f"{side:28} {medians[side]:8.1f} ms a step ({min(all):.1f} to {max(all):.1f}), {medians[side] / base:6.1f} times exm's")
finally:
    server.kill()
    subprocess.run(["rm", "-rf", folder])
