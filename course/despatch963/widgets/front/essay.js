// The essay desk: what is found in the saved essay.

export default {
  render({ model, el }) {
    const said = d963Make("p", { role: "status" });
    const list = d963Make("ul", { class: "d963-findings" });
    const send = d963Speaker(model, (words) => words && (said.textContent = "The notebook's kernel does not answer. Run this cell again (Shift+Enter)."));
    d963Root(el, "essay", said, list, d963Button("Check again", () => send({ type: "check" })));
    const show = () => {
      said.textContent = model.get("said");
      list.replaceChildren(...model.get("findings").map(([sign, words]) => d963Make("li", {}, d963Make("span", { class: "d963-sign", text: sign, "aria-hidden": "true" }), ` ${words}`)));
    };
    model.on("change:said change:findings", show);
    show();
    return () => {
      model.off("change:said change:findings", show);
      send.end();
    };
  },
};
