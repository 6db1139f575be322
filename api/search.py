"""Full-text search over the library, in memory: tantivy, with Snowball stems.

tantivy (MIT, maintained, wheels for every platform) knows the word forms of English and
Russian and ranks by BM25; SQLite FTS5 would have needed stems and ranking of our own.
"""

from itertools import islice

import tantivy

from api.domain.library import Catalogue, Library, Published

STEMMERS = {"en": "english", "ru": "russian"}
"""Languages with word forms; others are searched word by word."""

WEIGHTS = {"title": 100.0, "keywords": 20.0, "summary": 4.0, "prose": 1.0}
"""A word in the title outweighs any number of words elsewhere."""

MOST_WORDS = 20
"""More words than this say nothing new, and each costs a look-up per field."""


class TantivySearch:
    """One index for each language of a library."""

    def __init__(self, library: Library):
        self._shelves = {
            language: _Shelf(catalogue)
            for language, catalogue in library.catalogues.items()
        }

    def find(
        self, language: str, phrase: str, type: str | None = None
    ) -> list[Published]:
        """Items with any of the words of `phrase`, in any form; best first."""
        found = self._shelves[language].find(phrase)
        return [item for item in found if type is None or item.type == type]


class _Shelf:
    """The index of one language. Positions in `items` are the keys of the index."""

    def __init__(self, catalogue: Catalogue):
        self.items = list(catalogue.items)
        self.analyzer = _analyzer(catalogue.language)
        self.schema = _schema()
        self.index = tantivy.Index(self.schema)
        self.index.register_tokenizer("words", self.analyzer)
        writer = self.index.writer(heap_size=15_000_000, num_threads=1)
        for position, item in enumerate(self.items):
            writer.add_document(_document(position, item))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def find(self, phrase: str) -> list[Published]:
        words = dict.fromkeys(self.analyzer.analyze(_plain(phrase)))
        clauses = [
            (tantivy.Occur.Should, self._term(field, word, weight))
            for word in islice(words, MOST_WORDS)
            for field, weight in WEIGHTS.items()
        ]
        if not clauses:
            return []
        query = tantivy.Query.boolean_query(clauses)
        hits = self.searcher.search(query, limit=len(self.items)).hits
        ranked = sorted((-score, self._position(address)) for score, address in hits)
        return [self.items[position] for _, position in ranked]

    def _position(self, address: tantivy.DocAddress) -> int:
        return int(self.searcher.doc(address).get_first("key") or 0)

    def _term(self, field: str, word: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self.schema, field, word)
        return tantivy.Query.boost_query(query, weight)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in WEIGHTS:
        builder.add_text_field(field, tokenizer_name="words")
    builder.add_unsigned_field("key", stored=True)
    return builder.build()


def _analyzer(language: str) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
    )
    if stemmer := STEMMERS.get(language):
        builder = builder.filter(tantivy.Filter.stopword(stemmer))
        builder = builder.filter(tantivy.Filter.stemmer(stemmer))
    return builder.build()


def _document(position: int, item: Published) -> tantivy.Document:
    codes = item.publication.codes if item.publication else ()
    texts = {
        "title": (item.title,),
        "keywords": (*item.keywords, *(code.code for code in codes)),
        "summary": (item.summary,),
        "prose": item.prose,
    }
    document = tantivy.Document(key=position)
    for field, values in texts.items():
        document.add_text(field, _plain(" \n ".join(values)))
    return document


def _plain(text: str) -> str:
    """`text` as people type it: Russian ё is mostly written е."""
    return text.replace("ё", "е").replace("Ё", "Е")
