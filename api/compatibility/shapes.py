"""What a schema allows: alternatives, each a plain set of keywords.

References, `allOf`, `oneOf` and `anyOf` are dissolved, so that a schema that is only
written in another way is the same. What cannot be merged is kept under `allOf`.
"""

from itertools import product

from api.compatibility.description import Part, followed, target
from api.compatibility.wordless import WORDS

Shape = dict[str, Part]
"""The keywords of a schema, each where it stands."""

COMBINING = ("$ref", "allOf", "oneOf", "anyOf")


def named(schema: Part) -> Part:
    """The schema that `schema` is another name of: where recursion is noticed."""
    return followed(schema, beside=WORDS)


def shapes(schema: Part, outer: frozenset[str] = frozenset()) -> list[Shape]:
    """The alternatives of `schema`: one unless it has variants, none if it is false.

    A schema that has itself for a variant is no alternative to itself.
    """
    if schema.pointer in outer or schema.value is False:
        return []
    if not isinstance(schema.value, dict):
        return [{}]
    outer |= {schema.pointer}
    keywords = (key for key in schema.value if key not in COMBINING)
    factors = [[{key: schema.child(key) for key in keywords}]]
    if "$ref" in schema.value:
        factors.append(shapes(target(schema), outer))
    factors += [shapes(part, outer) for part in _parts(schema, "allOf")]
    factors += [
        [shape for part in _parts(schema, key) for shape in shapes(part, outer)]
        for key in ("oneOf", "anyOf")
        if key in schema.value
    ]
    return [_merged(chosen) for chosen in product(*factors)]


def _parts(schema: Part, keyword: str) -> list[Part]:
    variants = schema.child(keyword)
    return [variants.child(str(index)) for index in range(len(variants.value or ()))]


def _merged(chosen: tuple[Shape, ...]) -> Shape:
    """One shape that has all that the chosen ones have."""
    whole: Shape = {}
    for shape in chosen:
        for keyword, part in shape.items():
            known = whole.get(keyword)
            whole[keyword] = _both(keyword, known, part) if known else part
            if whole[keyword] is known and known.value != part.value:
                _keep(whole, keyword, part)
    return whole


def _both(keyword: str, known: Part, part: Part) -> Part:
    """What two parts of one keyword come to; the first where they do not fit."""
    if keyword == "required":
        names = [*known.value, *(n for n in part.value if n not in known.value)]
        return Part(known.root, known.pointer, names)
    if keyword == "properties":
        shared = {
            name: {"allOf": [known.value[name], schema]}
            for name, schema in part.value.items()
            if name in known.value
        }
        return Part(known.root, known.pointer, known.value | part.value | shared)
    return known


def _keep(whole: Shape, keyword: str, part: Part) -> None:
    """Put aside a keyword that says two things, unless it says them to people."""
    if keyword not in WORDS:
        aside = whole.get("allOf", Part(part.root, part.pointer, []))
        more = [*aside.value, {keyword: part.value}]
        whole["allOf"] = Part(aside.root, aside.pointer, more)
