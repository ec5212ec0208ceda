// Selecting words of the text: by mouse, touch or keyboard, or by typing them.

const D963_WORD = /[\p{L}\p{N}_]+(?:[’'-][\p{L}\p{N}_]+)*/gu;
const D963_AROUND = 32; // characters kept of what stands before and after

// Text as read past the kinds of quotation marks and spaces.
function d963Straight(text) {
  return text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
}

function d963Target(passage, start, end) {
  const { id, text } = passage;
  return {
    source: id,
    selector: [
      {
        type: "TextQuoteSelector",
        exact: text.slice(start, end),
        prefix: text.slice(Math.max(0, start - D963_AROUND), start),
        suffix: text.slice(end, end + D963_AROUND),
      },
      { type: "TextPositionSelector", start, end },
    ],
  };
}

// Find typed words in the passages, as whole words.
function d963Find(passages, typed) {
  const words = d963Straight(typed).replace(/^["'\s]+|["'\s]+$/g, "").split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const before = /^[\p{L}\p{N}_]/u.test(words[0]) ? "(?<![\\p{L}\\p{N}_])" : "";
  const after = /[\p{L}\p{N}_]$/u.test(words.at(-1)) ? "(?![\\p{L}\\p{N}_])" : "";
  for (const passage of passages) {
    const found = new RegExp(before + escaped + after, "u").exec(d963Straight(passage.text));
    if (found) return d963Target(passage, found.index, found.index + found[0].length);
  }
  return null;
}

// Draw one passage word by word; `select(first, last, done)` is told what is selected.
function d963Words(passage, label, select, mark) {
  const host = d963Make("p", { class: "d963-words", tabindex: "0", role: "group", "aria-label": label });
  const words = [];
  let done = 0;
  const piece = (start, end, word) => {
    const node = d963Make("span", { text: passage.text.slice(start, end) });
    node.d963 = { start, end };
    host.append(node);
    if (word) words.push(node);
  };
  for (const found of passage.text.matchAll(D963_WORD)) {
    if (found.index > done) piece(done, found.index, false);
    done = found.index + found[0].length;
    piece(found.index, done, true);
  }
  if (done < passage.text.length) piece(done, passage.text.length, false);

  let anchor = null;
  let cursor = null;
  let dragged = false;
  const tell = (finished) => {
    words.forEach((word, place) => word.classList.toggle("d963-cursor", place === cursor));
    const [first, last] = [Math.min(anchor, cursor), Math.max(anchor, cursor)];
    select(words[first].d963.start, words[last].d963.end, finished);
  };
  host.addEventListener("mouseup", () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const inside = words.map((word, place) => (d963Covers(range, word) ? place : -1)).filter((place) => place >= 0);
    if (!inside.length) return;
    [anchor, cursor] = [inside[0], inside.at(-1)];
    selection.removeAllRanges();
    dragged = true;
    tell(true);
  });
  // A click or a tap on a word, then on another: from the one to the other.
  host.addEventListener("click", (event) => {
    const place = words.indexOf(event.target.closest?.("span"));
    if (dragged || place < 0) return void (dragged = false); // the click that ends a drag
    cursor = place;
    anchor ??= place;
    tell(false);
  });
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -Infinity, ArrowDown: Infinity };
  host.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return host.d963Clear();
    if (["Enter", " "].includes(event.key)) {
      event.preventDefault();
      if (cursor !== null) mark();
      return;
    }
    const ends = { Home: 0, End: words.length - 1 };
    if (!(event.key in steps) && !(event.key in ends)) return;
    event.preventDefault();
    const from = cursor;
    if (event.key in ends) cursor = ends[event.key];
    else if (cursor === null) cursor = 0;
    else if (Number.isFinite(steps[event.key])) cursor = Math.max(0, Math.min(words.length - 1, cursor + steps[event.key]));
    else cursor = d963Line(words, cursor, event.key === "ArrowDown");
    anchor = event.shiftKey ? (anchor ?? from ?? cursor) : cursor;
    tell(false);
  });
  host.d963Clear = () => {
    anchor = cursor = null;
    words.forEach((word) => word.classList.remove("d963-cursor"));
    select(null);
  };
  host.d963Rest = () => (anchor = null);
  return host;
}

// Whether a selection holds some of a word; to touch its end is not enough.
function d963Covers(range, word) {
  const whole = document.createRange();
  whole.setStart(word.firstChild, 0);
  whole.setEnd(word.firstChild, word.firstChild.length);
  return range.compareBoundaryPoints(Range.START_TO_END, whole) > 0 && range.compareBoundaryPoints(Range.END_TO_START, whole) < 0;
}

// The word in the next or previous line that is nearest below or above.
function d963Line(words, from, down) {
  const here = words[from].getBoundingClientRect();
  let best = from;
  let least = Infinity;
  words.forEach((word, place) => {
    const box = word.getBoundingClientRect();
    const away = down ? box.top - here.top : here.top - box.top;
    if (away > 4) {
      const distance = away * 1000 + Math.abs(box.left - here.left);
      if (distance < least) [best, least] = [place, distance];
    }
  });
  return best;
}

