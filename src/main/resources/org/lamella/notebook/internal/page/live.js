/* Unpacks Plotly once per page into a handle of our own and draws every chart that waits for it.
   A handle of our own: other extensions put another version of Plotly into window.Plotly. */
(async function () {
  var waiting = window.__lamellaPlotly;
  if (waiting && !Array.isArray(waiting)) return;
  var bytes = Uint8Array.from(atob("PACKED"), function (c) { return c.charCodeAt(0); });
  var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  var source = await new Response(stream).text();
  var module = { exports: {} }, kept = window.Plotly;
  new Function("module", "exports", "define", source).call(window, module, module.exports, undefined);
  if (kept) window.Plotly = kept; else delete window.Plotly;
  var plotly = module.exports;

  function dark() {
    return document.body.getAttribute("data-jp-theme-light") === "false";
  }

  function themed(figure) {
    var ink = dark() ? "#DDDDDD" : "#333333", grid = dark() ? "#444444" : "#E3E3E3";
    var text = JSON.stringify(figure);
    if (dark()) text = text.replace(/#444444/g, "#BBBBBB");
    var copy = JSON.parse(text), layout = copy.layout;
    layout.paper_bgcolor = layout.plot_bgcolor = "rgba(0,0,0,0)";
    layout.font = Object.assign({}, layout.font, { color: ink });
    layout.autosize = true;
    layout.modebar = { bgcolor: "rgba(0,0,0,0)", color: "#999999", activecolor: ink };
    /* the colours of the picture that is replaced */
    layout.colorway = layout.colorway ||
      ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C"];
    if (layout.title && !("x" in layout.title)) Object.assign(layout.title, { x: 0.02, xanchor: "left" });
    ["xaxis", "yaxis"].forEach(function (name) {
      layout[name] = Object.assign({ gridcolor: grid, zerolinecolor: grid }, layout[name]);
    });
    return copy;
  }

  function draw(chart) {
    document.querySelectorAll('[data-lamella-chart="' + chart.name + '"]').forEach(function (place) {
      if (place.dataset.lamellaLive) return;
      place.dataset.lamellaLive = "yes";
      var picture = place.innerHTML, box = document.createElement("div"), figure = themed(chart.figure);
      place.innerHTML = "";
      place.appendChild(box);
      plotly.newPlot(box, figure.data, figure.layout, { responsive: true, displaylogo: false }).catch(function () {
        place.innerHTML = picture;
      });
      new MutationObserver(function () {
        var again = themed(chart.figure);
        if (box.isConnected) plotly.react(box, again.data, again.layout);
      }).observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
    });
  }

  function soon(chart) {
    draw(chart);
    /* an output may reach the page a moment after its script has run */
    setTimeout(function () { draw(chart); }, 200);
  }

  waiting = window.__lamellaPlotly;
  if (waiting && !Array.isArray(waiting)) return;
  window.__lamellaPlotly = { push: soon };
  (waiting || []).forEach(soon);
})();
