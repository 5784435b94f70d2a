"""Our own line icons on a 24-unit grid: path data by name, drawn with the colour of the text around them."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

__all__ = ["ICONS", "icon_svg"]

ICONS: dict[str, str] = {
    "shield": "M12 3l7 2.5v6c0 4.4-2.9 7.7-7 9.5-4.1-1.8-7-5.1-7-9.5v-6z",
    "shield-tick": "M12 3l7 2.5v6c0 4.4-2.9 7.7-7 9.5-4.1-1.8-7-5.1-7-9.5v-6zM8.5 12l2.5 2.5 4.5-5",
    "tick": "M5 12.5l4.5 4.5L19 7.5",
    "cross": "M6 6l12 12M18 6L6 18",
    "warning": "M12 4l9 16H3zM12 10v5M12 17.6v.2",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.4v.2",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
    "calendar": "M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "download": "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
    "upload": "M12 15.5V4M7.5 8L12 3.5 16.5 8M5 20h14",
    "print": "M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7z",
    "copy": "M9 9h11v11H9zM15 9V4H4v11h5",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "building": "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
    "pin": "M12 21c4-4.5 6-7.9 6-11a6 6 0 0 0-12 0c0 3.1 2 6.5 6 11zM12 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
    "rail": "M7 3h10v13H7zM7 10h10M9.5 13.2v.2M14.5 13.2v.2M8.5 16L6 21M15.5 16l2.5 5M7.5 18.5h9",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
    "people": "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.5c.7-3.5 3.2-5 6.5-5s5.8 1.5 6.5 5M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.9c2.2.6 3.5 2.2 4 4.6",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4",
    "mail": "M3.5 6h17v12.5h-17zM3.5 6.5l8.5 7 8.5-7",
    "arrow-right": "M4 12h15M13.5 6.5L19 12l-5.5 5.5",
    "flag": "M6 21V4M6 4.5h12l-2.5 4 2.5 4H6",
    "edit": "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
    "signature": "M3 17c3-8 6-11 7-9.5S7.5 16 9.5 16s2.5-4 4-4 .5 3.5 2 3.5 2-1.5 3-2.5M3 20.5h18",
}


def icon_svg(name: str, label: str = "") -> SafeString:
    """Without a label the icon is decoration and says nothing. An unknown name is a KeyError: a page should not lose one."""
    path = ICONS[name]
    if label:
        return format_html(
            '<svg class="wm-icon" viewBox="0 0 24 24" role="img" aria-label="{}" focusable="false"><path d="{}"/></svg>',
            label,
            path,
        )
    return format_html(
        '<svg class="wm-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>', path
    )
