/**
 * Two elements for fitness and sleep apps.
 *
 *   <script type="module" src="https://…/embed/nightcramp.js"></script>
 *   <nightcramp-relief protocol="calf-stretch" lang="en"></nightcramp-relief>
 *   <nightcramp-check lang="en" emergency-number="112"></nightcramp-check>
 *
 * The first loads all it needs before Start. The second evaluates on the device:
 * no request after load, and the page learns nothing but the outcome.
 *
 * Attributes: `lang` ("en", "ru"; else that of the page), `theme` ("dark", "light",
 * "auto"), `base` (address of the service; else where this module came from), `protocol`
 * (an id of /v1/relief-protocols), `emergency-number` (112), `share-flags` (see below).
 * Property `data`: a protocol, the rules, or a /v1/bundle, to use instead of loading.
 * `lang` and `data` may change at any time: where it is the same, all goes on.
 *
 * Events nightcramp-ready, -start, -step {step, round}, -pause, -resume, -stop, -end,
 * -error {reason, message}, -result {level, settled; with `share-flags` flags}.
 *
 * Look: --nightcramp-background, -color, -muted, -surface, -line, -accent, -on-accent,
 * -danger, -on-danger, -font, -radius, -width, -min-height. Each class is a ::part too.
 */

import { evaluate } from "./evaluator.js";

export const VERSION = "1.0.0";

const HOME = new URL("..", import.meta.url);
const PATIENCE = 15000; // then a button to retry

const WORDS = {
  en: {
    loading: "Loading…",
    failed: "This could not be loaded. Check the connection.",
    retry: "Try again",
    doNotIf: "Do not do this if",
    minutes: "min",
    start: "Start",
    pause: "Pause",
    resume: "Resume",
    next: "Next",
    repeat: "Repeat",
    stop: "Stop",
    back: "Back",
    help: "When to get help",
    aloud: "Read aloud",
    more: "Good to know",
    step: "Step",
    round: "Round",
    of: "of",
    rest: "Rest",
    done: "Done",
    stopped: "Stopped",
    again: "Start again",
    disclaimer: "General information, not a diagnosis. In an emergency call for help.",
    check: "Check the warning signs",
    stays: "Your answers stay on this device and are not stored.",
    call: "Call",
    yes: "Yes",
    no: "No",
    unknown: "I don’t know",
    restNo: "No to the rest",
    skipped: "No answer counts as “I don’t know”.",
    now: "Show the result now",
    answers: "Your answers",
    presumed: "Counted without an answer: waiting could be dangerous.",
    open: "Not settled: what is open could still lead to",
    leftOpen: "Left open, and who may know",
    goOn: "Answer more questions",
  },
  ru: {
    loading: "Загружаем…",
    failed: "Не удалось загрузить. Проверьте связь.",
    retry: "Попробовать ещё раз",
    doNotIf: "Не делайте этого, если",
    minutes: "мин",
    start: "Начать",
    pause: "Пауза",
    resume: "Продолжить",
    next: "Дальше",
    repeat: "Ещё раз",
    stop: "Стоп",
    back: "Назад",
    help: "Когда нужна помощь",
    aloud: "Читать вслух",
    more: "Полезно знать",
    step: "Шаг",
    round: "Подход",
    of: "из",
    rest: "Отдых",
    done: "Готово",
    stopped: "Остановлено",
    again: "Начать заново",
    disclaimer: "Общая информация, не диагноз. В неотложном случае звоните за помощью.",
    check: "Проверьте тревожные признаки",
    stays: "Ответы остаются на этом устройстве и не сохраняются.",
    call: "Позвонить",
    yes: "Да",
    no: "Нет",
    unknown: "Не знаю",
    restNo: "На остальное — нет",
    skipped: "Пропуск считается ответом «не знаю».",
    now: "Показать результат сейчас",
    answers: "Ваши ответы",
    presumed: "Учтено без ответа: ждать может быть опасно.",
    open: "Это не окончательно. Без остальных ответов не исключено",
    leftOpen: "Без ответа, и кто может знать",
    goOn: "Ответить на другие вопросы",
  },
};

