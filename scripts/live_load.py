"""What scripts/bench-live and scripts/soak have in common: a veth pair in a namespace of its own, and processes on it."""
import os
import subprocess
import sys
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
A, C = "bnchA", "bnchC"  # sent from, captured at


def build_folder(given, targets):
    """A folder with app/tapestry and tests/bench: the one that is given, or the preset bench, built."""
    if not given:
        subprocess.run([os.path.join(SOURCE, "scripts/build"), "bench"] + targets, check=True)
        given = os.path.join(SOURCE, "build/bench")
    return os.path.abspath(given)


def enter_namespace(build):
    """Starts the calling script once more where it has a network of its own."""
    if os.environ.get("TAPESTRY_BENCH_NAMESPACE") != "1":
        os.environ["TAPESTRY_BENCH_NAMESPACE"] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable] + sys.argv + ["--build", build])


def cable():
    run = lambda text: subprocess.run(text.split(), check=True)
    run(f"ip link add {A} type veth peer name {C}")
    for end in (A, C):
        run(f"ip link set {end} addrgenmode none")
        run(f"ip link set {end} arp off up")


def wait_for(process, log, text):
    for _ in range(600):
        with open(log) as file:
            if text in file.read():
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    with open(log) as file:
        sys.exit(f"no \"{text}\" in:\n{file.read()}")
