// Several tabs of one visitor: what was voted in another one is displayed on return to this one.

/** Calls `act()` whenever the visitor comes back to this tab; if it fails, the page stays as it is. */
export function onReturn(act) {
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) act().catch(() => {});
  });
}

/** Displays the votes of the history, `shown`, on the cards. */
export function showVotes(cards, shown) {
  const latest = new Map(shown.filter(({ card }) => card).map(({ card }) => [card.track.key, card]));
  for (const own of cards) {
    const card = latest.get(own.key);
    if (!card) continue;
    own.showBallot(card.ballot);
    own.showTally(card.tally);
  }
}
