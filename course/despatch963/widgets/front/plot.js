// Plotly, asked for once and shared by all figures of the page.

function d963Plotly(model) {
  globalThis.d963PlotlyReady ??= new Promise((resolve, reject) => {
    const hear = async (message, buffers) => {
      if (message?.type !== "plotly") return;
      model.off("msg:custom", hear);
      try {
        const packed = new Blob([buffers[0]]).stream().pipeThrough(new DecompressionStream("gzip"));
        const code = await new Response(packed).text();
        const module = { exports: {} };
        new Function("module", "exports", "define", code)(module, module.exports, undefined);
        resolve(module.exports);
      } catch (error) {
        reject(error);
      }
    };
    model.on("msg:custom", hear);
    model.send({ type: "plotly" });
  });
  return globalThis.d963PlotlyReady;
}
