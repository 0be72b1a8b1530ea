"""Compares the texts of templates and pages with `tracking/locale`; `--write` adds what is missing, empty, and compiles.

    python scripts/texts.py [--write]

The compiled files are committed, so that a server needs no gettext. The program's texts are `frontend/scripts/texts.mjs`'s.
"""

import argparse
import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import django
import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "tracking" / "locale"
LITERAL = r"""(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
CALL = re.compile(rf"\b(?:gettext|ngettext|_)\({LITERAL}(?:, {LITERAL})?")
HOLE = re.compile(r"%\((\w+)\)s|\{(\w*)\}")
FUNCTIONS = {"gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


class Said(NamedTuple):
    """An English text; `plural` is empty for one that counts nothing."""

    text: str
    plural: str


def texts_in_template(source: str) -> Iterator[Said]:
    for one, many in CALL.findall(templatize(source)):
        yield Said(ast.literal_eval(one), ast.literal_eval(many) if many else "")


def texts_in_program(source: str) -> Iterator[Said]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            one, many = (*node.args, None)[:2]
            plural = ast.literal_eval(many) if node.func.id.startswith("n") and many is not None else ""
            yield Said(ast.literal_eval(one), plural)


def all_texts() -> set[Said]:
    templates = (
        text
        for path in (ROOT / "tracking" / "templates").rglob("*.html")
        for text in texts_in_template(path.read_text())
    )
    programs = (text for path in (ROOT / "tracking").rglob("*.py") for text in texts_in_program(path.read_text()))
    return {*templates, *programs}


def complaints_of(language: str, texts: set[Said]) -> Iterator[str]:
    po = polib.pofile(str(path_of(language)))
    entries = {Said(entry.msgid, entry.msgid_plural): entry for entry in po}
    yield from (f"{language}: missing: {said.text}" for said in sorted(texts - entries.keys()))
    yield from (f"{language}: nothing says: {said.text}" for said in sorted(entries.keys() - texts))
    for said, entry in entries.items():
        forms = list(entry.msgstr_plural.values()) if said.plural else [entry.msgstr]
        if entry.fuzzy or not all(forms):
            yield f"{language}: missing: {said.text}"
        elif not all(holes_of(form) == holes_of(said.plural or said.text) for form in forms):
            yield f"{language}: other holes: {said.text}"
    compiled = path_of(language).with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != po.to_binary():
        yield f"{language}: {compiled.relative_to(ROOT)} is not made of its .po: python scripts/texts.py --write"


def holes_of(text: str) -> set[str]:
    return {one or other for one, other in HOLE.findall(text)}


def write(language: str, texts: set[Said]) -> None:
    """Keeps what is said, adds the missing with empty texts, drops the rest."""
    po = polib.pofile(str(path_of(language)))
    entries = {Said(entry.msgid, entry.msgid_plural): entry for entry in po}
    po[:] = [entries.get(said) or new_entry(said) for said in sorted(texts)]
    po.save()
    po.save_as_mofile(str(path_of(language).with_suffix(".mo")))


def new_entry(said: Said) -> polib.POEntry:
    forms = {"msgid_plural": said.plural, "msgstr_plural": {0: "", 1: ""}} if said.plural else {"msgstr": ""}
    return polib.POEntry(msgid=said.text, **forms)


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def complaints() -> list[str]:
    texts = all_texts()
    languages = [code for code, _ in settings.LANGUAGES if code != "en"]
    return [complaint for language in languages for complaint in complaints_of(language, texts)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true")
    if arguments.parse_args().write:
        texts = all_texts()
        for language in (code for code, _ in settings.LANGUAGES if code != "en"):
            write(language, texts)
    found = complaints()
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    sys.exit(bool(found))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleet.settings")
    django.setup()
    main()
