// Draws each chart from the specification beside it. Colours are CSS variables, so that charts follow
// the theme; expressions are interpreted (`ast`), because the page's policy forbids evaluating text.
const config = {
  background: null,
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  text: { color: "var(--ink)", fontSize: 12 },
  axis: {
    labelColor: "var(--ink)", titleColor: "var(--muted)", gridColor: "var(--line)", domain: false,
    tickColor: "var(--line)", labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal",
    labelAngle: 0, labelOverlap: true,
  },
  view: { stroke: null },
};
const options = { ast: true, renderer: "svg", actions: false, config, tooltip: { theme: "page" } };

for (const place of document.querySelectorAll(".chart")) {
  const spec = JSON.parse(place.querySelector("script").textContent);
  const drawing = place.querySelector(".drawing");
  vegaEmbed(drawing, spec, options).catch((problem) => console.error(problem));
  // A tap moves no pointer, and Vega shows tooltips on moves.
  drawing.addEventListener("click", (tap) => {
    const move = { bubbles: true, clientX: tap.clientX, clientY: tap.clientY };
    tap.target.dispatchEvent(new PointerEvent("pointermove", move));
  });
}
