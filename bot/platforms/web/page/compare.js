// The page of a comparison: copying its address.

import { attachLink } from "./link.js";

attachLink(document.querySelector(".comparison"), document.querySelector(".row-status"));
