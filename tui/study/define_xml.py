"""Reading `define.xml`, a file of the Define-XML standard (1.0, 2.0, 2.1).

The standard is CDISC's extension of ODM: an ItemGroupDef a dataset, an ItemDef a variable, CodeList
and ValueListDef for its values. The versions differ in where a label stands (def:Label, then
Description), a class (def:Class as attribute, then as element) and the keys (def:DomainKeys, then
KeySequence); names are compared without their namespace, so one reader reads all three.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui.study.define import DefinedDataset, DefinedVariable, DefineFile
from tui.study.header import Unreadable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 64 << 20
"""Bytes of the largest file that is read; that of the CDISC pilot study has 0.6 million."""

_PEEK = 1 << 16
"""Bytes in which the root of a file of another name is looked for."""

_PLAIN = {"Y": "yes", "N": "no"}
_CDISC = "http://www.cdisc.org/ns/"
_DEFINE = f"{_CDISC}def/v"


def find(folder: Path, datasets: Collection[str]) -> tuple[DefineFile | None, tuple[str, ...]]:
    """The Define-XML file of a folder: of several, the one that describes most of its datasets.

    A file that is named define*.xml, or has the root of one, counts. One that cannot be read
    costs the study its labels and nothing else.

    Args:
        folder: Where to look.
        datasets: Names of the datasets that lie there, in capitals.

    Returns:
        The file, and what there is to say of it and of those that are not used.
    """
    found, remarks = [], []
    paths = [one for one in folder.iterdir() if one.suffix.lower() == ".xml" and one.is_file()]
    for path in sorted(paths, key=lambda one: (one.stem.lower() != "define", one.name)):
        if not path.name.lower().startswith("define") and not _has_the_root(path):
            continue
        try:
            found.append(read(path))
        except Unreadable as error:
            remarks.append(f"{path.name}: {str(error).rstrip('.')}; its labels are not used.")
    if not found:
        return None, tuple(remarks)
    chosen = max(found, key=lambda one: len(one.datasets.keys() & set(datasets)))
    others = [one.name for one in found if one is not chosen]
    if others:
        there = f"is the one of {len(found)} that describes the most datasets here"
        remarks.append(f"{chosen.name} {there}; {', '.join(others)} is not used.")
    return chosen, tuple(remarks)


def read(path: Path) -> DefineFile:
    """A Define-XML file.

    Raises:
        Unreadable: when it is not one, is not well-formed, is larger than `LARGEST`, or declares
            a document type: entities, and whatever else a DTD may fetch or expand, are refused.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"it is larger than {LARGEST >> 20} MB.")
        root, version = _tree(path)
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}.") from None
    if root is None or root.tag != "ODM" or not version:
        raise Unreadable("it is not a Define-XML file.")
    return DefineFile(path.name, version, _datasets(path.name, root))


def _has_the_root(path: Path) -> bool:
    try:
        root, version = _tree(path, root_only=True)
    except (Unreadable, OSError):
        return False
    return root is not None and root.tag == "ODM" and bool(version)


class _EnoughRead(Exception):  # noqa: N818 - no error
    """The root has been seen, and nothing else is wanted."""


def _tree(path: Path, root_only: bool = False) -> tuple[Element | None, str]:
    """The elements, named without CDISC's namespaces, and the version of Define-XML."""
    from xml.etree.ElementTree import TreeBuilder
    from xml.parsers import expat

    parser, builder = expat.ParserCreate(namespace_separator=" "), TreeBuilder()
    versions: list[str] = []
    root: list[Element] = []

    def refuse(*_: object) -> None:
        raise Unreadable(
            f"line {parser.CurrentLineNumber}: it declares a document type, and with it entities, "
            "which are refused."
        )

    def namespace(_: str | None, uri: str | None) -> None:
        if uri and uri.startswith(_DEFINE):
            versions.append(uri.removeprefix(_DEFINE))

    def start(name: str, attributes: dict[str, str]) -> None:
        local = {_local(key): value for key, value in attributes.items()}
        element = builder.start(_local(name), local)
        if not root:
            root.append(element)
        if root_only:
            raise _EnoughRead

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartNamespaceDeclHandler = namespace
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: builder.end(_local(name))
    parser.CharacterDataHandler = builder.data
    try:
        with path.open("rb") as file:
            # At once: fed in pieces, expat looks at an unfinished comment anew with each of them.
            parser.Parse(file.read(_PEEK if root_only else -1), not root_only)
    except _EnoughRead:
        pass
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise Unreadable(f"line {error.lineno}: it is not well-formed ({said}).") from None
    except (LookupError, ValueError):
        raise Unreadable("its encoding is not known.") from None
    return (root[0] if root else None), (versions[0] if versions else "")


def _local(name: str) -> str:
    """A name without a namespace of CDISC's; one of another namespace keeps it."""
    uri, _, local = name.rpartition(" ")
    return local if not uri or uri.startswith(_CDISC) else name