function d963Selecting(host, { passages, spans, kinds, onChange, label }) {
  let marks = spans;
  let pending = null;
  let editing = null;
  const said = d963Make("div", { role: "status", class: "d963-said" });
  const list = d963Make("ol", { class: "d963-marks", "aria-label": "What you have marked" });
  const kind = kinds && d963Make("select", {}, ...kinds.map(([value, words]) => d963Make("option", { value, text: words })));
  const markButton = d963Button("Mark the selected words", () => add(pending), { disabled: true });
  const typed = d963Make("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  typed.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), type()));

  const texts = passages.map((passage) => {
    const select = (start, end, finished) => {
      texts.forEach((text) => text !== mine && text.d963Rest());
      pending = start === null ? null : d963Target(passage, start, end);
      markButton.disabled = pending === null;
      said.textContent = pending ? `Selected: “${pending.selector[0].exact}”` : "";
      if (finished) add(pending);
      else draw();
    };
    const mine = d963Words(passage, `${passage.name || passage.id}. ${label}`, select, () => add(pending));
    return mine;
  });

  function type() {
    if (!typed.value.trim()) return;
    const found = d963Find(passages, typed.value);
    if (!found) {
      said.textContent = `These words are not in ${passages.map((p) => p.id).join(", ")}. Copy them exactly as they stand in the text.`;
      return;
    }
    typed.value = "";
    add(found);
  }

  const sense = (marks) => JSON.stringify(marks.map((one) => [one.source, one.selector[1].start, one.selector[1].end, one.kind]));
  const same = (one, other) => one.source === other.source && one.selector[1].start === other.selector[1].start && one.selector[1].end === other.selector[1].end;

  function add(target) {
    if (!target) return;
    // The button goes out of use; the keyboard goes back to the text.
    if (document.activeElement === markButton) texts[passages.findIndex((passage) => passage.id === target.source)].focus();
    pending = null;
    markButton.disabled = true;
    texts.forEach((text) => text.d963Clear());
    if (editing !== null && marks[editing]) {
      marks = marks.map((one, place) => (place === editing ? { ...one, ...target } : one));
      editing = null;
    } else if (marks.some((one) => same(one, target))) {
      said.textContent = "These words are marked already.";
      draw();
      return;
    } else marks = [...marks, kind ? { ...target, kind: kind.value } : target];
    said.textContent = `Marked: “${target.selector[0].exact}”`;
    changed();
  }

  function changed() {
    draw();
    onChange(marks);
  }

  function draw() {
    passages.forEach((passage, place) => {
      const here = marks.map((one, number) => ({ ...one.selector[1], number, kind: one.kind, source: one.source })).filter((one) => one.source === passage.id);
      const waits = pending && pending.source === passage.id ? pending.selector[1] : null;
      for (const node of texts[place].children) {
        const { start, end } = node.d963;
        const over = here.filter((one) => one.start < end && start < one.end);
        node.className = [over.length ? `d963-marked d963-deep-${Math.min(over.length, 3)}` : "", waits && waits.start < end && start < waits.end ? "d963-pending" : "", node.classList.contains("d963-cursor") ? "d963-cursor" : ""].join(" ").trim();
        const begins = over.filter((one) => one.start >= start && one.start < end).map((one) => one.number + 1);
        if (begins.length) node.dataset.numbers = begins.join(" ");
        else delete node.dataset.numbers;
      }
    });
    list.replaceChildren(...marks.map(item));
    list.hidden = !marks.length;
  }

  function item(one, place) {
    const words = `“${one.selector[0].exact}” (${one.source})`;
    const choose = kinds && d963Make("select", { "aria-label": `What ${words} is` }, ...kinds.map(([value, text]) => d963Make("option", { value, text, selected: value === one.kind })));
    choose?.addEventListener("change", () => {
      // Not drawn anew: the keyboard stays on the list it is choosing from.
      marks = marks.map((other, at) => (at === place ? { ...other, kind: choose.value } : other));
      choose.closest("li").dataset.kind = choose.value;
      onChange(marks);
    });
    const edit = kinds && d963Button("Change the words", () => {
      editing = place;
      said.textContent = `Now select the words that should stand in the place of ${words}.`;
      texts[passages.findIndex((passage) => passage.id === one.source)].focus();
    }, { "aria-label": `Change the words ${words}` });
    const remove = d963Button("Remove", () => {
      marks = marks.filter((_, at) => at !== place);
      editing = null;
      said.textContent = `Removed: ${words}`;
      changed();
      (list.querySelectorAll("button.d963-remove")[Math.min(place, marks.length - 1)] || texts[0]).focus();
    }, { class: "d963-remove", "aria-label": `Remove ${words}` });
    return d963Make("li", { "data-kind": one.kind }, d963Make("span", { text: words }), ...[choose, edit, remove].filter(Boolean));
  }

  host.append(
    ...(kind ? [d963Make("label", { text: "The next words I mark are: " }, kind)] : []),
    d963Make("p", { class: "d963-hint", text: "Drag over words, or click the first word and then the last. By keyboard: arrow keys, with Shift to select, Enter to mark." }),
    ...texts.flatMap((text, place) => (passages.length > 1 ? [d963Make("div", { class: "d963-about", text: passages[place].name || passages[place].id }), text] : [text])),
    d963Make("div", { class: "d963-row" }, markButton, d963Make("label", { text: "or type or paste the words " }, typed), d963Button("Mark these words", type)),
    said,
    list,
  );
  draw();
  return {
    show(other) {
      const alike = sense(other) === sense(marks);
      marks = other;
      if (!alike) draw();
    },
  };
}
