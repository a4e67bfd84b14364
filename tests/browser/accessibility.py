"""What a screen reader gets of the page: the names in the browser's own accessibility tree."""

from __future__ import annotations

from typing import Any, Final

from page_driver import Page

NEEDS_A_NAME: Final = frozenset(
    {"button", "checkbox", "combobox", "link", "menuitem", "option"}
    | {"radio", "slider", "spinbutton", "switch", "tab", "textbox"}
    | {"Canvas", "figure", "graphics-document", "grid", "image", "img", "table"}
)
"""Roles of what can be worked with or looked at: each must have a name that a screen reader can say."""


def focused_name(page: Page) -> str:
    """The name of what the keyboard is on, by the browser's own accessibility tree."""
    focused = (node for node in _accessible(page) if _said(node, "role") != "RootWebArea" and _is_focused(node))
    return " ".join(_said(next(focused, {}), "name").split())


def nameless(page: Page) -> list[str]:
    """What can be worked with or looked at and has no name in the browser's own accessibility tree."""
    return [
        f"{_said(node, 'role')} {node.get('backendDOMNodeId')}"
        for node in _accessible(page)
        if _said(node, "role") in NEEDS_A_NAME and not _said(node, "name").strip()
    ]


def spoken(page: Page, *roles: str) -> list[str]:
    """What a screen reader says of everything of these roles."""
    return [_said(node, "name") for node in _accessible(page) if _said(node, "role") in roles]


def _accessible(page: Page) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = page.command("Accessibility.getFullAXTree", {})["nodes"]
    return [node for node in nodes if not node.get("ignored")]


def _said(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def _is_focused(node: dict[str, Any]) -> bool:
    return any(one["name"] == "focused" and one["value"].get("value") for one in node.get("properties", ()))
