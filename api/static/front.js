// Sends the chosen request and shows what came back: status, validator, body.
const form = document.getElementById("request");
const outcome = document.getElementById("outcome");
const answer = document.getElementById("answer");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const response = await fetch(form.elements.path.value, {
      headers: { "Accept-Language": document.documentElement.lang },
    });
    const tag = response.headers.get("ETag") ?? "";
    outcome.textContent = `${response.status} ${response.statusText} ${tag}`;
    answer.textContent = JSON.stringify(await response.json(), null, 2);
    answer.hidden = false;
  } catch (error) {
    outcome.textContent = String(error);
    answer.hidden = true;
  }
});
