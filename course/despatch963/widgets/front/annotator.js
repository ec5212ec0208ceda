// The annotator: the selecting control, free-hand, with what each mark is.

export default {
  render({ model, el }) {
    const state = d963Make("div", { role: "status" });
    const send = d963Speaker(model, (words) => words && (state.textContent = words.replace(", then answer", "")), () => control.show(model.get("marks")));
    const host = d963Make("div");
    const root = d963Root(el, "annotator", host, state);
    const only = d963Make("select", {}, d963Make("option", { value: "", text: "all marks" }), ...model.get("kinds").map((kind) => d963Make("option", { value: kind, text: kind })));
    const control = d963Selecting(host, {
      passages: model.get("passages"),
      spans: model.get("marks"),
      kinds: model.get("kinds").map((kind) => [kind, kind]),
      onChange: (marks) => send({ type: "marks", marks }),
      label: "Select words to mark.",
    });
    only.addEventListener("change", () => (root.dataset.only = only.value));
    host.append(d963Make("label", { text: "List: " }, only));
    const report = () => (state.textContent = model.get("state"));
    const redraw = () => send.idle() && control.show(model.get("marks"));
    model.on("change:state", report);
    model.on("change:marks", redraw);
    report();
    return () => {
      model.off("change:state", report);
      model.off("change:marks", redraw);
      send.end();
    };
  },
};