const NAMES = ["background", "color", "muted", "surface", "line", "accent", "on-accent"];
const colours = (...values) =>
  [...NAMES, "danger", "on-danger"]
    .map((name, place) => `--_${name}: var(--nightcramp-${name}, ${values[place]});`)
    .join("");
const DARK = colours(
  ...["#10141c", "#f1dfc8", "#b9a58c", "#1a202c", "#6b7488", "#e8833a", "#1c0f04"],
  ...["#8f1d16", "#fff4ec"],
);
const LIGHT = colours(
  ...["#faf6f0", "#2b2118", "#665646", "#f0e8dc", "#857764", "#9c4a0c", "#fff"],
  ...["#a3211a", "#fff"],
);

const STYLES = new CSSStyleSheet();
STYLES.replaceSync(`
:host {
  display: block; color-scheme: dark; ${DARK} --_radius: var(--nightcramp-radius, .75rem);
  background: var(--_background); color: var(--_color);
  font: 1.125rem/1.5 var(--nightcramp-font, system-ui, sans-serif);
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; ${LIGHT} }
@media (prefers-color-scheme: light) {
  :host([theme="auto"]) { color-scheme: light; ${LIGHT} }
}
* { box-sizing: border-box; margin: 0; }
.screen, form, fieldset, .box, .small, .flag, .now, .emergency { display: grid; gap: 1.25rem; }
.screen {
  align-content: start; margin: auto; padding: 1.25rem 1rem; overflow-wrap: anywhere;
  max-width: var(--nightcramp-width, 34rem); min-height: var(--nightcramp-min-height);
}
h2 { font-size: 1.5rem; line-height: 1.2; }
h3 { font-size: 1.25rem; line-height: 1.2; }
h2 + .muted { margin-top: -.75rem; }
ul { padding-left: 1.1em; }
li + li { margin-top: .6em; }
.box, .emergency { padding: 1.125rem; border-radius: var(--_radius); background: var(--_surface); }
.alert { border-left: .3rem solid var(--_accent); }
.muted, .small, summary, .link { color: var(--_muted); }
.small { font-size: .9375rem; }
button, .call, .choice, [type="number"] {
  min-height: 3.25rem; padding: .6rem; font: inherit; line-height: 1.2; color: inherit;
  border: 1px solid var(--_line); border-radius: var(--_radius);
}
button, .call, [type="number"] { background: var(--_surface); font-weight: 600; }
button, .call, .choice, summary { cursor: pointer; touch-action: manipulation; }
.primary {
  min-height: 4rem; font-size: 1.25rem; background: var(--_accent); color: var(--_on-accent);
}
.link { background: none; border: 0; font-weight: 400; text-decoration: underline; }
[aria-pressed="true"]::before { content: "✓ "; }
.buttons, .choices, .controls, .run { display: flex; flex-wrap: wrap; gap: .75rem; }
.buttons > *, .controls > *, .choice { flex: 1 1 auto; overflow-wrap: normal; }
.buttons > .primary, .controls > .buttons, .tall > *, [open] { flex-basis: 100%; }
:focus-visible { outline: .2rem solid; outline-offset: .2rem; }
summary { padding-block: .75rem; }

.running { max-width: var(--nightcramp-width, 44rem); }
.run { place-content: center; }
.picture { flex: 5 1 10rem; --nc-accent: var(--_accent); }
.picture svg { width: 100%; height: 100%; max-height: 40vh; }
.now { gap: .5rem; }
.glance, .emergency h2 { font-size: 2rem; }
.dial { flex: 1 0 7rem; max-width: 14rem; }
.dial circle { fill: none; stroke: var(--_surface); stroke-width: 5; }
.dial text { fill: var(--_color); font-weight: 600; font-variant-numeric: tabular-nums; }
.dial .gone {
  stroke: var(--_accent); stroke-dasharray: 1; transition: stroke-dashoffset 1s linear;
}
@media (min-width: 22rem) and (min-height: 44rem) {
  .controls { position: sticky; bottom: 0; padding-block: .75rem; background: var(--_background); }
}
@media (prefers-reduced-motion: reduce) {
  * { animation: none !important; transition: none !important; }
}

fieldset { min-width: 0; padding: 0; border: 0; }
legend { padding: 0; margin-bottom: .6rem; }
.group { gap: 1.75rem; }
.group > legend { margin-bottom: 1.25rem; }
.choices { gap: .5rem; align-items: center; }
.choice { display: flex; gap: .5rem; align-items: center; }
.choice:has(:checked) { border-color: var(--_accent); background: var(--_surface); }
.choice input { flex: none; width: 1.2rem; height: 1.2rem; accent-color: var(--_accent); }
[type="number"] { width: 7rem; }
.flag { gap: .5rem; }
.call { display: grid; place-items: center; text-decoration: none; }
.emergency { background: var(--_danger); color: var(--_on-danger); }
.emergency .call {
  min-height: 4.5rem; background: var(--_on-danger); color: var(--_danger); font-size: 1.625rem;
}
`);

