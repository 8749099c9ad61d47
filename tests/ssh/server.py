"""An SSH server of our own on 127.0.0.1, with keys that are thrown away."""

from __future__ import annotations

import getpass
import grp
import os
import shlex
import shutil
import socket
import subprocess
import time
from pathlib import Path

from ..processes import LIMIT, alive, children, kill
from ..terminal import ROOT

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin:/usr/bin")
SSH = shutil.which("ssh")
SEPARATION = Path("/run/sshd")  # sshd does not start without this folder

CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey "{folder}/host"
AuthorizedKeysFile "{folder}/user.pub"
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
UseDNS no
PidFile none
PrintMotd no
PrintLastLog no
PermitUserRC no
AllowTcpForwarding no
AcceptEnv LANG LC_*
SetEnv "PYTHONPATH={root}" "TRIALDECK_TEST={folder}" "TRIALDECK_NO_TOUR=1"
"""

CLIENT = {
    "IdentitiesOnly": "yes",
    "IdentityAgent": "none",
    "BatchMode": "yes",
    "StrictHostKeyChecking": "yes",
    "HostKeyAlias": "server",
    "GlobalKnownHostsFile": "none",
    "LogLevel": "ERROR",
    "EscapeChar": "none",
    "SendEnv": "LANG LC_*",
}


def why_not() -> str:
    """Why no server can be started here; nothing if one can."""
    if SSHD is None:
        return "sshd is not installed"
    if SSH is None:
        return "ssh is not installed"
    try:
        SEPARATION.mkdir(mode=0o755, exist_ok=True)
    except OSError as error:
        return f"sshd needs the folder {SEPARATION}: {error.strerror}"
    if os.getuid() and not _terminals_are_of_their_group():
        return "an ordinary user's sshd gives no terminal here: they are not of the group tty"
    return ""


def _terminals_are_of_their_group() -> bool:
    """Whether a new terminal belongs to the group that sshd would give it to, as root alone may."""
    ends = os.openpty()
    try:
        return os.fstat(ends[1]).st_gid == grp.getgrnam("tty").gr_gid
    except KeyError:  # without such a group it stays with the user's own
        return True
    finally:
        for end in ends:
            os.close(end)


class Server:
    """A running sshd; its keys and settings are in the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("host", "user"):
            keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(keygen, check=True)
        key = (folder / "host.pub").read_text()
        (folder / "known_hosts").write_text(f"server {key}")
        for _ in range(5):  # another program may take the port before sshd does
            if self._start():
                return
        raise AssertionError((folder / "log").read_text())

    def _start(self) -> bool:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        config = self._folder / "config"
        config.write_text(CONFIG.format(port=self.port, folder=self._folder, root=ROOT))
        with (self._folder / "log").open("w") as log:
            # Its full path: sshd starts itself anew for each connection.
            self._process = subprocess.Popen([str(SSHD), "-D", "-e", "-f", config], stderr=log)
        end = time.monotonic() + LIMIT
        while self._process.poll() is None and time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port)) as connection:
                    return connection.recv(4) == b"SSH-"
            except ConnectionRefusedError:
                time.sleep(0.01)
        return False

    def client(self, *command: str, options: tuple[str, ...] = (), port: int = 0) -> list[str]:
        """The `ssh` command that runs a command on the server, or a shell without one."""
        folder = self._folder
        settings = {**CLIENT, "UserKnownHostsFile": f'"{folder}/known_hosts"'}
        given = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        to = ["-p", str(port or self.port), f"{getpass.getuser()}@127.0.0.1"]
        key = ["-F", "none", "-i", str(folder / "user")]
        return [str(SSH), *key, *given, *options, *to, *([shlex.join(command)] if command else [])]

    def processes(self, word: str = "") -> set[int]:
        """What runs on behalf of those who are logged in, and names this in its command."""
        found = set()
        mark = f"TRIALDECK_TEST={self._folder}\0".encode()
        for pid in alive():
            process = Path(f"/proc/{pid}")
            try:
                if mark in (process / "environ").read_bytes() + b"\0":
                    words = (process / "cmdline").read_bytes().decode().split("\0")
                    if not word or word in words:
                        found.add(pid)
            except OSError:  # it has just ended, or is another user's
                continue
        return found

    def close(self) -> None:
        """Ends the server and whatever was started through it."""
        sessions = children(self._process.pid)
        sessions += [child for one in sessions for child in children(one)]
        self._process.terminate()
        self._process.wait()
        kill({*sessions, *self.processes()})
