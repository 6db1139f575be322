// Shows the contract with Swagger UI, light or dark as the reader's system is.
const place = document.getElementById("contract");
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () =>
  document.documentElement.classList.toggle("dark-mode", dark.matches);

// What Swagger UI leaves unsaid to those who use a keyboard or a screen reader: names of
// regions, the order of headings, and that code which scrolls can take the focus.
const SAID = [
  [".information-container", "role", "region"],
  [".information-container", "aria-label", "About"],
  [".scheme-container", "role", "region"],
  [".scheme-container", "aria-label", "Servers"],
  ["#servers", "aria-label", "Server"],
  [".body-param__text", "aria-label", "Body"],
  ["table[role=region]", "role", "table"],
  [".opblock-tag", "aria-level", "2"],
  ["h4", "aria-level", "3"],
  ["h5", "aria-level", "4"],
  [".microlight", "tabindex", "0"],
];

function mend() {
  for (const [selector, name, value] of SAID) {
    for (const node of place.querySelectorAll(selector)) node.setAttribute(name, value);
  }
  for (const row of place.querySelectorAll("tr[data-param-name]")) {
    const input = row.querySelector("select, input");
    input?.setAttribute("aria-label", row.dataset.paramName);
  }
  // A link inside the button that opens the operation; opening it sets the address too.
  for (const link of place.querySelectorAll("button a[href]")) link.removeAttribute("href");
}

new MutationObserver(mend).observe(place, { childList: true, subtree: true });
follow();
dark.addEventListener("change", follow);
SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
