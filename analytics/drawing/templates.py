"""Elements built and validated once by svgwrite, compiled into templates with named slots.

svgwrite checks every element, attribute and value of a prototype. It is never
given anything of a graph: it would be slow, it refuses valid compact paths, and
its path check takes minutes on hostile ones. Instead a prototype carries marked
sample values where a graph's values go; what fills them is made safe by
:mod:`analytics.text` and :mod:`.projection`, and the finished document passes
:mod:`.gate`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from xml.etree import ElementTree

import svgwrite
from svgwrite.base import BaseElement

#: Stands for content while the rest is written.
_CONTENT = "zcontentz"

#: A template takes its slots' values in the order they were declared.
Template = Callable[..., str]


def factory() -> svgwrite.Drawing:
    """The validating element factory (SVG 1.1 full)."""
    return svgwrite.Drawing(debug=True, profile="full")


def serialise(element: BaseElement, beyond: Mapping[str, str] | None = None, content: str = "") -> str:
    """A validated element as text, every element's attributes in the order of the alphabet.

    ``beyond`` are attributes of it that SVG 1.1 does not know (``role``, ``aria-``,
    ``data-``), ``content`` is put before its children as it is.
    """
    xml = element.get_xml()
    for name, value in (beyond or {}).items():
        xml.set(name, value)
    for part in xml.iter():
        attributes = sorted(part.attrib.items())
        part.attrib.clear()
        part.attrib.update(attributes)
    if content:
        xml.text = _CONTENT + (xml.text or "")
    return ElementTree.tostring(xml, encoding="unicode").replace(" />", "/>").replace(_CONTENT, content, 1)


def compile_template(text: str, *samples: str) -> Template:
    """A function that writes ``text``, a serialised prototype, with its slots filled.

    ``samples`` are the sample values that stand for the slots. Each must occur;
    the function takes the values by position, in the order of ``samples``, as
    texts that are ready to be written.
    """
    missing = [sample for sample in samples if sample not in text]
    if missing:
        raise ValueError(f"slots without a place in the prototype: {', '.join(missing)}")
    order = {sample: number for number, sample in enumerate(samples)}
    pattern = re.compile("|".join(re.escape(sample) for sample in sorted(samples, key=len, reverse=True)))
    sequence = [order[sample] for sample in pattern.findall(text)]
    percent = pattern.sub("%s", text.replace("%", "%%"))  # the fastest way to fill slots
    if sequence == sorted(order.values()):  # every slot once, in order
        return lambda *values: percent % values
    in_place = itemgetter(*sequence)
    return lambda *values: percent % in_place(values)
