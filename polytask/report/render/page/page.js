"use strict";
(function () {
  const root = document.documentElement;
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const narrow = () => window.innerWidth < 640;
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  root.classList.add("scripted");

  function paint(layout) {
    layout.font.color = colour("--soft");
    layout.hoverlabel = Object.assign({}, layout.hoverlabel, {
      bgcolor: colour("--panel"), bordercolor: colour("--line"),
      font: Object.assign({}, layout.hoverlabel.font, { color: colour("--ink") }),
    });
    for (const key of Object.keys(layout).filter((name) => /^[xy]axis/.test(name))) {
      layout[key].gridcolor = layout[key].linecolor = colour("--line");
      layout[key].tickfont = Object.assign({}, layout[key].tickfont, { size: narrow() ? 11 : 13 });
    }
  }

  // On a dark page "nothing" must be dark, and more must be lighter.
  function darkScale(trace) {
    if (trace.zmid === undefined) return [[0, colour("--middle")], [1, colour("--gains")]];
    return [[0, colour("--loses")], [0.5, colour("--middle")], [1, colour("--gains")]];
  }

  function fit(layout, data, width) {
    if (layout.yaxis.scaleanchor) layout.height = Math.min(layout.height, width + 40);
    for (const trace of data.filter((one) => one.type === "heatmap")) {
      if (dark.matches) trace.colorscale = darkScale(trace);
      if (narrow()) {
        Object.assign(trace.colorbar, { orientation: "h", y: 1.01, yanchor: "bottom", len: 1 });
      }
    }
  }

  function draw(box) {
    if (figures[box.dataset.figure].layout.yaxis.scaleanchor) box.classList.add("square");
    const figure = JSON.parse(JSON.stringify(figures[box.dataset.figure]));
    paint(figure.layout);
    fit(figure.layout, figure.data, box.clientWidth);
    figure.layout.width = box.clientWidth;
    Plotly.react(box, figure.data, figure.layout, { displayModeBar: false });
    if (box.dataset.width === undefined) watch.observe(box);
    box.dataset.width = box.clientWidth;
  }

  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const width = target.clientWidth;
      if (width > 0 && String(width) !== target.dataset.width) draw(target);
    }
  });

  function show(panel, index) {
    for (const view of panel.querySelectorAll(".view")) {
      view.hidden = view.dataset.view !== index;
      if (!view.hidden) view.querySelectorAll(".chart").forEach(draw);
    }
  }

  function drawAll() {
    document.querySelectorAll(".view:not([hidden]) .chart").forEach(draw);
  }

  function compare(a, b, numeric) {
    // What is undefined stays at the end, whichever way the column is sorted.
    if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
    return numeric ? a - b : a.localeCompare(b, undefined, { numeric: true });
  }

  function sort(table, column, head) {
    const down = head.getAttribute("aria-sort") === "ascending";
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row) => [row.cells[column].dataset.value, row]);
    const numeric = rows.every(([value]) => value === undefined || value !== "" && !isNaN(value));
    rows.sort(([a], [b]) => {
      const order = compare(a, b, numeric);
      return down && a !== undefined && b !== undefined ? -order : order;
    });
    rows.forEach(([, row]) => body.appendChild(row));
    for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  function makeSortable(table) {
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      if (!head.textContent) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sort(table, column, head));
    });
  }

  function save() {
    const text = document.getElementById("report").textContent;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "polytask-report.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  document.querySelectorAll("table.sortable").forEach(makeSortable);
  document.querySelectorAll(".chooser").forEach((label) => { label.hidden = false; });
  document.querySelectorAll(".chooser select").forEach((select) => {
    const panel = document.getElementById(select.dataset.panel);
    select.addEventListener("change", () => show(panel, select.value));
  });
  document.querySelectorAll("section.panel").forEach((panel) => show(panel, "0"));
  dark.addEventListener("change", drawAll);
  document.getElementById("save").hidden = false;
  document.getElementById("save").addEventListener("click", save);
  root.dataset.ready = "yes";
})();
