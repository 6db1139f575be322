"""Reading descriptions: references are followed, also in circles, or refused."""

import pytest

from api.compatibility import compare
from api.compatibility.description import Unreadable
from api.compatibility.findings import Change, Finding, listed
from api.compatibility.wordless import contract_of
from tests.compatibility.descriptions import an_object, described, giving, taking

TEXT, NUMBER = {"type": "string"}, {"type": "number"}


def ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def tree(leaf: dict) -> dict:
    """A schema that contains itself, directly and by way of another."""
    return {
        "Tree": an_object(leaf=leaf, left=ref("Tree"), rest=ref("Forest")),
        "Forest": {"type": "array", "items": {"oneOf": [ref("Tree"), TEXT]}},
    }


@pytest.mark.parametrize("side", [taking, giving])
def test_a_schema_may_contain_itself(side):
    before, after = (side(ref("Tree"), tree(leaf)) for leaf in (TEXT, NUMBER))
    places = {finding.change.pointer for finding in compare(before, after)}
    assert compare(before, before) == []
    assert "/components/schemas/Tree/properties/leaf/type" in places


def test_a_schema_that_is_a_variant_of_itself_allows_the_others():
    itself = {"Loop": {"anyOf": [ref("Loop"), TEXT]}}
    assert compare(taking(ref("Loop"), itself), taking(TEXT)) == []


def test_a_reference_and_what_it_leads_to_are_the_same():
    named = {"Name": TEXT, "Alias": ref("Name")}
    assert compare(taking(ref("Alias"), named), taking(TEXT)) == []
    assert compare(giving(TEXT), giving(ref("Alias"), named)) == []


def test_keywords_beside_a_reference_count():
    named = {"Name": TEXT}
    before, after = (
        taking({**ref("Name"), "maxLength": most}, named) for most in (9, 8)
    )
    (finding,) = compare(before, after)
    assert finding.rule == "request-length-tightened"


@pytest.mark.parametrize(
    "schema",
    [
        ref("Missing"),
        ref("Circle"),
        {"$ref": "https://example.org/schema.json"},
        {"$ref": "#"},
        {"oneOf": [ref("Missing"), TEXT]},
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(schema):
    broken = giving(schema, {"Circle": ref("Circle")})
    with pytest.raises(Unreadable):
        compare(broken, broken)


def test_parts_outside_of_schemas_may_be_references():
    shared = {
        "parameters": {"Size": {"in": "query", "name": "size", "required": True}},
        "responses": {"Missing": {"description": ""}},
    }
    before = described(responses={"200": {}, "404": {}}, parameters=[])
    after = described(
        parameters=[{"$ref": "#/components/parameters/Size"}],
        responses={"200": {}, "201": {"$ref": "#/components/responses/Missing"}},
        components=shared,
    )
    assert [(f.rule, f.change.pointer) for f in compare(before, after)] == [
        ("parameter-required", "/paths/~1things~1{id}/get/parameters/0"),
        ("response-removed", "/paths/~1things~1{id}/get/responses/404"),
        ("success-added", "/paths/~1things~1{id}/get/responses/201"),
    ]


def test_a_finding_says_what_where_and_since_when():
    before, after = (giving(an_object("a/b", **{"a/b": t})) for t in (TEXT, NUMBER))
    assert compare(before, after) == [
        Finding(
            "response-type-widened",
            "GET /things/{id}",
            Change(
                "/paths/~1things~1{id}/get/responses/200/content/application~1json"
                "/schema/properties/a~1b/type",
                '"string"',
                '"number"',
            ),
        )
    ]


def test_what_several_operations_share_is_said_once():
    change = Change("/components/schemas/Thing", "there", "gone")
    found = [Finding("some-rule", f"GET /{name}", change) for name in "abc"]
    assert list(listed(found)) == [
        "some-rule: GET /a and 2 more: #/components/schemas/Thing: was there, is gone"
    ]


def test_words_are_no_part_of_the_contract_but_names_are():
    plain = giving(an_object(title=TEXT, description=NUMBER), {"summary": TEXT})
    said = giving(
        an_object(title=TEXT | {"title": "Title"}, description=NUMBER)
        | {"description": "A thing", "example": {"title": "A"}},
        {"summary": TEXT | {"summary": "Short"}},
    )
    assert contract_of(plain) == contract_of(said)
    for other in (
        giving(an_object(title=TEXT), {"summary": TEXT}),
        giving(an_object(title=TEXT, description=NUMBER)),
        giving(an_object(title=NUMBER, description=NUMBER), {"summary": TEXT}),
    ):
        assert contract_of(plain) != contract_of(other)


@pytest.mark.parametrize("keyword", ["default", "const", "enum"])
def test_data_is_no_words(keyword):
    one, other = (giving({keyword: [{"title": title}]}) for title in "ab")
    assert contract_of(one) != contract_of(other)
