// The card of a question: its input, what is saved in words, undo, and what the question cites.

export default {
  render({ model, el }) {
    const asked = model.get("asked");
    const notice = d963Make("div", { class: "d963-notice", role: "alert" });
    const send = d963Speaker(model, (words) => (notice.textContent = words), () => redraw());
    const fields = d963Make("fieldset", {}, d963Make("legend", { text: asked.legend }));
    const state = d963Make("div", { class: "d963-state", role: "status" });
    // What Python answers reaches every tab; only the one that asked is to move its keyboard.
    let stepping = false;
    let wanted = null;
    const step = (type) => {
      stepping = true;
      send({ type });
    };
    const undo = d963Button("Undo", () => step("undo"));
    const clear = d963Button("Clear my answer", () => step("clear"));
    const opened = d963Make("div", { class: "d963-opened", hidden: true, role: "region", "aria-label": "What the question cites" });
    const open = (id) => {
      wanted = id;
      send({ type: "open", id });
    };
    const cites = asked.cites.map((id) => d963Button(id, () => open(id), { class: "d963-link", "aria-label": `Read ${id}` }));
    const actions = d963Make("div", { class: "d963-row" }, undo, clear, ...(cites.length ? [d963Make("span", { text: "Read:" }), ...cites] : []));
    d963Root(el, "card", fields, state, notice, actions, opened);
    const show = d963Inputs[asked.kind](fields, asked, (response) => send({ type: "answer", response }));

    const redraw = () => send.idle() && show(model.get("response"));
    const first = () => fields.querySelector("input, select, button:enabled, [tabindex]");
    const report = () => {
      const at = [undo, clear].find((button) => button === document.activeElement);
      state.innerHTML = model.get("state"); // made and escaped in Python
      undo.disabled = !model.get("can_undo");
      clear.disabled = model.get("response") === null;
      // A button that has done its work must not take the keyboard with it.
      if (at?.disabled) ([undo, clear].find((button) => !button.disabled) || first())?.focus();
    };
    const forced = (message) => {
      if (message.type === "redraw" && stepping) {
        stepping = false;
        // A field that the keyboard is in is drawn again only when it is left for a moment.
        const at = fields.contains(document.activeElement) ? document.activeElement : null;
        at?.blur();
        show(model.get("response"));
        (at?.isConnected ? at : at && first())?.focus();
      }
      if (message.type === "opened" && message.id === wanted) {
        wanted = null;
        const close = d963Button("Close", () => ((opened.hidden = true), cites[asked.cites.indexOf(message.id)].focus()));
        opened.replaceChildren(d963Make("div", { html: message.html }), close);
        opened.hidden = false;
        close.focus();
      }
    };
    model.on("change:response", redraw);
    model.on("change:state change:can_undo change:response", report);
    model.on("msg:custom", forced);
    redraw();
    report();
    return () => {
      model.off("change:response", redraw);
      model.off("change:state change:can_undo change:response", report);
      model.off("msg:custom", forced);
      send.end();
    };
  },
};