/** An element; on… listens, a class is a part as well. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else element.setAttribute(name, value);
    if (name === "class") element.setAttribute("part", value);
  }
  // Strings become text nodes, never markup.
  element.append(...children.filter(Boolean));
  return element;
}

const paragraph = (text, look = "text") => text && make("p", { class: look }, text);
const list = (texts) => make("ul", {}, ...texts.map((text) => make("li", {}, text)));
const heading = (text, look = "heading") =>
  make("h2", { id: "heading", class: look, tabindex: -1 }, text);
const more = (title, ...children) =>
  make("details", {}, make("summary", {}, title), ...children);
const byId = (items, id) => items.find((item) => item.id === id);
const buttons = (...children) => make("div", { class: "buttons" }, ...children);

/** An SVG text as elements, so that currentColor works; nothing in them runs or loads. */
function drawing(text) {
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (svg.localName !== "svg") throw new Error("not an SVG picture");
  for (const node of [svg, ...svg.querySelectorAll("*")]) {
    const foreign = node.namespaceURI !== svg.namespaceURI;
    if (foreign || /^(script|style|set|animate)/.test(node.localName)) node.remove();
    for (const { name, value } of [...node.attributes]) {
      const reaches = /href$/.test(name) ? value[0] !== "#" : /url\((?!["']?#)/.test(value);
      if (reaches || name.startsWith("on")) node.removeAttribute(name);
    }
  }
  return svg;
}

async function digest(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Embedded extends HTMLElement {
  static observedAttributes = ["lang", "base", "protocol"];

  constructor() {
    super();
    this.screen = make("div", { part: "screen" });
    this.frame = make("div", {}, this.screen);
    // Unlike a style element, a constructed sheet passes any CSP.
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [STYLES];
    this.shadowRoot.append(this.frame);
  }

  connectedCallback() {
    // What was set before this module came hides the accessor.
    const early = Object.getOwnPropertyDescriptor(this, "data");
    if (early && delete this.data) this.data = early.value;
    if (!this.content) this.loadSoon();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected) return;
    if (name !== "lang") this.content = null;
    this.loadSoon();
  }

  set data(data) {
    this.given = data;
    if (this.isConnected) this.loadSoon();
  }

  loadSoon() {
    this.loading ??= Promise.resolve().then(() => this.load());
  }

  async load() {
    const turn = (this.turn = {});
    this.loading = null;
    const language = this.askedLanguage();
    if (!this.content) {
      this.reset();
      this.speakIn(language);
      this.draw([paragraph(this.words.loading, "muted")]);
    }
    try {
      const content = await this.read(language);
      if (turn !== this.turn) return;
      const same = this.content && this.fits(content);
      this.content = content;
      this.speakIn(content.language ?? language);
      if (!same) this.reset();
      this.render();
      if (!same) this.tell("ready");
    } catch (error) {
      if (turn !== this.turn) return;
      // What is on the screen stays: better the other language than nothing.
      if (!this.content) this.renderFailure();
      this.tell("error", { reason: "load", message: String(error) });
    }
  }

  askedLanguage() {
    const { lang } = this.closest("[lang]") ?? document.documentElement;
    return /^ru\b/i.test(lang) ? "ru" : "en";
  }

  speakIn(language) {
    this.frame.lang = language;
    this.words = WORDS[language] ?? WORDS.en;
  }

  async get(path, kind = "json") {
    const base = this.getAttribute("base")?.replace(/\/?$/, "/") ?? HOME;
    const answer = await fetch(new URL(path, new URL(base, document.baseURI)), {
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    return answer[kind]();
  }

  /** The focus stays on what has the same id. */
  draw(nodes, look = "") {
    const focused = this.shadowRoot.activeElement?.id;
    this.screen.className = `screen ${look}`;
    this.screen.replaceChildren(...nodes.filter(Boolean));
    if (focused) this.shadowRoot.getElementById(focused)?.focus();
  }

  turnTo() {
    this.render();
    if (this.getBoundingClientRect().top < 0) this.scrollIntoView();
    this.shadowRoot.getElementById("heading").focus({ preventScroll: true });
  }

  again() {
    this.reset();
    this.turnTo();
  }

  async retry() {
    await this.load();
    this.shadowRoot.querySelector("h2, button").focus();
  }

  renderFailure() {
    const retry = this.button("retry", () => this.retry(), "primary");
    this.draw([make("p", { role: "alert" }, this.words.failed), retry, this.call?.()]);
  }

  button(id, onclick, look = "button") {
    return make("button", { id, type: "button", class: look, onclick }, this.words[id]);
  }

  small() {
    const { disclaimer = this.words.disclaimer, clinical_review, attribution } = this.content;
    const texts = [disclaimer, clinical_review, attribution?.text];
    return make("div", { class: "small" }, ...texts.map((text) => paragraph(text)));
  }

  tell(name, detail = {}) {
    const options = { detail, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent(`nightcramp-${name}`, options));
  }
}

function timeline(steps) {
  const phases = [];
  for (const [place, step] of steps.entries()) {
    for (let round = 1; round <= step.repeat; round += 1) {
      const phase = { step, place, round, seconds: step.seconds };
      phases.push(phase);
      if (round < step.repeat && step.rest_seconds) {
        phases.push({ ...phase, seconds: step.rest_seconds, rest: true });
      }
    }
  }
  return phases;
}

class Relief extends Embedded {
  #state = "start"; // then running, paused, and done or stopped
  #phases;
  #at = 0;
  #spent = 0; // milliseconds of the phase
  #seen;
  #timer;
  #aloud = false;
  #lock;
  #spots;

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#seenAgain);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#seenAgain);
    if (this.#state === "running") this.#pause();
  }

  async read(language) {
    const id = this.getAttribute("protocol");
    let [protocol, about] = [this.given, this.given];
    if (protocol?.relief_protocols) {
      protocol = byId(protocol.relief_protocols, id);
    } else if (!protocol) {
      const paths = [`v1/relief-protocols/${encodeURIComponent(id)}`, "v1"];
      [protocol, about] = await Promise.all(
        paths.map((path) => this.get(`${path}?lang=${language}`)),
      );
    }
    const pictures = await Promise.all(
      protocol.steps.map((step) => step.illustration && this.#picture(step.illustration)),
    );
    const { disclaimer, clinical_review } = about;
    return { ...protocol, disclaimer, clinical_review, pictures };
  }

  /** Undefined if it cannot be had: the words are enough to go by. */
  async #picture({ href, alt, sha256 }) {
    try {
      const bytes = await this.get(href, "arrayBuffer");
      // Only secure pages have crypto.subtle.
      if (sha256 && globalThis.crypto?.subtle && (await digest(bytes)) !== sha256) {
        throw new Error(`not the picture that was meant: ${href}`);
      }
      const svg = drawing(new TextDecoder().decode(bytes));
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", alt);
      return svg;
    } catch (error) {
      this.tell("error", { reason: "illustration", message: String(error) });
    }
  }

  fits({ id, total_seconds }) {
    return id === this.content.id && total_seconds === this.content.total_seconds;
  }

  reset() {
    this.#leave("start");
  }

  render() {
    const { words, content } = this;
    this.#phases = timeline(content.steps);
    if (this.#state === "start") this.#renderStart();
    else if (["done", "stopped"].includes(this.#state)) this.#renderEnd();
    else this.#renderRunning();
  }

  #help() {
    return more(this.words.help, list(this.content.stop_when));
  }

  #voice() {
    if (!globalThis.speechSynthesis) return "";
    const toggle = this.button("aloud", () => {
      this.#hush();
      this.#aloud = !this.#aloud;
      toggle.setAttribute("aria-pressed", this.#aloud);
      if (this.#state === "running") this.#speak();
    }, "link");
    toggle.setAttribute("aria-pressed", this.#aloud);
    return toggle;
  }

  #renderStart() {
    const { words, content } = this;
    const minutes = Math.max(1, Math.round(content.total_seconds / 60));
    this.draw([
      heading(content.title),
      paragraph(`≈ ${minutes} ${words.minutes}`, "muted"),
      make("div", { class: "box alert" }, make("h3", {}, words.doNotIf), list(content.do_not_if)),
      this.button("start", () => this.#start(), "primary"),
      this.#voice(),
      this.#help(),
      more(words.more, paragraph(content.summary), list(content.cautions ?? [])),
    ]);
  }

  #renderRunning() {
    const { content } = this;
    const circle = '<circle cx="50" cy="50" r="46" pathLength="1"';
    const ring = drawing(
      `<svg xmlns="http://www.w3.org/2000/svg" role="none" viewBox="0 0 100 100">
        ${circle}/>${circle} class="gone" transform="rotate(-90 50 50)"/>
        <text x="50" y="63" font-size="36" text-anchor="middle"/>
      </svg>`,
    );
    const toggle = () => (this.#state === "running" ? this.#pause() : this.#resume());
    const spots = (this.#spots = {
      picture: make("div", { class: "picture" }),
      where: paragraph(" ", "muted"),
      glance: heading("", "glance"),
      text: paragraph(" "),
      digits: ring.lastElementChild,
      gone: ring.children[1],
      pause: this.button("pause", toggle, "primary"),
      next: this.button("next", () => this.#goTo(this.#phase.place + 1)),
    });
    const dial = make("div", { class: "dial", role: "timer" }, ring);
    // Not the seconds: a screen reader would never be still.
    const polite = { class: "now", "aria-live": "polite", "aria-atomic": true };
    const live = make("div", polite, spots.where, spots.glance, spots.text);
    const pictured = content.pictures.some(Boolean);
    this.draw(
      [
        live,
        make("div", { class: "run" }, pictured && spots.picture, dial),
        make(
          "div",
          { class: "controls" },
          buttons(
            spots.pause,
            this.button("repeat", () => this.#goTo(this.#phase.place)),
            spots.next,
            this.button("stop", () => this.#end("stopped")),
          ),
          this.#help(),
          this.#voice(),
        ),
      ],
      pictured && "running",
    );
    this.#paint();
  }

  #renderEnd() {
    const { words, content } = this;
    const help = this.#help();
    // Who stops may have a reason that is in this list.
    help.open = this.#state === "stopped";
    this.draw([
      heading(words[this.#state]),
      paragraph(content.what_to_expect),
      this.button("again", () => this.again()),
      help,
      this.small(),
    ]);
  }

  #start() {
    this.#state = "running";
    this.tell("start");
    this.turnTo();
    this.#goTo(0);
  }

  #run() {
    this.#state = "running";
    this.#seen = Date.now();
    this.#stayAwake(true);
    this.#tick();
  }

  /** Catch up with the clock: a browser may call late. */
  #tick() {
    clearTimeout(this.#timer);
    const now = Date.now();
    // A clock that was set back takes nothing away.
    this.#spent += Math.max(0, now - this.#seen);
    this.#seen = now;
    const before = this.#at;
    while (this.#spent >= this.#phase.seconds * 1000) {
      this.#spent -= this.#phase.seconds * 1000;
      this.#at += 1;
      if (!this.#phase) return this.#end("done");
      this.#tellStep();
    }
    if (this.#at !== before) this.#enter();
    this.#paintTime();
    this.#timer = setTimeout(() => this.#tick(), 1000 - (this.#spent % 1000));
  }

  get #phase() {
    return this.#phases[this.#at];
  }

  #tellStep() {
    const { step, round, rest } = this.#phase;
    if (!rest) this.tell("step", { step: step.id, round });
  }

  #enter() {
    this.#paint();
    navigator.vibrate?.(200);
    this.#speak();
  }

  #paint() {
    const { words, content } = this;
    const { place, step, round, rest } = this.#phase;
    const { picture, where, glance, text, next } = this.#spots;
    const steps = content.steps.length;
    const places = [
      steps > 1 && `${words.step} ${place + 1} ${words.of} ${steps}`,
      step.repeat > 1 && `${words.round} ${round} ${words.of} ${step.repeat}`,
    ];
    where.textContent = places.filter(Boolean).join(" · ");
    glance.textContent = rest ? words.rest : step.glance;
    text.textContent = rest ? `${words.next}: ${step.glance}` : step.text;
    picture.replaceChildren(...[content.pictures[place]].filter(Boolean));
    next.textContent = place + 1 < steps ? words.next : words.done;
    this.#paintTime();
  }

  #paintTime() {
    const { seconds } = this.#phase;
    const { digits, gone, pause } = this.#spots;
    const running = this.#state === "running";
    const left = Math.ceil(seconds - this.#spent / 1000);
    const clock = [Math.floor(left / 60), String(left % 60).padStart(2, "0")];
    digits.textContent = seconds < 100 ? left : clock.join(":");
    gone.style.strokeDashoffset = Math.min(1, (this.#spent / 1000 + running) / seconds);
    pause.textContent = running ? this.words.pause : this.words.resume;
  }

  #pause() {
    this.#tick();
    if (this.#state !== "running") return;
    this.#leave("paused", this.#at, this.#spent);
    this.#paintTime();
    this.tell("pause");
  }

  #resume() {
    this.tell("resume");
    this.#run();
  }

  #goTo(place) {
    const at = this.#phases.findIndex((phase) => phase.place === place);
    if (at < 0) return this.#end("done");
    if (this.#state === "paused") this.tell("resume");
    this.#leave("running", at);
    this.#tellStep();
    this.#enter();
    this.#run();
  }

  #end(state) {
    this.#leave(state);
    this.tell(state === "done" ? "end" : "stop");
    this.turnTo();
  }

  /** For another state: what goes on while running is over. */
  #leave(state, at = 0, spent = 0) {
    clearTimeout(this.#timer);
    this.#stayAwake(false);
    this.#hush();
    [this.#state, this.#at, this.#spent] = [state, at, spent];
  }

  #speak() {
    if (!this.#aloud) return;
    const { step, rest } = this.#phase;
    const words = new SpeechSynthesisUtterance(rest ? this.words.rest : step.speech ?? step.text);
    words.lang = this.frame.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(words);
  }

  #hush() {
    if (this.#aloud) speechSynthesis.cancel();
  }

  #stayAwake(wanted) {
    this.#lock?.then((lock) => lock?.release());
    // It may be refused.
    this.#lock = wanted ? navigator.wakeLock?.request("screen").catch(() => null) : null;
  }

  #seenAgain = () => {
    if (document.visibilityState !== "visible" || this.#state !== "running") return;
    // The browser took the lock back when the page was hidden.
    this.#stayAwake(true);
    this.#tick();
  };
}

class Check extends Embedded {
  #kept; // answers, by question; private to keep them from the page
  #view; // start, questions or result
  #at; // which of the screens of #walk is shown

  constructor() {
    super();
    // What is typed and chosen is nobody's business outside.
    for (const type of ["beforeinput", "input", "change", "keydown", "keypress", "keyup"]) {
      this.frame.addEventListener(type, (event) => {
        if (event.target.localName === "input") event.stopPropagation();
      });
    }
  }

  async read(language) {
    const rules = this.given ?? (await this.get(`v1/risk-rules?lang=${language}`));
    const content = rules.risk_rules?.[0] ?? rules;
    evaluate(content, {}); // better an error now than after the questions
    return content;
  }

  fits({ ruleset_version }) {
    return ruleset_version === this.content.ruleset_version;
  }

  reset() {
    this.#kept = {};
    this.#view = "start";
    this.#at = 0;
  }

  /**
   * The interview by the answers that are kept, up to the first screen that is not
   * complete. An answer that applies no longer is kept but does not count.
   */
  #walk() {
    const screens = [];
    const answers = {};
    for (;;) {
      const result = evaluate(this.content, answers);
      const asked = result.next_questions.map(({ id }) => id);
      const over = !asked.length || result.urgency.level === "emergency";
      if (over) return { screens, answers, result };
      const ofFirst = ({ questions }) => questions.some(({ id }) => id === asked[0]);
      const { stem, stage, questions: all } = this.content.groups.find(ofFirst);
      const questions = all.filter(({ id }) => asked.includes(id));
      screens.push({ stem, stage, questions });
      const given = questions.filter(({ id }) => this.#kept[id] !== undefined);
      for (const { id } of given) answers[id] = this.#kept[id];
      if (given.length < questions.length) {
        return { screens, answers, result: evaluate(this.content, answers) };
      }
    }
  }

  render() {
    if (this.#view === "start") this.#renderStart();
    else if (this.#view === "result") this.#renderResult();
    else this.#renderQuestions();
  }

  #go(view, at = this.#at) {
    this.#view = view;
    this.#at = at;
    this.turnTo();
    if (view !== "result") return;
    const { urgency, flags } = this.#walk().result;
    const detail = { level: urgency.level, settled: urgency.settled };
    if (this.hasAttribute("share-flags")) detail.flags = flags.map(({ id }) => id);
    this.tell("result", detail);
  }

  call() {
    const number = this.getAttribute("emergency-number") || "112";
    const href = `tel:${number.replace(/[^\d+*#]/g, "")}`;
    return make("a", { id: "call", class: "call", href }, `${this.words.call} ${number}`);
  }

  #renderStart() {
    this.draw([
      heading(this.words.check),
      paragraph(this.words.stays),
      this.button("start", () => this.#go("questions"), "primary"),
      this.call(),
      this.small(),
    ]);
  }

  #renderQuestions() {
    const { words } = this;
    const { screens, result } = this.#walk();
    this.#at = Math.min(this.#at, screens.length - 1);
    const { stem, stage, questions } = screens[this.#at];
    const { level } = result.urgency;
    // Never a word of self-care before the end.
    const soFar = ["same_day", "see_doctor_soon"].includes(level) && this.#level(level).title;
    const binary = questions.filter(({ type }) => type === "yes_no");
    const onsubmit = (event) => {
      event.preventDefault();
      this.#next(questions);
    };
    const back = () => (this.#at ? this.#go("questions", this.#at - 1) : this.#go("start"));
    const next = make("button", { id: "next", class: "primary" }, words.next);
    const form = make(
      "form",
      { autocomplete: "off", onsubmit },
      make(
        "fieldset",
        { class: "group" },
        make("legend", {}, heading(stem)),
        ...questions.map((question) => this.#question(question)),
      ),
      // Not for signs of danger.
      stage > 1 && binary.length > 1 && this.button("restNo", () => this.#sayNo(binary)),
      buttons(next, this.button("back", back)),
    );
    this.draw([
      soFar && paragraph(soFar, "box alert"),
      form,
      paragraph(words.skipped, "muted"),
      this.button("now", () => form.reportValidity() && this.#go("result"), "link"),
    ]);
  }

  #question(question) {
    const { words } = this;
    const { id, text, type } = question;
    const choice = (value, label, kind = "radio") => {
      const input = make("input", { type: kind, id: `${id}-${value}`, name: id, value });
      input.checked = this.#kept[id] === value;
      return make("label", { class: "choice" }, input, label);
    };
    const choices = {
      yes_no: () => [choice("yes", words.yes), choice("no", words.no)],
      choice: () => question.choices.map(({ value, label }) => choice(value, label)),
      number: () => this.#number(question),
    };
    const oninput = ({ target, currentTarget }) => {
      this.#kept[id] = target.value;
      if (type !== "number") return;
      // The number and the box beside it: each empties the other.
      const [number, box] = currentTarget.querySelectorAll("input");
      if (target === number) box.checked = false;
      else number.value = "";
      const known = number.value && number.validity.valid ? Number(number.value) : undefined;
      this.#kept[id] = box.checked ? "unknown" : known;
    };
    return make(
      "fieldset",
      { class: "question" },
      make("legend", { id: `${id}-text` }, text),
      make(
        "div",
        { class: type === "choice" ? "choices tall" : "choices", oninput },
        ...choices[type](),
        choice("unknown", words.unknown, type === "number" ? "checkbox" : "radio"),
      ),
    );
  }

  #number({ id, minimum: min, maximum: max, unit_label }) {
    const names = { "aria-labelledby": `${id}-text`, "aria-describedby": `${id}-unit` };
    const type = { type: "number", inputmode: "decimal", min, max, step: "any" };
    const input = make("input", { id: `${id}-number`, ...type, ...names });
    if (this.#kept[id] !== "unknown") input.value = this.#kept[id] ?? "";
    const limits = `${unit_label} (${min}–${max})`;
    return [input, make("span", { id: `${id}-unit`, class: "muted" }, limits)];
  }

  /** For all to see, before Next is pressed. */
  #sayNo(questions) {
    for (const { id } of questions) this.#kept[id] ??= "no";
    this.render();
    this.shadowRoot.getElementById("next").focus();
  }

  #next(questions) {
    // Asked and not answered is unknown, never a no.
    for (const { id } of questions) this.#kept[id] ??= "unknown";
    const at = this.#at + 1;
    this.#go(at < this.#walk().screens.length ? "questions" : "result", at);
  }

  #level(id) {
    return byId(this.content.levels, id);
  }

  #renderResult() {
    const { words, content } = this;
    const { screens, answers, result } = this.#walk();
    const { level, could_reach, settled } = result.urgency;
    const { title, summary, safety_net } = this.#level(level);
    const emergency = level === "emergency";
    const reasons = result.flags
      .filter(({ urgency }) => !emergency || urgency === level)
      .sort((a, b) => this.#level(b.urgency).rank - this.#level(a.urgency).rank)
      .map((flag) => this.#flag(flag));
    const warnings = result.warnings.map((id) => byId(content.consistency_checks, id));
    const open = !settled && `${words.open}: ${this.#level(could_reach).title}`;
    const last = () => this.#go("questions", screens.length - 1);
    this.draw([
      make(
        "div",
        { class: emergency ? "emergency" : "box alert" },
        heading(title),
        ...(emergency ? [this.call(), ...reasons] : [paragraph(summary), paragraph(open, "open")]),
      ),
      result.next_questions.length > 0 && this.button("goOn", last, "primary"),
      ...warnings.map(({ message }) => paragraph(message, "box")),
      ...(emergency ? [] : reasons),
      paragraph(safety_net, "box"),
      !emergency && this.call(),
      ...this.#told(answers),
      buttons(this.button("back", last), this.button("again", () => this.again())),
      this.small(),
    ]);
  }

  #flag({ id, presumed }) {
    const { flags, routes } = this.content;
    const { title, action, route } = byId(flags, id);
    const label = route !== "none" && make("strong", {}, `${byId(routes, route).label}. `);
    return make(
      "div",
      { class: "flag" },
      make("h3", {}, title),
      make("p", {}, label, action),
      presumed && paragraph(this.words.presumed),
    );
  }

  /** Answers but for harmless ones, and what is open. */
  #told(answers) {
    const { words, content } = this;
    const [told, open] = [[], []];
    for (const { questions, who_knows } of content.groups) {
      for (const { id, text, negative, choices, unit_label = "" } of questions) {
        const answer = answers[id];
        const label = choices.find(({ value }) => value === answer)?.label ?? words[answer];
        if (answer === "unknown") open.push(`${text} ${who_knows}`);
        else if (id in answers && answer !== negative) {
          told.push(`${text} ${label ?? `${answer} ${unit_label}`}`);
        }
      }
    }
    return [
      told.length > 0 && more(words.answers, list(told)),
      open.length > 0 && more(`${words.leftOpen}: ${open.length}`, list(open)),
    ];
  }
}

for (const [name, element] of Object.entries({ relief: Relief, check: Check })) {
  // A page may have this module from two addresses.
  customElements.get(`nightcramp-${name}`) ?? customElements.define(`nightcramp-${name}`, element);
}
