"""What the benchmarks share: a PostgreSQL cluster of their own, a shop, timing with peak memory."""
import contextlib
import glob
import http.client
import json
import os
import pwd
import resource
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

# A folder for the drawn shop that outlasts the run, so that it is loaded once; for PostgreSQL with its cluster.
KEPT = os.environ.get("SHUKE_BENCH_SHOP")
PASSWORD = "correct horse battery staple\n"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def postgres(kept=None):
    """A cluster with default durability on a free port; yields the URL of an empty database each call.

    With `kept`, a folder, the cluster in it is used again, and the first database is the one of the run before."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin")) or ([str(Path(shutil.which("initdb")).parent)] if shutil.which("initdb") else [])
    if not found:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    root = f"{kept}/cluster" if kept else tempfile.mkdtemp(prefix="shuke-bench-pg-")
    os.makedirs(root, exist_ok=True)
    again = os.path.exists(f"{root}/data")
    if os.getuid() == 0:
        shutil.chown(root, user)
    as_user = (lambda *c: subprocess.run(["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *c], check=True, stdout=subprocess.DEVNULL)) if os.getuid() == 0 else (lambda *c: subprocess.run(c, check=True, stdout=subprocess.DEVNULL))
    port = free_port()
    if not again:
        as_user(f"{found[-1]}/initdb", "-D", f"{root}/data", "-U", "shuke", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
    as_user(f"{found[-1]}/pg_ctl", "-D", f"{root}/data", "-w", "-o", f"-p {port} -k {root} -c listen_addresses=127.0.0.1 -c max_connections=60 -c shared_buffers=512MB -c max_wal_size=4GB", "-l", f"{root}/log", "start")
    made = [0]

    def database():
        made[0] += 1
        if not (again and made[0] == 1):
            subprocess.run(["psql", "-q", f"postgres://shuke@127.0.0.1:{port}/postgres", "-c", f"CREATE DATABASE bench{made[0]}"], check=True)
        return f"postgres://shuke@127.0.0.1:{port}/bench{made[0]}"

    try:
        yield database
    finally:
        as_user(f"{found[-1]}/pg_ctl", "-D", f"{root}/data", "-m", "fast" if kept else "immediate", "stop")
        if not kept:
            shutil.rmtree(root, ignore_errors=True)


class Shop:
    """A merchant in a fresh store; without `found` the store is empty, for a command that fills it.

    With `kept`, a folder that is not deleted afterwards and is used as it is when it is full."""

    def __init__(self, binaries, store=None, found=True, kept=None):
        self.kept = kept
        self.folder = kept or tempfile.mkdtemp(prefix="shuke-bench-")
        os.makedirs(self.folder, exist_ok=True)
        self.full = os.path.exists(self.file if store is None else f"{self.folder}/full")
        self.shuke, self.store = f"{binaries}/shuke", store
        self.env = dict(os.environ, SHUKE_MASTER_KEY_FILE=f"{self.folder}/keys/master.key")
        if found:
            self.run("admin", "create-merchant", "--name", "bench", "--owner", "owner@example.com", input=PASSWORD)

    def draw(self, members, prefix=()):
        """Fills the store with the drawn shop, as `shuke demo` does, unless it is full; seconds."""
        if self.full:
            return None
        os.makedirs(f"{self.folder}/data", mode=0o700, exist_ok=True)
        begun = time.perf_counter()
        with self.serving(prefix, "--members", str(members), command="demo"):
            seconds = time.perf_counter() - begun
        Path(self.folder, "full").touch()
        return seconds

    @property
    def file(self):
        return f"{self.folder}/data/shuke.db"

    def arguments(self, *a):
        return [self.shuke, *a, "--data", f"{self.folder}/data", *(["--store", self.store] if self.store else [])]

    def run(self, *a, **k):
        return subprocess.run(self.arguments(*a), env=self.env, check=True, capture_output=True, text=True, **k).stdout

    def timed(self, *a):
        """Runs a command; seconds, peak memory in MB, answer."""
        begun = time.perf_counter()
        child = subprocess.Popen(self.arguments(*a), env=self.env, stdout=subprocess.PIPE, text=True)
        answer = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            raise SystemExit(f"{a} failed: {answer}")
        return time.perf_counter() - begun, usage.ru_maxrss / 1024, json.loads(answer)

    @contextlib.contextmanager
    def serving(self, prefix=(), *options, command="serve"):
        port = free_port()
        log = open(f"{self.folder}/log", "w")
        begun = time.perf_counter()
        child = subprocess.Popen([*prefix, *self.arguments(command, "--listen", f"127.0.0.1:{port}", "--rate-limit", "1000000000", *options)], env=self.env, stdout=log, stderr=log)
        try:
            while True:
                with contextlib.suppress(OSError):
                    with socket.create_connection(("127.0.0.1", port), 0.2) as s:
                        s.sendall(b"GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        if b" 200 " in s.recv(64):
                            break
                if child.poll() is not None:
                    raise SystemExit(open(f"{self.folder}/log").read())
                time.sleep(0.005)
            yield f"127.0.0.1:{port}", time.perf_counter() - begun, child.pid
        finally:
            child.terminate()
            child.wait()

    def drop(self):
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)


class Client:
    """One connection that stays open, as a browser's does."""

    def __init__(self, address, key):
        self.connection, self.key = http.client.HTTPConnection(address, timeout=900), key

    def ask(self, method, path, body=None):
        begun = time.perf_counter()
        self.connection.request(method, f"/api/v1{path}", body, {"authorization": f"Bearer {self.key}", "content-type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:300]!r}")
        return (time.perf_counter() - begun) * 1000, json.loads(text)


def told(times, prefix):
    """Percentiles of times, ms."""
    times = sorted(times)
    return {f"{prefix}_p50_ms": times[len(times) // 2], f"{prefix}_p99_ms": times[-(-len(times) * 99 // 100) - 1]}


def behind(answer):
    """How far back an answer of the columns knows, seconds."""
    at = datetime.fromisoformat(answer["known"]["at"].replace("Z", "+00:00"))
    return (datetime.now(timezone.utc) - at).total_seconds()


class Memory(threading.Thread):
    """The most that a process held, MB, sampled twenty times a second unless told otherwise: its own, and with the pages of the files
    that it has mapped. `base` is its own memory when the sampling began."""

    def __init__(self, process, every=0.05):
        super().__init__(daemon=True)
        self.process, self.every, self.done = process, every, threading.Event()
        self.own, self.whole = self.base, _ = self.now()

    def now(self):
        of = dict(line.split(":", 1) for line in open(f"/proc/{self.process}/status"))
        return int(of["RssAnon"].split()[0]) // 1024, int(of["VmRSS"].split()[0]) // 1024

    def run(self):
        while not self.done.wait(self.every):
            try:
                own, whole = self.now()
            except (OSError, KeyError):
                # It has ended.
                return
            self.own, self.whole = max(self.own, own), max(self.whole, whole)

    def stop(self):
        self.done.set()
        self.join()
        return {"own_mb": self.own, "with_mapped_files_mb": self.whole}


def bare(binaries, source, target, groups=None, connections=8, prefix=(), as_they_came=False):
    command = [*prefix, f"{binaries}/bare", "--from", source, "--to", target, "--connections", str(connections), *(["--groups", str(groups)] if groups else []), *(["--as-they-came"] if as_they_came else [])]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def report(**result):
    print(json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in result.items()}), flush=True)
