"""What only the whole content set can show: references, and rules across files."""

from collections.abc import Iterable, Iterator

from marshmallow import Schema

from api.domain.conditions import (
    AtLeast,
    Comparison,
    Condition,
    facts_in,
    nodes,
    questions_in,
)
from api.domain.evidence import is_stronger
from api.domain.items import KINDS
from api.domain.releases import Happened, version_key
from api.domain.rules import Question
from api.loader.content_set import ContentSet
from api.loader.kinds import FOLDERS, NEXT_RELEASE, schema_for
from api.loader.strict_yaml import Document
from schemas.conditions import ConditionField, read_condition
from schemas.translation import leaves, references_in

LISTED = {
    "facts": ("risk-rules/facts", "facts"),
    "self-care-actions": ("risk-rules/self-care-actions", "actions"),
    "routes": ("risk-rules/routes", "routes"),
}
"""Kinds that are lists within one document: its name, and the key of the list."""

EVIDENCED = ("causes", "relief-protocols", "prevention-tips")


def check_set(content: ContentSet) -> None:
    """Add every problem between files; each file must have been read before."""
    questions = _questions(content)
    known = _known_ids(content, questions)
    for name, document in content.originals.items():
        schema = schema_for(name)
        for keys, kind, id in references_in(schema, document.data):
            if kind in known and id not in known[kind]:
                content.report(document, keys, f"there is no {kind} {id!r}")
        _check_conditions(content, document, schema, questions)
    _check_evidence(content)
    _check_reviews(content)
    _check_protocols(content)
    _check_questions(content)
    _check_facts(content)
    _check_rule_values(content, questions)
    _check_releases(content)


