// The corroboration table: a list in every cell, and the record beside a row that is full.

export default {
  render({ model, el }) {
    const state = d963Make("div", { role: "status" });
    const send = d963Speaker(model, (words) => words && (state.textContent = words.replace(", then answer", "")), () => show());
    const choose = d963Make("select", { onchange: () => send({ type: "conflict", id: choose.value }) }, ...model.get("conflicts").map(([value, text]) => d963Make("option", { value, text })));
    const table = d963Make("table");
    d963Root(el, "corroboration", d963Make("label", { text: "Disagreement " }, choose), d963Make("div", { class: "d963-scroll", tabindex: "0", role: "region", "aria-label": "Sources against statements" }, table), state);

    let drawn = "";
    const cells = () => [...table.querySelectorAll("select")];
    const fill = () => {
      const filled = {};
      for (const cell of cells()) if (cell.value) (filled[cell.dataset.row] ??= {})[cell.dataset.column] = cell.value;
      send({ type: "fill", table: filled });
    };
    const draw = () => {
      const statements = model.get("statements");
      const options = ["", ...model.get("verdicts")];
      table.replaceChildren(
        d963Make("thead", {}, d963Make("tr", {}, d963Make("th", { scope: "col", text: "source" }), ...statements.map((text) => d963Make("th", { scope: "col", text })))),
        d963Make("tbody", {}, ...model.get("rows").map(({ id, cite }) => d963Make("tr", {},
          d963Make("th", { scope: "row" }, d963Make("details", {}, d963Make("summary", { text: id }), d963Make("small", { text: cite })), d963Make("ul", { "data-record": id, hidden: true })),
          ...statements.map((statement) => d963Make("td", {}, d963Make("select", { "aria-label": `${id} on: ${statement}`, "data-row": id, "data-column": statement, onchange: fill }, ...options.map((value) => d963Make("option", { value, text: value || "— choose —" })))))))),
      );
      drawn = model.get("conflict");
    };
    const show = () => {
      if (drawn !== model.get("conflict")) draw();
      choose.value = model.get("conflict");
      const [filled, record] = [model.get("filled"), model.get("record")];
      for (const cell of cells()) cell.value = filled[cell.dataset.row]?.[cell.dataset.column] || "";
      for (const list of table.querySelectorAll("[data-record]")) {
        const words = record[list.dataset.record] || [];
        list.hidden = !words.length;
        list.replaceChildren(...words.map((text) => d963Make("li", { text: `In the record, ${text}` })));
      }
      state.textContent = model.get("state");
    };
    const redraw = () => send.idle() && show();
    model.on("change", redraw);
    show();
    return () => {
      model.off("change", redraw);
      send.end();
    };
  },
};
