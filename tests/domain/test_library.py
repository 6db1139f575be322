"""Finding one item, selecting some, and taking a page of them."""

import pytest

from api.domain.library import UnknownId, find, page_of, select
from tests.domain.examples import protocol, source, tip

ITEMS = [
    protocol(id="calf-now", when="during", sites=("calf",)),
    protocol(id="foot-now", when="during", sites=("foot",)),
    protocol(id="both-later", when="after", sites=("calf", "foot")),
]


def test_an_item_is_found_by_its_id():
    trial = source(id="a-trial")
    assert find({"a-trial": trial, "other": source()}, "sources", "a-trial") is trial


@pytest.mark.parametrize("id", ["nope", "", "A-TRIAL"])
def test_an_unknown_id_says_what_was_looked_for(id):
    with pytest.raises(UnknownId) as caught:
        find({"a-trial": source()}, "sources", id)
    assert (caught.value.kind, caught.value.id) == ("sources", id)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["calf-now", "foot-now", "both-later"]),
        ({"site": "calf"}, ["calf-now", "both-later"]),
        ({"site": "foot", "when": "during"}, ["foot-now"]),
        ({"population": "pregnancy", "when": "after"}, ["both-later"]),
        ({"site": "hamstring"}, []),
        ({"site": "cal"}, []),
    ],
)
def test_a_selection_has_every_wanted_value_in_the_order_of_the_items(wanted, found):
    assert [item.id for item in select(ITEMS, wanted)] == found


def test_a_facet_that_the_items_do_not_have_is_a_mistake():
    with pytest.raises(KeyError):
        select([tip()], {"site": "calf"})


@pytest.mark.parametrize(
    ("count", "number", "size", "items", "pages"),
    [
        (5, 1, 2, (0, 1), 3),
        (5, 2, 2, (2, 3), 3),
        (5, 3, 2, (4,), 3),
        (5, 4, 2, (), 3),
        (5, 10_000, 100, (), 1),
        (4, 2, 2, (2, 3), 2),
        (4, 1, 4, (0, 1, 2, 3), 1),
        (1, 1, 20, (0,), 1),
        (0, 1, 20, (), 1),
        (0, 2, 20, (), 1),
    ],
)
def test_a_page_is_a_slice_and_empty_past_the_end(count, number, size, items, pages):
    page = page_of(list(range(count)), number, size)
    assert (page.items, page.pages) == (items, pages)
    assert (page.total, page.number) == (count, number)


def test_a_library_speaks_first_its_original_language(library):
    assert library.languages[0] == library.original == "en"
    assert [library.catalogue(tag).language for tag in library.languages] == [
        *library.languages
    ]


def test_a_catalogue_lists_every_item_once_and_sources_last(library):
    items = list(library.catalogue("en").items)
    kinds = list(dict.fromkeys(item.type for item in items))
    assert len({(item.type, item.id) for item in items}) == len(items)
    assert kinds == [
        "cause",
        "relief-protocol",
        "prevention-tip",
        "risk-flag",
        "source",
    ]
