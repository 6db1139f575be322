// Calls every operation of the service with the types that openapi-typescript makes of
// the contract, and prints what it found. tsc refuses what the contract does not say.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

const api = createClient<paths>({ baseUrl: process.argv[2] ?? "" });
let calls = 0;

async function got<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await asked;
  calls += 1;
  if (data === undefined) {
    throw new Error(`${response.status} at ${response.url}: ${JSON.stringify(error)}`);
  }
  return data;
}

const id = (page: { items: { id: string }[] }): { params: { path: { id: string } } } => {
  const [first] = page.items;
  if (!first) throw new Error("an empty list");
  return { params: { path: { id: first.id } } };
};

const service = await got(api.GET("/v1"));
const causes = await got(
  api.GET("/v1/causes", { params: { query: { verdict: "supported", page_size: 3 } } }),
);
const cause = await got(api.GET("/v1/causes/{id}", id(causes)));
const protocols = await got(
  api.GET("/v1/relief-protocols", { params: { query: { when: "during", site: "calf" } } }),
);
const protocol = await got(api.GET("/v1/relief-protocols/{id}", id(protocols)));
const tips = await got(api.GET("/v1/prevention-tips"));
const tip = await got(api.GET("/v1/prevention-tips/{id}", id(tips)));
const flags = await got(api.GET("/v1/risk-flags"));
const flag = await got(api.GET("/v1/risk-flags/{id}", id(flags)));
const sources = await got(api.GET("/v1/sources"));
const source = await got(api.GET("/v1/sources/{id}", id(sources)));
const questionnaire = await got(api.GET("/v1/risk-questions"));
const rules = await got(api.GET("/v1/risk-rules"));
const vectors = await got(api.GET("/v1/risk-rules/vectors"));
const search = await got(
  api.GET("/v1/search", { params: { query: { q: "stretching", type: "relief-protocol" } } }),
);
const bundle = await got(api.GET("/v1/bundle"));
const feed = await got(api.GET("/v1/changes"));
const atom = await got(api.GET("/v1/changes.atom", { parseAs: "text" }));
const kit = await got(api.GET("/v1/contract-kit"));
const live = await got(api.GET("/health/live"));
const ready = await got(api.GET("/health/ready"));

const answers: components["schemas"]["Answers"] = {
  swelling: "one_calf",
  constant_one_leg_pain: "yes",
  breathless_sudden: "unknown",
  age_years: 61,
};
const evaluation = await got(api.POST("/v1/risk-evaluations", { body: { answers } }));

const unknown = await api.GET("/v1/bundle", { params: { query: { since: "no-such" } } });
const missing = await api.GET("/v1/causes/{id}", { params: { path: { id: "no-such" } } });

const seconds: number = protocol.steps.reduce((sum, step) => sum + step.seconds, 0);
const titles: string[] = [cause, tip, flag, source].map((item) => item.title);

console.log(
  JSON.stringify({
    calls,
    service: service.title,
    verdicts: causes.items.map((item) => item.evidence.verdict),
    seconds,
    titles,
    questions: questionnaire.groups.flatMap((group) => group.questions).length,
    rules: rules.ruleset_version,
    vectors: vectors.total === vectors.vectors.length,
    found: search.items.map((hit) => hit.type),
    manifest: bundle.manifest.length,
    whole: unknown.error?.whole,
    grades: feed.items.map((entry) => entry._nightcramp.grade),
    atom: atom.startsWith("<?xml"),
    checks: kit.checks.map((check) => check.expect.status).length,
    health: [live.status, ready.status],
    level: evaluation.urgency.level,
    raised: evaluation.flags.map((raised) => raised.id),
    problem: missing.error?.type,
  }),
);
