// The page of a song: saving the card, copying its address.

import { attachCard } from "./card.js";

attachCard(document.querySelector(".card[data-song]"));
