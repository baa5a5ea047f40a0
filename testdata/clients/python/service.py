"""The service of a test: started on a free port of this machine, stopped and forgotten after."""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
ZONES = ROOT / "testdata" / "zones"


def program():
    """The `boucle` command to test: first argument, else the one of the debug build."""
    path = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/debug/boucle")
    path = path if path.is_absolute() else ROOT / path
    if not path.exists():
        sys.exit(f"{path} is missing: build it with `cargo build -p boucle`")
    return str(path)


def boucle(*arguments, expected=0):
    """Runs the command to its end and gives what it wrote."""
    done = subprocess.run([program(), *map(str, arguments)], capture_output=True, check=False)
    if done.returncode != expected:
        sys.exit(f"boucle {arguments}: exit code {done.returncode}\n{done.stderr.decode()}")
    return done.stdout


def generate_stubs(folder):
    """Generates the client from the protos into a folder, and makes it importable."""
    import grpc_tools
    from grpc_tools import protoc

    protos = ROOT / "proto"
    included = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    files = sorted(str(path) for path in (protos / "boucle" / "v1").glob("*.proto"))
    arguments = ["protoc", f"-I{protos}", f"-I{included}", f"--python_out={folder}", f"--grpc_python_out={folder}"]
    if protoc.main(arguments + files) != 0:
        sys.exit("the protos do not compile with protoc")
    sys.path.insert(0, str(folder))


class Service:
    """`boucle serve` with a store of its own."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        store = os.path.join(self.folder.name, "boucle.db")
        command = [program(), "serve", "--listen", "127.0.0.1:0", "--store", store]
        environment = dict(os.environ, BOUCLE_LOG="warn")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://"):
            self.__exit__()
            sys.exit(f"the service did not start: {line!r}")
        self.address = line.split("http://", 1)[1].strip()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.code = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.folder.cleanup()
