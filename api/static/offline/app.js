// An example app: relief and the risk check from the bundle, with or without a network.
import "/embed/nightcramp.js";

const WORDS = {
  en: {
    title: "Cramp help",
    language: "Language",
    check: "Is it only a cramp? Check",
    back: "Back",
    loading: "Loading…",
    missing: "Nothing is stored yet. Connect once to fetch the guidance.",
    offline: "No network: this is the stored copy.",
    age: (bundle) => `Content ${bundle.content_version}, ${bundle.released_on}. Review due ${bundle.validity.valid_until}.`,
  },
  ru: {
    title: "Помощь при судороге",
    language: "Язык",
    check: "Только ли это судорога? Проверить",
    back: "Назад",
    loading: "Загрузка…",
    missing: "Пока ничего не сохранено. Подключитесь к сети один раз, чтобы получить материалы.",
    offline: "Сети нет: это сохранённая копия.",
    age: (bundle) => `Выпуск ${bundle.content_version}, ${bundle.released_on}. Пересмотр до ${bundle.validity.valid_until}.`,
  },
};
const VERDICTS = ["supported", "mixed", "contested", "unsupported"]; // the best backed first
const HEARD = "heard-from-the-service";
const at = (id) => document.getElementById(id);
const language = at("language");
let bundle;

async function show() {
  const words = WORDS[language.value];
  document.documentElement.lang = language.value;
  document.title = words.title;
  at("title").textContent = words.title;
  at("language-label").textContent = words.language;
  at("back").textContent = words.back;
  at("state").textContent = words.loading;
  try {
    bundle = await read(language.value);
  } catch {
    at("state").textContent = words.missing;
    return;
  }
  at("state").textContent = notice(words);
  at("disclaimer").textContent = `${bundle.disclaimer} ${bundle.clinical_review}`;
  at("age").textContent = words.age(bundle);
  menu(words);
}

/** The bundle, from the network or as the service worker kept it, pictures too. */
async function read(lang) {
  const found = await (await fetch(`/v1/bundle?lang=${lang}`)).json();
  if (navigator.onLine) localStorage.setItem(HEARD, Date.now());
  await Promise.allSettled(found.illustrations.map(({ href }) => fetch(href)));
  return found;
}

/** What must be said of the copy before anything in it is followed. */
function notice(words) {
  const { valid_until, stale_after_seconds, when_out_of_date } = bundle.validity;
  const silence = (Date.now() - Number(localStorage.getItem(HEARD) ?? 0)) / 1000;
  const outOfDate = Date.now() >= Date.parse(valid_until) || silence > stale_after_seconds;
  if (outOfDate) return when_out_of_date;
  return navigator.onLine ? "" : words.offline;
}

function menu(words) {
  const during = bundle.relief_protocols
    .filter(({ when }) => when === "during")
    .sort((a, b) => VERDICTS.indexOf(a.evidence.verdict) - VERDICTS.indexOf(b.evidence.verdict));
  const entries = during.map((protocol) => button(protocol.title, () => open("nightcramp-relief", protocol)));
  entries.push(button(words.check, () => open("nightcramp-check", bundle.risk_rules[0])));
  at("menu").replaceChildren(...entries);
  at("menu").hidden = false;
  at("back").hidden = true;
  at("stage").replaceChildren();
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function open(name, data) {
  const element = document.createElement(name);
  element.lang = language.value;
  element.data = data;
  at("stage").replaceChildren(element);
  at("menu").hidden = true;
  at("back").hidden = false;
}

language.value = navigator.language.startsWith("ru") ? "ru" : "en";
language.addEventListener("change", show);
at("back").addEventListener("click", () => menu(WORDS[language.value]));
await navigator.serviceWorker?.register("sw.js");
await navigator.serviceWorker?.ready;
// What is fetched before the worker watches would not be kept.
if (navigator.serviceWorker && !navigator.serviceWorker.controller) {
  await new Promise((watched) =>
    navigator.serviceWorker.addEventListener("controllerchange", watched, { once: true }),
  );
}
await show();
