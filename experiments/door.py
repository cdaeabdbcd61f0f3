"""The command line's door: whatever the user gets wrong is answered by one line, never a traceback."""

import os
import sys
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

MISTAKE, STOPPED = 2, 130


class OneLine(TyperGroup):
    """All commands, run behind the door."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run the command and leave with its exit code: 2 for a mistake, 130 after Ctrl-C."""
        sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  (closed by the caller: >&-)
        sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a terminal without the character still gets the line
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader (head, less) has gone; so must the buffer, or Python complains on the way out.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 1
        except typer.TyperException as error:
            code = _say_error(error.format_message())
        except OSError as error:
            code = _say_error(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror))
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: Any) -> Any:
        """Run one command, turning the user's mistakes and Ctrl-C into exit codes."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            typer.echo("Stopped.", err=True)
            raise typer.Exit(STOPPED) from None
        except ValueError as error:
            # Whatever raised one of these has imported it: only then is it worth the time.
            from experiments.design import ExperimentError  # noqa: PLC0415
            from model.register import RegisterError  # noqa: PLC0415
            from model.scenario import ScenarioError  # noqa: PLC0415

            if not isinstance(error, ScenarioError | RegisterError | ExperimentError):
                raise
            raise typer.Exit(_say_error(str(error))) from None


def _say_error(message: str) -> int:
    typer.echo("Error: " + " ".join(message.split()), err=True)
    return MISTAKE
