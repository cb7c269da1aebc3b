"""A chat in the terminal over the widget channel: what a parent gets, without a browser."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import requests
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.directory.signposts import spaced

TIMEOUT_SECONDS = 15
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
REVIEW = {"draft": "utkast", "reviewed": "gjennomgått"}
OPEN = {True: "åpent nå", False: "stengt nå"}


class Unreachable(RuntimeError):
    """No assistant answers at the address."""


class TerminalChat:
    """One conversation; a number answers with the button that bears it."""

    def __init__(self, base_url: str, console: Console):
        self._channel = base_url.rstrip("/") + "/webhooks/widget"
        self._console = console
        self._token: str | None = None
        self._buttons: list[dict[str, str]] = []

    def run(self) -> None:
        self._open()
        self._console.print("[dim]Et tall velger et svar. /slett sletter, Ctrl-D avslutter.[/dim]")
        while True:
            try:
                text = self._console.input("[bold]Du:[/bold] ").strip()
            except (EOFError, KeyboardInterrupt):
                self._console.print()
                return
            if text == "/slett":
                self._call("DELETE", "session")
                self._console.print("Samtalen er slettet.")
                self._open()
            elif text:
                self._send(self._payload(text))

    def _payload(self, text: str) -> str:
        chosen = int(text) - 1 if text.isdigit() and len(text) < 3 else -1
        return self._buttons[chosen]["payload"] if 0 <= chosen < len(self._buttons) else text

    def _open(self) -> None:
        body = self._call("POST", "session").json()
        self._token = body["token"]
        self._show(body["replies"])

    def _send(self, text: str) -> None:
        message = {"message_id": str(uuid.uuid4()), "text": text}
        response = self._call("POST", "message", message)
        if response.status_code == 401:
            self._console.print("[dim]Samtalen var slutt. Her er en ny.[/dim]")
            self._open()
            response = self._call("POST", "message", message)
        body = response.json()
        if "message" in body:
            self._console.print(body["message"], style="yellow", markup=False)
        self._show(body.get("replies", []))

    def _call(self, method: str, path: str, body: dict | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            return requests.request(
                method,
                f"{self._channel}/{path}",
                json=body,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            raise Unreachable(self._channel) from error

    def _show(self, replies: list[dict[str, Any]]) -> None:
        self._buttons = [button for reply in replies for button in reply["buttons"]]
        number = 0
        for reply in replies:
            custom = reply["custom"]
            need = custom.get("need") or ""
            crisis = need.startswith("crisis_") or need == "fallback_emergency"
            self._console.print(
                Panel(Text(reply["text"]), border_style="red" if crisis else "blue")
            )
            for signpost in custom.get("signposts", []):
                self._console.print("  • " + _signpost(signpost), markup=False, highlight=False)
            for button in reply["buttons"]:
                number += 1
                self._console.print(f"  [{number}] {button['title']}", markup=False)
            source = custom.get("source")
            if source:
                review = REVIEW.get(custom.get("review"), REVIEW["draft"])
                words = f"  Kilde: {source['title']} (sjekket {source['checked']}), {review}"
                self._console.print(words, style="dim", markup=False, highlight=False)


def _signpost(signpost: dict[str, Any]) -> str:
    parts = [
        signpost["name"],
        spaced(signpost.get("phone")),
        OPEN.get(signpost.get("open_now")),
        _opens(signpost.get("opens_next")),
        signpost.get("address"),
        signpost.get("website"),
        signpost.get("caution"),
        "vi har ikke fått sjekket dette" if signpost.get("status") == "unverified" else None,
        f"sjekket {signpost['checked']}" if signpost.get("checked") else None,
    ]
    return ", ".join(part for part in parts if part)


def _opens(moment: str | None) -> str | None:
    """`åpner mandag 09:00`, of a time in ISO 8601."""
    if not moment:
        return None
    opens = dt.datetime.fromisoformat(moment)
    return f"åpner {WEEKDAYS[opens.weekday()]} {opens:%H:%M}"
