// The page of a song: the visitor's vote, which the page itself has not, and the link to copy.

import { attachCard } from "./card.js";
import { call } from "./net.js";
import { onReturn } from "./tabs.js";
import { inOrder } from "./votes.js";

const root = document.querySelector(".card[data-song]");
const { song } = root.dataset;
const card = attachCard(root, inOrder(vote));

async function vote(genre) {
  const choice = { song, kind: "choice", genre, added: genre !== null };
  const answer = await call("/api/votes", choice);
  card.showTally(answer.tally);
  return answer;
}

async function showVote() {
  const { ballot, tally } = await call(`/api/ballot?${new URLSearchParams({ song })}`);
  card.showBallot(ballot);
  card.showTally(tally);
}

onReturn(showVote);
showVote().catch(() => {
  // The card stays as it is, as one without a vote of this visitor.
});
