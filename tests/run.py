#!/usr/bin/env python3
"""Runs every test of rapplan, after installing the outside programs (peers) that check what it renders.

usage: tests/run.py [--peers-only] [ARGUMENTS OF cargo test ...]

The Python-packaged peers are pinned in tests/peers.txt and installed into target/peers. nginx, promtool and amtool come
from the system's packages (Debian, Ubuntu): as root or with password-less sudo they are installed when missing.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "target" / "peers"
PINS = ROOT / "tests" / "peers.txt"
# program -> Debian package
SYSTEM = {
    "nginx": "nginx",
    "promtool": "prometheus",
    "amtool": "prometheus-alertmanager",
    "systemd-analyze": "systemd",
    "openssl": "openssl",
}
SBIN = "/usr/sbin:/sbin"


def python_peers() -> None:
    """Installs the pinned wheels, again only when the pins have changed."""
    stamp = PEERS / "pins.sha256"
    want = hashlib.sha256(PINS.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == want:
        return
    print(f"installing peers of {PINS.relative_to(ROOT)} into {PEERS.relative_to(ROOT)}", flush=True)
    venv.create(PEERS, with_pip=True, clear=True)
    pip = [PEERS / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--only-binary", ":all:", "--requirement", PINS], check=True)
    stamp.write_text(want)


def system_peers() -> None:
    """Installs the missing system programs, or says how."""
    path = os.environ["PATH"] + ":" + SBIN
    missing = sorted({package for program, package in SYSTEM.items() if not shutil.which(program, path=path)})
    if not missing:
        return
    become = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]
    if not shutil.which("apt-get"):
        sys.exit(f"tests need these programs, by their Debian package names: {' '.join(missing)}")
    print("installing", *missing, flush=True)
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for command in (["apt-get", "update", "-q"], install):
        done = subprocess.run([*become, *environment, *command], stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0 and command is install:
            sys.exit(f"could not install them; as root: {' '.join(install)}")


def main() -> None:
    arguments = sys.argv[1:]
    python_peers()
    system_peers()
    if arguments == ["--peers-only"]:
        return
    environment = dict(os.environ, RAPPLAN_TEST_PEERS=str(PEERS / "bin"), PATH=os.environ["PATH"] + ":" + SBIN)
    done = subprocess.run(["cargo", "test", "--no-fail-fast", *arguments], cwd=ROOT, env=environment, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
