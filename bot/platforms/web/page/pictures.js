// Pictures of a card: its cover and its chart, either of which may be missing.

/** Lets what stands for a cover and a chart appear if they cannot be loaded. */
export function attachPictures(root) {
  const chart = root.querySelector(".chart");
  onceKnown(chart.querySelector("img"), (isThere) => {
    chart.classList.toggle("drawn", isThere);
    chart.hidden = !isThere;
    root.querySelector(".no-chart").hidden = isThere;
  });
  const cover = root.querySelector(".cover img");
  if (cover) onceKnown(cover, (isThere) => (cover.hidden = !isThere));
}

/** Calls `act` with whether an image could be loaded, each time that it is loaded. */
function onceKnown(image, act) {
  image.addEventListener("load", () => act(true));
  image.addEventListener("error", () => act(false));
  if (image.complete && image.currentSrc) act(image.naturalWidth > 0); // before the script ran
}
