// Holds a Nightcramp service to its contract: a test for each thing that it promises.
//
// node nightcramp_contract.mjs URL [--kit FILE] [--mirror]
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual, parseArgs } from "node:util";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { kit: { type: "string" }, mirror: { type: "boolean" } },
});
assert.ok(positionals[0], "say where the service is: its URL, without /v1");
const url = positionals[0].replace(/\/$/, "");

async function ask(path, method = "GET", headers = {}, body, tries = 3) {
  const answer = await fetch(url + path, {
    method,
    headers,
    body: body && JSON.stringify(body),
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  if (answer.status !== 429 || tries === 1)
    return { status: answer.status, headers: answer.headers, text };
  await sleep(1000 * (answer.headers.get("retry-after") ?? 1)); // told to slow down
  return ask(path, method, headers, body, tries - 1);
}

// What a JSON pointer leads to; absent and null mean the same.
const find = (body, pointer) =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((value, key) => value?.[key], body) ?? null;

const typeOf = (value) =>
  Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;

function holds(value, expected) {
  if ("equals" in expected) return isDeepStrictEqual(value, expected.equals);
  if ("matches" in expected)
    return typeof value === "string" && new RegExp(expected.matches).test(value);
  if ("type" in expected) return value !== null && typeOf(value) === expected.type;
  return "absent" in expected && value === null;
}

async function check({ request, expect }) {
  const { method, path, headers, body, repeat_with: again } = request;
  let answer = await ask(path, method, headers, body);
  if (Object.keys(again).length) {
    const more = Object.entries(again).map(([name, of]) => [name, answer.headers.get(of) ?? ""]);
    answer = await ask(path, method, { ...headers, ...Object.fromEntries(more) }, body);
  }
  assert.equal(answer.status, expect.status);
  const [mediaType] = (answer.headers.get("content-type") ?? "").split(";");
  if (expect.media_type) assert.equal(mediaType, expect.media_type);
  for (const expected of expect.headers) {
    const value = answer.headers.get(expected.name);
    assert.ok(holds(value, expected), `${value}, expected ${JSON.stringify(expected)}`);
  }
  const content = expect.body.length ? JSON.parse(answer.text) : null;
  for (const expected of expect.body) {
    const value = JSON.stringify(find(content, expected.pointer)).slice(0, 99);
    const said = `${value}, expected ${JSON.stringify(expected)}`;
    assert.ok(holds(find(content, expected.pointer), expected), said);
  }
}

// What is found, without all that is not expected; of objects that stand for ids, the ids.
function trimmed(found, expected) {
  if (Array.isArray(expected) && Array.isArray(found))
    return found.map((entry, place) => trimmed(entry, expected[place]));
  if (typeof expected === "string") return found?.id ?? found;
  if (typeof expected !== "object" || typeof found !== "object") return found;
  const keys = Object.keys(expected);
  return Object.fromEntries(keys.map((key) => [key, trimmed(found?.[key], expected[key])]));
}

async function checkVector({ answers, result }) {
  const headers = { "Content-Type": "application/json" };
  const answer = await ask("/v1/risk-evaluations", "POST", headers, { answers });
  assert.deepEqual(trimmed(JSON.parse(answer.text), result), result);
}

async function checkIds({ path, ids, withdrawn }) {
  const found = {};
  for (const id of [...ids, ...withdrawn])
    found[id] = (await ask(path.replace("{id}", id), "HEAD")).status;
  const wanted = ids.map((id) => [id, 200]).concat(withdrawn.map((id) => [id, 410]));
  assert.deepEqual(found, Object.fromEntries(wanted));
}

const now = JSON.parse((await ask("/v1")).text);
const kit = JSON.parse(
  options.kit ? await readFile(options.kit, "utf8") : (await ask("/v1/contract-kit")).text,
);
assert.equal(kit.kit_version, 1, "this kit is newer than this script: take both anew");
const { checks, ids, vectors } = kit;
assert.ok(checks.length && ids.length && vectors.sample.length, "this kit is empty");

const bound = (version) => version && kit[version] !== now[version] && `other ${version}`;
const missing = (needs) => options.mirror && needs.length > 0 && `needs ${needs}`;
for (const one of checks) {
  const skip = missing(one.needs) || bound(one.bound_to);
  test(one.id, { skip }, () => check(one));
}
for (const group of ids.filter(({ path }) => path)) test(group.kind, () => checkIds(group));
for (const vector of vectors.sample) {
  const skip = missing(["evaluation"]) || bound("ruleset_version");
  test(vector.id, { skip }, () => checkVector(vector));
}
