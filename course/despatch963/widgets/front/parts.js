// What all widgets of the course build their pages from.

// Make an element: attributes ("onclick" listens, "text" and "html" fill it), then its children.
function d963Make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = value;
    else if (name === "html") node.innerHTML = value; // made and escaped in Python
    else if (typeof value === "boolean") node.toggleAttribute(name, value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

function d963Button(text, onclick, attributes = {}) {
  return d963Make("button", { type: "button", text, onclick, ...attributes });
}

// Begin a widget's page in `el`. JupyterLab leaves keys alone that are pressed inside it.
function d963Root(el, name, ...children) {
  const root = d963Make("div", { class: `d963 d963-${name}`, lang: "en", "data-lm-suppress-shortcuts": "true" });
  root.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation());
  root.append(...children);
  el.replaceChildren(root);
  return root;
}

let d963Ids = 0;
function d963Id(name) {
  return `d963-${name}-${Math.random().toString(36).slice(2, 8)}-${(d963Ids += 1)}`;
}

// Return `send(message)`, which says in words when Python does not answer. `settled` is called when
// Python has answered all: until then what it sends back may be older than what the reader sees.
function d963Speaker(model, unheard, settled = () => {}) {
  let open = 0;
  let waiting = null;
  const heard = (message) => {
    if (message?.type !== "heard" || !open) return;
    open -= 1;
    clearTimeout(waiting);
    waiting = null;
    unheard("");
    if (!open) settled();
  };
  model.on("msg:custom", heard);
  const send = (message) => {
    open += 1;
    waiting ??= setTimeout(
      () => unheard("Not saved: the notebook's kernel does not answer. Run this cell again (Shift+Enter), then answer."),
      5000,
    );
    model.send(message);
  };
  return Object.assign(send, { idle: () => !open, end: () => model.off("msg:custom", heard) });
}
