// The page of a song: the visitor's vote, which the page itself has not, and the link to copy.

import { attachCard } from "./card.js";
import { call } from "./net.js";
import { inOrder } from "./votes.js";

const root = document.querySelector(".card[data-song]");
const { song } = root.dataset;
const ballotAddress = `/api/ballot?${new URLSearchParams({ song })}`;

const card = attachCard(
  root,
  inOrder(async (genre) => {
    const answer = await call("/api/votes", { song, kind: "choice", genre, added: genre !== null });
    showTally();
    return answer;
  }),
);

/** Displays the votes of all visitors; those that the page has stay if the bot cannot be reached. */
async function showTally() {
  try {
    card.showTally((await call(ballotAddress)).tally);
  } catch {
    // The vote itself is recorded.
  }
}

try {
  const { ballot, tally } = await call(ballotAddress);
  card.showBallot(ballot);
  card.showTally(tally);
} catch {
  // Without an answer the card is as one without a vote.
}
