// The inputs of a question card, by kind. Each is drawn once and returns `show(response)`, which
// redraws it.

const d963Inputs = {
  choice: (host, asked, save) => {
    const name = d963Id("choice");
    const buttons = d963Options(host, asked.options, (value) => d963Make("input", { type: "radio", name, value, onchange: () => save(value) }));
    return (response) => buttons.forEach((button) => (button.checked = button.value === response));
  },
  choices: (host, asked, save) => {
    const boxes = d963Options(host, asked.options, (value) =>
      d963Make("input", { type: "checkbox", value, onchange: () => save(boxes.filter((box) => box.checked).map((box) => box.value)) }));
    return (response) => boxes.forEach((box) => (box.checked = (response || []).includes(box.value)));
  },
  passages: (host, asked, save) => d963Inputs.choices(host.appendChild(d963Make("div", { class: "d963-options d963-side" })), asked, save),
  match: (host, asked, save) => {
    const given = () => Object.fromEntries(menus.filter((menu) => menu.value).map((menu) => [menu.name, menu.value]));
    const pairs = d963Make("div", { class: "d963-pairs" });
    const menus = asked.items.map(([item, label]) => {
      const id = d963Id("match");
      const menu = d963Make("select", { id, name: item, onchange: () => save(given()) }, d963Make("option", { value: "", text: "— choose —" }),
        ...asked.options.map(([value, , words]) => d963Make("option", { value, text: `${value}. ${words}` })));
      pairs.append(d963Make("label", { for: id, html: label }), menu);
      return menu;
    });
    host.append(pairs);
    return (response) => menus.forEach((menu) => (menu.value = (response || {})[menu.name] || ""));
  },
  order: (host, asked, save) => {
    const list = d963Make("ol", { class: "d963-order" });
    let sequence = asked.items.map(([item]) => item);
    const words = Object.fromEntries(asked.items.map(([item, label, plain]) => [item, { label, plain }]));
    const move = (place, step) => {
      sequence.splice(place + step, 0, sequence.splice(place, 1)[0]);
      draw();
      save([...sequence]);
      const there = list.children[place + step].querySelectorAll("button");
      const [up, down] = there;
      (step < 0 ? (up.disabled ? down : up) : down.disabled ? up : down).focus();
    };
    const draw = () => list.replaceChildren(...sequence.map((item, place) => d963Make("li", {},
      d963Button("↑", () => move(place, -1), { disabled: place === 0, "aria-label": `Move up: ${words[item].plain}` }),
      d963Button("↓", () => move(place, 1), { disabled: place === sequence.length - 1, "aria-label": `Move down: ${words[item].plain}` }),
      d963Make("span", { html: words[item].label }))));
    host.append(list, d963Button("This is my order", () => save([...sequence])));
    return (response) => {
      const given = response || [];
      const before = String(sequence);
      sequence = [...given, ...asked.items.map(([item]) => item).filter((item) => !given.includes(item))];
      // The buttons stay, and the keyboard on one of them, when the order is the one seen.
      if (!list.children.length || String(sequence) !== before) draw();
    };
  },
  number: (host, asked, save) => {
    const [field, show] = d963Field("Number", save, { inputmode: "decimal" });
    host.append(d963Make("div", { class: "d963-fields" }, field, d963Make("span", { text: asked.unit || "" })));
    return (response) => show(response === null ? "" : String(response));
  },
  text: (host, asked, save) => {
    const [field, show] = d963Field("Answer", save, { style: "width: 32em" });
    host.append(field);
    return (response) => show(response ?? "");
  },
  date: (host, asked, save) => {
    const menu = (label, options) => d963Make("select", { "data-part": label, onchange: changed }, ...options.map(([value, text]) => d963Make("option", { value, text })));
    const given = () => {
      const parts = [year.value.trim(), month.value, month.value && day.value].filter(Boolean);
      return parts.length ? { date: parts.join("-"), relation: relation.value } : null;
    };
    const changed = () => save(given());
    const two = (n) => String(n).padStart(2, "0");
    const unknown = ["", "not known"];
    const relation = menu("When", asked.relations);
    const day = menu("Day", [unknown, ...Array.from({ length: 31 }, (_, n) => [two(n + 1), String(n + 1)])]);
    const month = menu("Month", [unknown, ...asked.months.map((name, n) => [two(n + 1), name])]);
    const [yearField, showYear, year] = d963Field("Year", changed, { inputmode: "numeric", size: 6 });
    const labelled = (text, node) => d963Make("label", { text }, node);
    host.append(d963Make("div", { class: "d963-fields" }, labelled("When", relation), labelled("Day", day), labelled("Month", month), yearField));
    return (response) => {
      // A date half given (a day, the month still to come) stays while one is at it.
      const [seen, at] = [given(), host.contains(document.activeElement)];
      if (at && (!response || (response.date === seen?.date && response.relation === seen?.relation))) return;
      const [y = "", m = "", d = ""] = (response?.date || "").split("-");
      showYear(y);
      [month.value, day.value, relation.value] = [m, d, response?.relation || "on"];
    };
  },
  table: (host, asked, save) => {
    if (!asked.rows) {
      host.append(d963Make("p", { html: asked.how }));
      return () => {};
    }
    const cells = [];
    const changed = () => {
      const table = {};
      for (const cell of cells) if (cell.value().trim()) (table[cell.row] ??= {})[cell.column] = cell.value().trim();
      save(Object.keys(table).length ? table : null);
    };
    const body = asked.rows.map(([row, rowLabel, rowWords]) => d963Make("tr", {}, d963Make("th", { scope: "row", html: rowLabel }),
      ...asked.columns.map(([column, , columnWords]) => {
        const name = `${rowWords}: ${columnWords}`;
        let node, show;
        if (asked.cells) {
          node = d963Make("select", { "aria-label": name, onchange: changed }, ...["", ...asked.cells].map((value) => d963Make("option", { value, text: value || "— choose —" })));
          show = (value) => (node.value = value);
        } else [, show, node] = d963Field(name, changed, { "aria-label": name });
        cells.push({ row, column, show, value: () => node.value });
        return d963Make("td", {}, node);
      })));
    const head = d963Make("tr", {}, d963Make("td"), ...asked.columns.map(([, label]) => d963Make("th", { scope: "col", html: label })));
    host.append(d963Make("div", { class: "d963-scroll" }, d963Make("table", {}, d963Make("thead", {}, head), d963Make("tbody", {}, ...body))));
    return (response) => cells.forEach((cell) => cell.show(String(response?.[cell.row]?.[cell.column] ?? "")));
  },
  evidence: (host, asked, save) => {
    const control = d963Selecting(host, { passages: asked.passages, spans: [], kinds: null, onChange: save, label: "Select the words that answer the question." });
    return (response) => control.show(response || []);
  },
  claim: (host, asked, save) => {
    let given = { claim: null, evidence: [] };
    const change = (part) => (value) => save((given = { ...given, [part]: value }));
    const shows = [d963Inputs.choice(host, asked, change("claim")), d963Inputs.evidence(host, asked, change("evidence"))];
    return (response) => {
      given = response || { claim: null, evidence: [] };
      shows[0](given.claim);
      shows[1](given.evidence);
    };
  },
};

function d963Options(host, options, make) {
  const group = host.classList.contains("d963-options") ? host : host.appendChild(d963Make("div", { class: "d963-options" }));
  return options.map(([value, label]) => {
    const input = make(value);
    group.append(d963Make("label", {}, input, d963Make("span", { html: label })));
    return input;
  });
}

// A text field that saves a moment after the last key, and at once when it is left or entered.
function d963Field(label, save, attributes) {
  const input = d963Make("input", { type: "text", autocomplete: "off", ...attributes });
  let waiting = null;
  let saved = "";
  const now = () => {
    clearTimeout(waiting);
    waiting = null;
    if (input.value !== saved) save((saved = input.value));
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(now, 150);
  });
  input.addEventListener("change", now);
  const show = (value) => {
    // What is being typed is not overwritten by its own echo ("2." is saved as 2), nor what waits to
    // be saved by the echo of another field.
    if (document.activeElement !== input && waiting === null) input.value = saved = value;
  };
  return [d963Make("label", { text: `${label} ` }, input), show, input];
}
