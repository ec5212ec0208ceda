// The reader: passages as the edition shows them, with notes and terms on request.

export default {
  render({ model, el }) {
    const said = d963Make("span", { role: "status" });
    const send = d963Speaker(model, (words) => words && (said.textContent = words.replace("Not saved: t", "T").replace(", then answer", "")));
    const field = d963Make("input", { type: "text", autocomplete: "off" });
    const find = () => send({ type: "find", words: field.value });
    field.addEventListener("keydown", (event) => event.key === "Enter" && find());
    let at = -1;
    const step = (by) => {
      const hits = [...text.querySelectorAll(".d963-hit")];
      if (!hits.length) return;
      hits[at]?.classList.remove("d963-here");
      at = (at + by + hits.length) % hits.length;
      hits[at].classList.add("d963-here");
      hits[at].scrollIntoView({ block: "center" });
      said.textContent = `${at + 1} of ${hits.length}`;
    };
    const next = d963Button("Next", () => step(1), { "aria-label": "Next place", disabled: true });
    const before = d963Button("Back", () => step(-1), { "aria-label": "Place before", disabled: true });
    const toggle = (label, name) => d963Button(label, (event) => {
      const on = text.classList.toggle(name);
      event.currentTarget.setAttribute("aria-pressed", on);
      terms();
    }, { "aria-pressed": "false" });
    const bar = d963Make("div", { class: "d963-row" },
      d963Make("label", { text: "Find " }, field), d963Button("Find", find), before, next, said);
    const switches = d963Make("div", { class: "d963-row" }, toggle("Editors' notes", "d963-with-notes"), toggle("Terms and people", "d963-with-terms"),
      d963Button("Copy the selected words with their citation", () => copy(null)));
    const text = d963Make("div", { class: "d963-reading" });
    const aside = d963Make("div", { class: "d963-aside", role: "status" });
    d963Root(el, "reader", bar, switches, aside, text);

    function terms() {
      // A term is a button only while terms are asked for; else it is text like any other.
      const on = text.classList.contains("d963-with-terms");
      text.querySelectorAll(".d963-term").forEach((term) => {
        for (const [name, value] of [["role", "button"], ["tabindex", "0"]]) {
          if (on) term.setAttribute(name, value);
          else term.removeAttribute(name);
        }
      });
    }

    let selected = null;
    const remember = () => {
      const selection = document.getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return;
      const range = selection.getRangeAt(0);
      const passage = (range.startContainer.parentElement || el).closest("[data-passage]");
      if (!passage || !text.contains(passage)) return;
      const words = range.cloneContents();
      words.querySelectorAll(".d963-page, sup, .d963-about").forEach((mark) => mark.remove());
      selected = { id: passage.dataset.passage, words: words.textContent.replace(/\s+/g, " ").trim() };
    };
    document.addEventListener("selectionchange", remember);

    async function copy(whole) {
      const chosen = whole || selected;
      if (!chosen) return void (aside.textContent = "Select words in the text first.");
      const cite = model.get("passages").find((passage) => passage.id === chosen.id).cite;
      const quotation = `“${chosen.words}” ${cite}`;
      const shown = d963Make("textarea", { readonly: true, rows: "3", "aria-label": "Quotation with its citation" });
      shown.value = quotation;
      let copied = true;
      try {
        await navigator.clipboard.writeText(quotation);
      } catch {
        copied = false;
      }
      aside.replaceChildren(d963Make("p", { text: copied ? "Copied:" : "Copy this:" }), shown);
      if (!copied) shown.select();
    }

    function show() {
      at = -1;
      text.replaceChildren(...model.get("passages").map(({ id, html, entries }) => {
        const passage = d963Make("div", { "data-passage": id, html });
        passage.querySelectorAll(".d963-term").forEach((term) => {
          const open = (event) => {
            if (!text.classList.contains("d963-with-terms") || (event.key && !["Enter", " "].includes(event.key))) return;
            event.preventDefault();
            const [title, words] = entries[term.dataset.entry];
            aside.replaceChildren(d963Make("p", {}, d963Make("strong", { text: `${title}. ` }), words));
          };
          term.addEventListener("click", open);
          term.addEventListener("keydown", open);
        });
        const words = () => {
          const copy = passage.querySelector(".d963-text").cloneNode(true);
          copy.querySelectorAll(".d963-page, sup").forEach((mark) => mark.remove());
          return copy.textContent.replace(/\s+/g, " ").trim();
        };
        passage.querySelector(".d963-about").append(" ", d963Button("Copy", () => copy({ id, words: words() }), { class: "d963-link", "aria-label": `Copy ${id} with its citation` }));
        return passage;
      }));
      terms();
    }
    const hits = () => {
      const { number = 0, said: words = "" } = model.get("hits");
      said.textContent = words;
      next.disabled = before.disabled = !number;
      if (number) step(1);
      if (words) said.textContent = number ? `${words} Showing 1 of ${number}.` : words;
    };
    model.on("change:passages", show);
    model.on("change:hits", hits);
    show();
    return () => {
      document.removeEventListener("selectionchange", remember);
      model.off("change:passages", show);
      model.off("change:hits", hits);
      send.end();
    };
  },
};
