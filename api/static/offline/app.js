// An example app: relief and the risk check from the bundle, with or without a network.
import "../../embed/nightcramp.js";

const WORDS = {
  en: {
    title: "Cramp help",
    language: "Language",
    check: "Is it only a cramp? Check",
    signs: "Warning signs",
    back: "Back",
    loading: "Loading…",
    missing: "Nothing is stored yet. Connect once to fetch the guidance.",
    offline: "No network: this is the stored copy.",
    stored: "Stored: all of this now works without a network.",
    age: (bundle) => `Content ${bundle.content_version}, ${bundle.released_on}. Review due ${bundle.validity.valid_until}.`,
  },
  ru: {
    title: "Помощь при судороге",
    language: "Язык",
    check: "Только ли это судорога? Проверить",
    signs: "Тревожные признаки",
    back: "Назад",
    loading: "Загрузка…",
    missing: "Пока ничего не сохранено. Подключитесь к сети один раз, чтобы получить материалы.",
    offline: "Сети нет: это сохранённая копия.",
    stored: "Сохранено: теперь всё это работает и без сети.",
    age: (bundle) => `Выпуск ${bundle.content_version}, ${bundle.released_on}. Пересмотр до ${bundle.validity.valid_until}.`,
  },
};
const VERDICTS = ["supported", "mixed", "contested", "unsupported"]; // the best backed first
const URGENT = ["emergency", "same_day"];
const CHOSEN = "language";
const HEARD = "heard-from-the-service";
const CONTROL = 3000; // milliseconds that a new worker has to take over
const at = (id) => document.getElementById(id);
const language = at("language");
let bundle;
let fresh;

async function show() {
  const lang = language.value;
  const words = WORDS[lang];
  document.documentElement.lang = lang;
  document.title = words.title;
  at("title").textContent = words.title;
  at("language-label").textContent = words.language;
  at("back").textContent = words.back;
  at("state").textContent = words.loading;
  for (const id of ["menu", "signs", "back"]) at(id).hidden = true;
  at("stage").replaceChildren();
  try {
    [bundle, fresh] = await read(lang);
  } catch {
    at("state").textContent = words.missing;
    return;
  }
  at("state").textContent = notice(words);
  at("disclaimer").textContent = `${bundle.disclaimer} ${bundle.clinical_review}`;
  at("age").textContent = words.age(bundle);
  menu(words);
  if (!fresh || !navigator.serviceWorker?.controller) return;
  await Promise.allSettled(bundle.illustrations.map(({ href }) => fetch(href)));
  if (lang === language.value) at("state").textContent ||= words.stored;
}

/** The bundle, from the network or as the service worker kept it: is it fresh? */
async function read(lang) {
  const answer = await fetch(`../../v1/bundle?lang=${lang}`);
  if (!answer.ok) throw new Error(answer.status);
  const found = await answer.json();
  const heard = !answer.headers.has("Kept-Copy");
  if (heard) localStorage.setItem(`${HEARD}-${lang}`, Date.now());
  return [found, heard];
}

function outOfDate() {
  const { valid_until, stale_after_seconds } = bundle.validity;
  const heard = Number(localStorage.getItem(`${HEARD}-${bundle.language}`) ?? 0);
  return Date.now() >= Date.parse(valid_until) || Date.now() - heard > stale_after_seconds * 1000;
}

/** What must be said of the copy before anything in it is followed. */
function notice(words) {
  if (outOfDate()) return bundle.validity.when_out_of_date;
  return fresh ? "" : words.offline;
}

function menu(words) {
  const during = bundle.relief_protocols
    .filter(({ when }) => when === "during")
    .sort((a, b) => VERDICTS.indexOf(a.evidence.verdict) - VERDICTS.indexOf(b.evidence.verdict));
  const entries = during.map(({ id, title }) =>
    button(title, () => open("nightcramp-relief", id)),
  );
  // Rules that may have been corrected since give no result, only the warning signs.
  if (!outOfDate()) entries.push(button(words.check, () => open("nightcramp-check")));
  at("menu").replaceChildren(...entries);
  at("signs").replaceChildren(make("h2", words.signs), ...signs());
  at("menu").hidden = false;
  at("signs").hidden = !outOfDate();
  at("back").hidden = true;
  at("stage").replaceChildren();
}

function signs() {
  return bundle.risk_flags
    .filter(({ urgency }) => URGENT.includes(urgency))
    .flatMap(({ title, action }) => [make("h3", title), make("p", action)]);
}

function make(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function button(text, act) {
  const made = make("button", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function open(name, protocol) {
  const element = document.createElement(name);
  element.lang = language.value;
  if (protocol) element.setAttribute("protocol", protocol);
  element.data = bundle;
  at("stage").replaceChildren(element);
  at("stage").focus();
  at("menu").hidden = true;
  at("back").hidden = false;
}

/** Wait until the service worker sees what is fetched: else it would not be kept. */
async function watched() {
  const workers = navigator.serviceWorker;
  const registered = workers?.register("sw.js");
  if (!workers || workers.controller) return registered?.catch(() => {});
  await registered;
  await Promise.race([
    new Promise((seen) => workers.addEventListener("controllerchange", seen, { once: true })),
    new Promise((enough) => setTimeout(enough, CONTROL)),
  ]);
}

language.value = localStorage.getItem(CHOSEN) ?? (navigator.language.startsWith("ru") ? "ru" : "en");
language.addEventListener("change", () => {
  localStorage.setItem(CHOSEN, language.value);
  show();
});
at("back").addEventListener("click", () => {
  menu(WORDS[language.value]);
  at("menu").firstElementChild.focus();
});
await watched().catch(() => {}); // without a worker it is an app that needs a network
await show();