def _known_ids(content: ContentSet, questions: Iterable[str]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {folder: set() for folder in FOLDERS}
    for name in content.names:
        folder, _, id = name.partition("/")
        if folder in FOLDERS:
            known[folder].add(id)
    known["risk-questions"] = set(questions)
    for kind, (name, key) in LISTED.items():
        # A broken list is one problem; every reference into it would be another.
        if document := content.originals.get(name):
            known[kind] = {entry["id"] for entry in document.data[key]}
    return known


def _questions(content: ContentSet) -> dict[str, Question]:
    groups = (group for _, _, group in content.of_kind("risk-questions"))
    return {question.id: question for group in groups for question in group.questions}


def _check_conditions(
    content: ContentSet,
    document: Document,
    schema: Schema,
    questions: dict[str, Question],
) -> None:
    for keys, field, value in leaves(schema, document.data):
        if isinstance(field, ConditionField):
            for node in nodes(read_condition(value)):
                if problem := _problem_with_node(node, questions):
                    content.report(document, keys, problem)


def _problem_with_node(node, questions: dict[str, Question]) -> str | None:
    if isinstance(node, AtLeast):
        others = [q for q in node.questions if _type_of(q, questions) != "yes_no"]
        return f"not yes/no questions: {', '.join(others)}" if others else None
    if not isinstance(node, Comparison) or node.question not in questions:
        return None
    question = questions[node.question]
    if node.comparison in ("is", "in"):
        values = node.value if isinstance(node.value, tuple) else (node.value,)
        wrong = [value for value in values if not question.accepts(value)]
        return f"{question.id} is never {', '.join(map(str, wrong))}" if wrong else None
    if question.type != "number":
        return f"{question.id} is not a number"
    if not question.covers(node.value):
        return f"{question.id} is never {node.value}"
    return None


def _type_of(id: str, questions: dict[str, Question]) -> str:
    """The type of a question; an unknown one is reported as a reference, not here."""
    return questions[id].type if id in questions else "yes_no"


def _check_evidence(content: ContentSet) -> None:
    claims = {id: claim for id, _, claim in content.of_kind("claims")}
    for folder in EVIDENCED:
        for _, document, item in content.of_kind(folder):
            lead = claims.get(next(iter(item.evidence.claims), ""))
            if not item.evidence.claims:
                content.report(document, ("evidence", "claims"), "must not be empty")
            elif lead and is_stronger(item.evidence, lead):
                content.report(
                    document,
                    ("evidence", "verdict"),
                    f"says more than the claim {lead.id}:"
                    f" {lead.verdict}, {lead.certainty}",
                )


def _check_reviews(content: ContentSet) -> None:
    for folder in (*EVIDENCED, "risk-flags"):
        for _, document, item in content.of_kind(folder):
            if item.review.review_due <= item.review.reviewed_on:
                message = "must be later than reviewed_on"
                content.report(document, ("review", "review_due"), message)


def _check_protocols(content: ContentSet) -> None:
    """A protocol must stop for each flag that withholds it while merely open."""
    flags = [flag for _, _, flag in content.of_kind("risk-flags")]
    for _, document, protocol in content.of_kind("relief-protocols"):
        for flag in flags:
            withheld = set(protocol.actions) & set(flag.withhold.raised_or_undetermined)
            if withheld and flag.id not in protocol.stop_if:
                actions = ", ".join(sorted(withheld))
                message = f"must have {flag.id}, which withholds {actions}"
                content.report(document, ("stop_if",), message)


def _check_questions(content: ContentSet) -> None:
    """Orders and ids are single, and `ask_if` only looks back."""
    groups: dict[int, str] = {}
    asked: dict[str, str] = {}
    facts = _facts(content)
    in_order = sorted(
        content.of_kind("risk-questions"), key=lambda e: e[1].data["order"]
    )
    for id, document, group in in_order:
        if group.order in groups:
            message = f"{group.order} is also the order of {groups[group.order]}"
            content.report(document, ("order",), message)
        groups[group.order] = id
        for index, question in enumerate(group.questions):
            if question.id in asked:
                message = f"{question.id!r} also stands in {asked[question.id]}"
                content.report(document, ("questions", index, "id"), message)
            if later := _asked_about(question.ask_if, facts) - asked.keys():
                message = (
                    f"is about what is not asked before: {', '.join(sorted(later))}"
                )
                content.report(document, ("questions", index, "ask_if"), message)
            asked[question.id] = id


def _asked_about(condition: Condition | None, facts: dict[str, Condition]) -> set[str]:
    """The questions that `condition` reads, through its facts too."""
    if condition is None:
        return set()
    through = (_asked_about(facts.get(fact), facts) for fact in facts_in(condition))
    return set(questions_in(condition)).union(*through)


def _facts(content: ContentSet) -> dict[str, Condition]:
    loaded = content.loaded.get("risk-rules/facts")
    return {fact.id: fact.when for fact in loaded["facts"]} if loaded else {}


def _check_facts(content: ContentSet) -> None:
    """Facts may build on facts above them, so that none can lead back to itself."""
    document = content.originals.get("risk-rules/facts")
    seen: set[str] = set()
    if document is None:
        return
    for index, fact in enumerate(document.data["facts"]):
        for used in facts_in(read_condition(fact["when"])):
            if used not in seen:
                message = f"uses the fact {used}, which must stand above it"
                content.report(document, ("facts", index, "when"), message)
        seen.add(fact["id"])


def _check_rule_values(content: ContentSet, questions: dict[str, Question]) -> None:
    """Answers that the rules set or name must be possible ones."""
    for name, document in content.originals.items():
        for keys, id, value in _answers_in(name, document):
            question = questions.get(id)
            if not question or not (value == "unknown" or question.accepts(value)):
                message = f"there is no question {id!r} that takes {value!r}"
                content.report(document, keys, message)


def _check_releases(content: ContentSet) -> None:
    """A withdrawn id is never used again; what replaced an item was there then.

    It may have been withdrawn later, or is about to be in the next release.
    """
    leaving = _noted(content)
    withdrawn = {
        entry.item: (keys, document, entry.replaced_by)
        for _, document, release in content.of_kind("releases")
        for number, change in enumerate(release.changes)
        for index, entry in enumerate(change.items)
        if entry.change is Happened.WITHDRAWN
        for keys in [("changes", number, "items", index)]
    }
    for item, (keys, document, replacement) in withdrawn.items():
        if item in content.originals:
            message = f"was withdrawn in {document.data['id']}: use another id"
            content.report(content.originals[item], ("id",), message)
        if replacement in withdrawn:
            gone_in = withdrawn[replacement][1].data["id"]
            there = version_key(gone_in) > version_key(document.data["id"])
        else:
            there = replacement is None or replacement in leaving
            there = there or _is_published(content, replacement)
        if not there:
            message = f"there is no {replacement!r}"
            content.report(document, (*keys, "replaced_by"), message)


def _noted(content: ContentSet) -> set[str]:
    """What the next release is to say something of: it may be gone already."""
    notes = content.loaded.get(NEXT_RELEASE, {"changes": ()})
    return {entry["item"] for note in notes["changes"] for entry in note["items"]}


def _is_published(content: ContentSet, item: str) -> bool:
    return item in content.names and item.partition("/")[0] in KINDS


def _answers_in(name: str, document: Document) -> Iterator[tuple[tuple, str, object]]:
    """Every answer that a document writes out: where, to which question, which."""
    if name == "risk-rules/consistency-checks":
        yield from _replaced_answers(document)
    elif name == "risk-rules/policies":
        yield from _harmless_choices(document)
    elif name.startswith("vignettes/"):
        for id, value in document.data["answers"].items():
            yield ("answers", id), id, value


def _replaced_answers(document: Document) -> Iterator[tuple[tuple, str, object]]:
    for index, check in enumerate(document.data["checks"]):
        for id, value in check.get("set", {}).items():
            yield ("checks", index, "set", id), id, value


def _harmless_choices(document: Document) -> Iterator[tuple[tuple, str, object]]:
    for index, choices in enumerate(document.data["no_flag_alone"]["choices"]):
        for value in choices["values"]:
            yield ("no_flag_alone", "choices", index), choices["question"], value
