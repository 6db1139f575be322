/**
 * Evaluates answers on the device, with the rules of GET /v1/risk-rules, so that no
 * health answer has to leave it. No dependency; runs in browsers and in Node.
 *
 *   import { evaluate } from "https://…/embed/evaluator.js";
 *   const rules = await (await fetch("https://…/v1/risk-rules")).json();
 *   const result = evaluate(rules, { swelling: "one_calf" });
 *
 * Answers are "yes", "no", a choice, a number or "unknown"; an absent key was not asked.
 * Unknown is never a no. Truths are true, false, or null while they are not known.
 * The server evaluates the same way; conformance vectors hold the two equal.
 */

const UNKNOWN = "unknown";
const UNDETERMINED = "undetermined";
const UNDETERMINED_RANK = 0.5;
const GATING_STAGES = [1, 2];

const COMPARE = {
  is: (answer, value) => answer === value,
  in: (answer, values) => values.includes(answer),
  above: (answer, bound) => answer > bound,
  at_least: (answer, bound) => answer >= bound,
  below: (answer, bound) => answer < bound,
  at_most: (answer, bound) => answer <= bound,
};

const not = (truth) => (truth === null ? null : !truth);

function atLeast(count, yes, open) {
  if (yes >= count) return true;
  return yes + open >= count ? null : false;
}

/** True as soon as one is `decisive`; else null as soon as one is null. */
function combine(truths, decisive) {
  if (truths.includes(decisive)) return decisive;
  return truths.includes(null) ? null : !decisive;
}

/** Reads conditions for one set of answers; facts are judged once. */
class State {
  constructor(rules, values, presuming = true) {
    this.rules = rules;
    this.values = values;
    this.presuming = presuming;
    this.judged = new Map();
  }

  judge(condition) {
    const truth = this.bare(condition);
    const presumes = truth === null && this.presuming && "if_unknown" in condition;
    return presumes ? condition.if_unknown : truth;
  }

  bare(condition) {
    if ("fact" in condition) return this.fact(condition.fact);
    if ("all" in condition) {
      return combine(condition.all.map((part) => this.judge(part)), false);
    }
    if ("any" in condition) {
      return combine(condition.any.map((part) => this.judge(part)), true);
    }
    if ("not" in condition) return not(this.judge(condition.not));
    if ("of" in condition) {
      const yes = condition.of.filter((id) => this.values.get(id) === "yes");
      return atLeast(condition.at_least, yes.length, this.lacking(condition).length);
    }
    if (!this.values.has(condition.question)) return null;
    const comparison = Object.keys(COMPARE).find((name) => name in condition);
    return COMPARE[comparison](
      this.values.get(condition.question),
      condition[comparison],
    );
  }

  fact(id) {
    if (!this.judged.has(id)) {
      this.judged.set(id, this.judge(this.rules.facts.get(id).when));
    }
    return this.judged.get(id);
  }

  /** Questions whose answers could still settle `condition`; none once it is settled. */
  missing(condition) {
    return this.judge(condition) === null ? this.lacking(condition) : [];
  }

  lacking(condition) {
    if ("fact" in condition) return this.missing(this.rules.facts.get(condition.fact).when);
    if ("not" in condition) return this.missing(condition.not);
    const parts = condition.all ?? condition.any;
    if (parts) return parts.flatMap((part) => this.missing(part));
    return (condition.of ?? [condition.question]).filter((id) => !this.values.has(id));
  }
}

/** The rule set with what every evaluation looks up in it. */
class Rules {
  constructor(data) {
    this.data = data;
    this.facts = new Map(data.facts.map((fact) => [fact.id, fact]));
    this.questions = new Map(
      data.groups.flatMap((group) =>
        group.questions.map((question) => [question.id, question]),
      ),
    );
    this.place = new Map([...this.questions.keys()].map((id, place) => [id, place]));
    this.gates = data.groups
      .filter((group) => GATING_STAGES.includes(group.stage))
      .flatMap((group) => group.questions)
      .filter((question) => !question.optional)
      .map((question) => question.id);
    this.levels = new Map(data.levels.map((level) => [level.id, level]));
    this.flags = data.flags.filter((flag) => flag.when);
    this.computed = data.flags.filter((flag) => flag.computed);
  }

  rank(level) {
    return this.levels.get(level).rank ?? UNDETERMINED_RANK;
  }

  highest(levels) {
    return levels.reduce((best, level) => (this.rank(level) > this.rank(best) ? level : best));
  }

  /** The answers as conditions read them, with what does not apply settled. */
  state(answers) {
    const known = Object.entries(answers).filter(([, answer]) => answer !== UNKNOWN);
    const values = new Map(known);
    for (const question of this.questions.values()) {
      if (!question.ask_if || Object.hasOwn(answers, question.id)) continue;
      // A new state each time: what was settled before may decide what facts come to.
      if (new State(this, values).judge(question.ask_if) === false) {
        values.set(question.id, question.negative);
      }
    }
    return new State(this, values);
  }

