// A figure to explore: controls, slider, drawing, table and list, and what is said of the chosen.

export default {
  render({ model, el }) {
    const notice = d963Make("div", {});
    const send = d963Speaker(model, (words) => (notice.textContent = words && "The notebook's kernel does not answer. Run this cell again (Shift+Enter)."));
    const set = (name, value) => send({ type: "set", name, value });
    const choose = (id) => send({ type: "choose", id });

    const menus = model.get("controls").map(([name, label, options]) => {
      const menu = d963Make("select", { onchange: () => set(name, menu.value) }, ...options.map(([value, text]) => d963Make("option", { value, text })));
      menu.name = name;
      return d963Make("label", { text: `${label} ` }, menu);
    });
    const steps = model.get("steps");
    const slider = d963Make("input", { type: "range", min: "0", max: String(Math.max(0, steps.length - 1)), "aria-label": "Date" });
    const day = d963Make("output", { class: "d963-day" });
    slider.addEventListener("input", () => go(Number(slider.value)));
    let wanted = null;
    const go = (step) => {
      day.textContent = steps[step];
      slider.setAttribute("aria-valuetext", steps[step]);
      wanted = step;
      if (send.idle()) next();
    };
    // While Python draws one step the slider may move on: only its last place is asked for.
    const next = () => {
      if (wanted === null) return;
      set("step", wanted);
      wanted = null;
    };
    let timer = null;
    const play = d963Button("Play", () => {
      if (timer) return stop();
      play.textContent = "Pause";
      if (Number(slider.value) >= steps.length - 1) slider.value = 0;
      timer = setInterval(() => {
        if (Number(slider.value) >= steps.length - 1) return stop();
        slider.value = Number(slider.value) + 1;
        go(Number(slider.value));
      }, 900);
    });
    const stop = () => {
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
    };
    const back = d963Button("Earlier", () => (slider.stepDown(), go(Number(slider.value))));
    const on = d963Button("Later", () => (slider.stepUp(), go(Number(slider.value))));
    const time = steps.length ? d963Make("div", { class: "d963-row d963-time" }, play, back, slider, on, day) : null;

    const said = d963Make("div", { role: "status", class: "d963-said" });
    const plot = d963Make("div", { class: "d963-plot", style: `min-width: ${model.get("least")}px` });
    const frame = d963Make("div", { class: "d963-scroll", tabindex: "0", role: "region", "aria-label": `${model.get("name")}, drawn. The table below says the same.` }, plot);
    const list = d963Make("select", { onchange: () => choose(list.value) });
    const panel = d963Make("div", { class: "d963-panel", role: "status" });
    const table = d963Make("table");
    const prose = d963Make("p");
    const inTable = d963Make("details", {}, d963Make("summary", { text: "As a table" }), d963Make("div", { class: "d963-scroll" }, table));
    const inProse = d963Make("details", {}, d963Make("summary", { text: "In words" }), prose);
    const describe = () => inProse.open && !model.get("prose") && send({ type: "prose" });
    inProse.addEventListener("toggle", describe);
    inTable.addEventListener("toggle", () => tabulate(model.get("rows"), model.get("chosen")));
    d963Root(el, "figure", d963Make("div", { class: "d963-row" }, ...menus), ...(time ? [time] : []), said, notice, frame,
      d963Make("label", { text: "Choose " }, list), panel, inTable, inProse);

    let Plotly = null;
    let data = [];
    let layout = {};
    const draw = async () => {
      await Plotly.react(plot, data, layout, { displaylogo: false, showSendToCloud: false, plotlyServerURL: "", responsive: false });
      plot.dataset.drawn = Number(plot.dataset.drawn || 0) + 1;
      if (!plot.d963Listens) {
        plot.d963Listens = true;
        plot.on("plotly_click", ({ points: [point] }) => choose(point.customdata ?? point.id ?? ""));
      }
    };
    // Only the signs are drawn anew: half the time that the whole map takes.
    const move = async (signs, places) => {
      const at_once = { transition: { duration: 0 }, frame: { duration: 0, redraw: false }, mode: "immediate" };
      await Plotly.animate(plot, { data: signs, traces: places }, at_once);
      plot.dataset.drawn = Number(plot.dataset.drawn) + 1;
    };
    const hear = (message) => {
      if (message.type === "heard") return void setTimeout(next);
      if (message.type === "drawing") {
        [data, layout] = [message.data, message.layout];
        if (Plotly) draw();
      } else if (message.type === "signs") {
        const places = message.traces.map((_, place) => message.from + place);
        data = data.map((trace, place) => message.traces[place - message.from] || trace);
        if (Plotly && plot.dataset.drawn) move(message.traces, places);
      }
    };
    const show = () => {
      const { settings, rows, chosen } = { settings: model.get("settings"), rows: model.get("rows"), chosen: model.get("chosen") };
      menus.forEach(({ firstElementChild: menu }) => (menu.value = settings[menu.name]));
      if (steps.length && wanted === null && !timer) {
        slider.value = settings.step;
        day.textContent = steps[settings.step];
        slider.setAttribute("aria-valuetext", steps[settings.step]);
      }
      said.textContent = model.get("said");
      const ids = rows.map(({ id }) => id).join();
      if (list.dataset.ids !== ids) list.replaceChildren(d963Make("option", { value: "", text: "— none —" }), ...rows.map(({ id, cells }) => d963Make("option", { value: id, text: cells[0] })));
      list.dataset.ids = ids;
      list.value = chosen;
      if (inTable.open) tabulate(rows, chosen);
    };
    const tabulate = (rows, chosen) => {
      table.replaceChildren(
        d963Make("thead", {}, d963Make("tr", {}, ...model.get("columns").map((text) => d963Make("th", { scope: "col", text })))),
        d963Make("tbody", {}, ...rows.map(({ id, cells: [first, ...others] }) => d963Make("tr", {},
          d963Make("th", { scope: "row" }, d963Button(first, () => choose(id), { class: "d963-link", "aria-pressed": String(id === chosen) })),
          ...others.map((text) => d963Make("td", { text: text ?? "" }))))),
      );
    };
    const explain = () => {
      const { title = "", said: claims = [] } = model.get("panel");
      panel.replaceChildren(...(title ? [d963Make("strong", { text: title }), d963Make("ul", {}, ...claims.map(([words, cite]) => d963Make("li", {}, words, " ", d963Make("small", { text: cite }))))] : []));
      list.value = model.get("chosen");
      table.querySelectorAll("button").forEach((button, place) => button.setAttribute("aria-pressed", String(model.get("rows")[place].id === model.get("chosen"))));
    };
    const tell = () => ((prose.textContent = model.get("prose")), describe());
    model.on("msg:custom", hear);
    model.on("change", show);
    model.on("change:panel", explain);
    model.on("change:prose", tell);
    show();
    explain();
    tell();
    d963Plotly(model).then((loaded) => {
      Plotly = loaded;
      send({ type: "draw", width: Math.floor(frame.clientWidth) || 920 });
    }, () => (notice.textContent = "The drawing cannot be shown in this browser; the table and the words below say the same."));
    return () => {
      stop();
      model.off("msg:custom", hear);
      model.off("change", show);
      model.off("change:panel", explain);
      model.off("change:prose", tell);
      Plotly?.purge(plot);
      send.end();
    };
  },
};
