"""Illustrations: one SVG for each movement, in the colour of the text around it."""

import re
from xml.etree import ElementTree

from marshmallow import ValidationError, fields

from api.domain.items import Illustration
from schemas.base import FileSchema, ResponseSchema, Slug, Text

LONGEST_SVG = 2600
"""Bytes: a card with four steps has to stay small."""

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "g", "path", "line", "polyline", "circle", "ellipse", "rect"}
ATTRIBUTES = {
    *("viewBox", "fill", "stroke", "stroke-width", "stroke-linecap", "opacity"),
    *("stroke-linejoin", "stroke-dasharray", "fill-rule", "d", "points", "transform"),
    *("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height"),
}
"""What a drawing is made of. It is put into pages as it stands, so that nothing that
could run, load, style or name anything there may be in it."""

PLAIN = re.compile(r"(?!.*url\()[\w\s.,#()-]*", re.DOTALL | re.IGNORECASE)
"""The value of an attribute: numbers, words and colours, nothing to be loaded."""


class Drawing(fields.String):
    """An SVG of plain shapes."""

    def _deserialize(self, value, attr, data, **kwargs):
        svg = super()._deserialize(value, attr, data, **kwargs)
        if len(svg.encode()) > LONGEST_SVG:
            raise ValidationError(f"is over {LONGEST_SVG} bytes")
        # HTML ends a comment where XML does not, and shows what was in it.
        if not svg.startswith("<svg ") or "<!" in svg or "<?" in svg:
            raise ValidationError("must be one svg element, without comments")
        try:
            root = ElementTree.fromstring(svg)
        except ElementTree.ParseError as error:
            raise ValidationError(f"is not XML: {error}") from error
        if root.tag != f"{SVG}svg" or "viewBox" not in root.attrib:
            raise ValidationError("must be an svg with a viewBox")
        for element in root.iter():
            self._check(element)
        return svg

    def _check(self, element: ElementTree.Element) -> None:
        name = element.tag.removeprefix(SVG)
        if name not in ELEMENTS:
            raise ValidationError(f"must not have <{name}>")
        if other := element.attrib.keys() - ATTRIBUTES:
            raise ValidationError(f"must not have {', '.join(sorted(other))}")
        for attribute, value in element.attrib.items():
            if not PLAIN.fullmatch(value):
                raise ValidationError(f"must not have {attribute}={value!r}")


class IllustrationFile(FileSchema):
    builds = Illustration

    id = Slug()
    alt = Text(140)
    svg = Drawing(required=True)


class IllustrationResponse(ResponseSchema):
    """A picture of the movement. It takes the colour of the text it is put into."""

    href = fields.Url(required=True)
    alt = fields.String(required=True, metadata={"description": "What it shows."})
    sha256 = fields.String(
        required=True, metadata={"description": "Of the bytes at `href`."}
    )
    license = fields.String(required=True, metadata={"description": "SPDX id."})
