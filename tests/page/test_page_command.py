"""The command that opens the page: where it listens, what it says of that, and what it refuses."""

import socket

import pytest
from typer.testing import CliRunner

from experiments import page_command
from experiments.command import app
from experiments.design import ExperimentError
from experiments.page_command import check_address, is_loopback, shown


def give(monkeypatch, *words) -> tuple[int, str, list[tuple[str, int, bool]]]:
    """The command's exit code, what it said, and what it would have served."""
    served = []
    monkeypatch.setattr("experiments.page.app.serve", lambda *given: served.append(given))
    result = CliRunner().invoke(app, ["page", *words])
    return result.exit_code, result.output, served


def free() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


def test_it_listens_on_this_machine_alone(monkeypatch):
    port = free()
    code, said, served = give(monkeypatch, "--no-browser", "--port", str(port))
    assert (code, served) == (0, [("127.0.0.1", port, False)])
    assert f"http://127.0.0.1:{port}/" in said
    assert "password" not in said


def test_another_address_is_told_what_it_exposes(monkeypatch):
    port = free()
    code, said, served = give(monkeypatch, "--host", "0.0.0.0", "--port", str(port))
    assert (code, served) == (0, [("0.0.0.0", port, True)])
    assert "everybody who reaches this machine" in said
    assert "no password" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--port", "0"], "from 1 to 65535"),
        (["--port", "70000"], "from 1 to 65535"),
        (["--host", "256.1.1.1"], "is not an address of this machine"),
        (["--host", "192.0.2.1"], "cannot listen there"),
        (["--host", "x" * 300], "is not an address of this machine"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(monkeypatch, words, told):
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **named: _resolve(host, port))
    code, said, served = give(monkeypatch, *words)
    assert (code, served) == (2, [])
    assert told in " ".join(said.split())
    assert "Traceback" not in said


def _resolve(host: str, port: int):
    """Only numbers are resolved: no test asks another machine for a name."""
    try:
        socket.inet_aton(host)
    except OSError:
        raise socket.gaierror from None
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]


def test_a_port_that_is_taken_is_refused():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ExperimentError, match=f"--port: {port} is taken"):
            check_address("127.0.0.1", port)


def test_without_its_extra_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(page_command, "find_spec", lambda name: None)
    code, said, served = give(monkeypatch)
    assert (code, served) == (2, [])
    assert "uv run --extra page ceasefire page" in " ".join(said.split())


@pytest.mark.parametrize(
    ("host", "alone"), [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True),
    ("0.0.0.0", False), ("::", False), ("192.168.1.2", False), ("example", False)],
)  # fmt: skip
def test_which_addresses_are_this_machine_alone(host, alone):
    assert is_loopback(host) == alone


def test_an_address_as_browsers_have_it():
    assert (shown("::1"), shown("127.0.0.1")) == ("[::1]", "127.0.0.1")
