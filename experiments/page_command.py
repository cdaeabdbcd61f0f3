"""`ceasefire page`: the live page, on this machine."""
# ruff: noqa: PLC0415

import errno
from importlib.util import find_spec
from typing import Annotated

import typer

LOOPBACK, PORT, LAST_PORT = "127.0.0.1", 8350, 65_535


def page(
    *,
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on. Any other than this machine's own opens the page to others, without a password."
        ),
    ] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = PORT,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")] = True,
) -> None:
    """Open the live page: move a control, see what thousands of runs say, share it as a link.

    It runs on this machine and asks nothing of any other. Stop it with Ctrl-C.
    """
    from experiments.design import ExperimentError

    if find_spec("nicegui") is None:
        raise ExperimentError('page: needs the extra "page"; give the command as: uv run --extra page ceasefire page')
    check_address(host, port)
    typer.echo(f"The page is at http://{shown(host)}:{port}/ (Ctrl-C stops it)", err=True)
    if not is_loopback(host):
        typer.echo(
            f"--host {host}: everybody who reaches this machine there can use the page, play runs and start batches "
            "that write to results/. There is no password.",
            err=True,
        )
    from experiments.page.app import serve

    serve(host, port, browser)


def check_address(host: str, port: int) -> None:
    """Raise ExperimentError unless the page can listen there."""
    import socket

    from experiments.design import ExperimentError

    if not 1 <= port <= LAST_PORT:
        raise ExperimentError(f"--port: {port} is not allowed; a whole number from 1 to {LAST_PORT}")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except (socket.gaierror, UnicodeError):
        raise ExperimentError(
            f"--host: {host} is not an address of this machine; {LOOPBACK} for this machine alone"
        ) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ExperimentError(
                f"--port: {port} is taken by another program; try --port {port % LAST_PORT + 1}"
            ) from None
        raise ExperimentError(f"--host: {host}:{port}: cannot listen there ({error.strerror})") from None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def shown(host: str) -> str:
    """The host as an address in a browser has it."""
    return f"[{host}]" if ":" in host else host