def _datasets(source: str, root: Element) -> dict[str, DefinedDataset]:
    items = {one.get("OID", ""): one for one in root.iter("ItemDef")}
    codes = {one.get("OID", ""): _decodes(one) for one in root.iter("CodeList")}
    comments = {one.get("OID", ""): _description(one) for one in root.iter("CommentDef")}
    values = {one.get("OID", ""): one for one in root.iter("ValueListDef")}
    wheres = {one.get("OID", ""): one for one in root.iter("WhereClauseDef")}
    found = {}
    for group in root.iter("ItemGroupDef"):
        own = {
            _name(items[oid]): items[oid]
            for one in group.findall("ItemRef")
            if (oid := one.get("ItemOID", "")) in items
        }
        class_element = group.find("Class")
        kind = class_element.get("Name", "") if class_element is not None else group.get("Class")
        found[_name(group)] = DefinedDataset(
            source=source,
            label=_label(group),
            kind=(kind or "").strip().upper(),
            purpose=group.get("Purpose", ""),
            keys=_keys(group, items),
            variables={
                name: DefinedVariable(
                    label=_label(item),
                    kind=item.get("DataType", ""),
                    format=item.get("DisplayFormat", ""),
                    origin=_origin(item),
                    comment=item.get("Comment", "").strip()
                    or comments.get(item.get("CommentOID", ""), ""),
                    decodes=codes.get(_refers(item, "CodeListRef", "CodeListOID"), {}),
                )
                for name, item in own.items()
            },
            parameters=_parameters(own, items, codes, values, wheres),
        )
    return found


def _name(element: Element) -> str:
    return element.get("Name", "").strip().upper()


def _refers(item: Element, element: str, attribute: str) -> str:
    found = item.find(element)
    return "" if found is None else found.get(attribute, "")


def _label(element: Element) -> str:
    """Since 2.0 a Description, before that an attribute."""
    return _description(element) or element.get("Label", "").strip()


def _description(element: Element) -> str:
    """Its text in English, or in the language that is there."""
    texts = element.findall("Description/TranslatedText") + element.findall("TranslatedText")
    language = "http://www.w3.org/XML/1998/namespace lang"
    english = [one for one in texts if one.get(language, "en").startswith("en")]
    return " ".join((english or texts)[0].itertext()).strip() if texts else ""


def _origin(item: Element) -> str:
    """Since 2.0 elements with a Type, before that an attribute."""
    types = [one.get("Type", "") for one in item.findall("Origin")]
    return ", ".join(filter(None, types)) or item.get("Origin", "").strip()


def _keys(group: Element, items: Mapping[str, Element]) -> tuple[str, ...]:
    """KeySequence of the variables since 2.0, before that a list in one attribute."""
    places = [
        (int(one.get("KeySequence", "")), _name(items[one.get("ItemOID", "")]))
        for one in group.findall("ItemRef")
        if one.get("KeySequence", "").isdecimal() and one.get("ItemOID", "") in items
    ]
    named = re.split(r"[,\s]+", group.get("DomainKeys", "").strip().upper())
    return tuple(name for _, name in sorted(places)) or tuple(filter(None, named))


def _decodes(code_list: Element) -> dict[str, str]:
    """Coded values and their meaning; Mild for MILD, or Yes for Y, says nothing."""
    found = {}
    for item in code_list.findall("CodeListItem"):
        decode = item.find("Decode")
        value, meaning = item.get("CodedValue", "").strip(), ""
        if decode is not None:
            meaning = _description(decode)
        known = {value.casefold(), _PLAIN.get(value, "")}
        if meaning and meaning.casefold() not in known:
            found[value] = meaning
    return found


def _parameters(
    own: Mapping[str, Element],
    items: Mapping[str, Element],
    codes: Mapping[str, Mapping[str, str]],
    values: Mapping[str, Element],
    wheres: Mapping[str, Element],
) -> dict[str, str]:
    """The label of each PARAMCD: from its code list, else from the value list of it or of AVAL.

    In a value list of 1.0 a variable is named by the code; since 2.0 it refers to a condition,
    which counts where it is that PARAMCD equals one code.
    """
    found: dict[str, str] = {}
    for name in ("AVALC", "AVAL", "PARAMCD"):
        if name not in own:
            continue
        lists = values.get(_refers(own[name], "ValueListRef", "ValueListOID"))
        for one in lists.findall("ItemRef") if lists is not None else ():
            item = items.get(one.get("ItemOID", ""))
            if item is None or not _label(item):
                continue
            where = wheres.get(_refers(one, "WhereClauseRef", "WhereClauseOID"))
            if where is not None:
                found |= dict.fromkeys(_only_code(where, items), _label(item))
            elif name == "PARAMCD":
                found[item.get("Name", "").strip()] = _label(item)
    if "PARAMCD" in own:
        found |= codes.get(_refers(own["PARAMCD"], "CodeListRef", "CodeListOID"), {})
    return found


def _only_code(where: Element, items: Mapping[str, Element]) -> list[str]:
    """The PARAMCD that a condition speaks of, where it is one and nothing else is asked."""
    checks = where.findall("RangeCheck")
    item = items.get(checks[0].get("ItemOID", "")) if len(checks) == 1 else None
    if item is None or _name(item) != "PARAMCD" or checks[0].get("Comparator") not in ("EQ", "IN"):
        return []
    codes = [(one.text or "").strip() for one in checks[0].findall("CheckValue")]
    return codes if len(codes) == 1 else []