  inOrder(ids) {
    const needed = [...new Set(ids)].filter((id) => !this.questions.get(id).optional);
    return needed.sort((a, b) => this.place.get(a) - this.place.get(b));
  }

  /** Whether to ask `id` now, not before what decides that was asked. */
  applies(id, answers, state) {
    const asking = this.questions.get(id).ask_if;
    if (!asking) return true;
    const truth = state.judge(asking);
    return (
      truth === true ||
      (truth === null && state.missing(asking).every((other) => Object.hasOwn(answers, other)))
    );
  }
}

const prepared = new WeakMap();

function prepare(data) {
  if (!prepared.has(data)) prepared.set(data, new Rules(data));
  return prepared.get(data);
}

/** The answers to go by, and the ids of the checks that found a contradiction. */
function consistent(rules, answers) {
  const state = rules.state(answers);
  const failed = rules.data.consistency_checks.filter((check) => state.judge(check.when));
  const replaced = { ...answers };
  for (const check of failed) {
    for (const [id, value] of Object.entries(check.set ?? {})) {
      if (Object.hasOwn(answers, id)) replaced[id] = value;
    }
  }
  return [replaced, failed.map((check) => check.id)];
}

/** Flags that stay open even if everything that was not asked were harmless. */
function unknowable(rules, open, answers) {
  if (!Object.values(answers).includes(UNKNOWN)) return [];
  const questions = [...rules.questions.values()].filter((question) => !question.optional);
  const harmless = Object.fromEntries(questions.map((q) => [q.id, q.negative]));
  const state = rules.state({ ...harmless, ...answers });
  return open.filter((flag) => state.judge(flag.when) === null);
}

function levelOf(rules, raised, open, answers) {
  const level = rules.highest([
    "self_care",
    ...raised.map((flag) => flag.urgency),
    ...unknowable(rules, open, answers).map(
      (flag) => rules.levels.get(flag.urgency).floor_if_unknown,
    ),
  ]);
  const danger = open.some((flag) => ["emergency", "same_day"].includes(flag.urgency));
  return level === "self_care" && danger ? UNDETERMINED : level;
}

function nextQuestions(rules, level, openFlags, answers, state) {
  const reach = new Map();
  for (const flag of openFlags) {
    if (rules.rank(flag.urgency) <= rules.rank(level)) continue;
    for (const id of flag.needs) if (!reach.has(id)) reach.set(id, flag.urgency);
  }
  const ranked = [...reach.keys()].sort(
    (a, b) =>
      rules.rank(reach.get(b)) - rules.rank(reach.get(a)) ||
      rules.place.get(a) - rules.place.get(b),
  );
  const gates = level === UNDETERMINED ? rules.gates : [];
  return [...new Set([...ranked, ...gates])]
    .filter((id) => !Object.hasOwn(answers, id) && rules.applies(id, answers, state))
    .map((id) => ({ id, could_reach: reach.get(id) ?? level }));
}

function unresolvedAnswers(rules, level, openFlags, answers) {
  const unknown = Object.keys(answers).filter((id) => answers[id] === UNKNOWN);
  unknown.sort((a, b) => rules.place.get(a) - rules.place.get(b));
  return unknown.map((id) => {
    const needing = openFlags.filter((flag) => flag.needs.includes(id));
    return { id, could_reach: rules.highest([level, ...needing.map((flag) => flag.urgency)]) };
  });
}

/**
 * What valid `answers` amount to: `urgency` with level, could_reach and settled; raised
 * `flags` with presumed; `open_flags` with needs; `next_questions` and `unresolved` with
 * could_reach; `warnings`. All by id: the words are in the rule set.
 */
export function evaluate(data, given) {
  const rules = prepare(data);
  const [answers, warnings] = consistent(rules, given);
  const state = rules.state(answers);
  const cautious = new State(rules, state.values, false);
  const raised = rules.flags.filter((flag) => state.judge(flag.when) === true);
  const open = rules.flags.filter((flag) => state.judge(flag.when) === null);
  const level = levelOf(rules, raised, open, answers);
  const reach = rules.highest([level, ...open.map((flag) => flag.urgency)]);
  const settled = level !== UNDETERMINED && reach === level;
  const flags = raised.map((flag) => ({
    id: flag.id,
    urgency: flag.urgency,
    presumed: cautious.judge(flag.when) !== true,
  }));
  if (level === "self_care" && settled) {
    flags.push(...rules.computed.map(({ id, urgency }) => ({ id, urgency, presumed: false })));
  }
  const openFlags = open.map((flag) => ({
    id: flag.id,
    urgency: flag.urgency,
    needs: rules.inOrder(state.missing(flag.when)),
  }));
  return {
    urgency: { level, could_reach: reach, settled },
    flags,
    open_flags: openFlags,
    next_questions: nextQuestions(rules, level, openFlags, answers, state),
    unresolved: unresolvedAnswers(rules, level, openFlags, answers),
    warnings,
  };
}
