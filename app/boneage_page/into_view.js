// A click in the table of films changes what may lie below the window: its head is brought into it, the table left in sight.

let turn = null;

export default function (component) {
  const before = turn;
  turn = component.data.turn;
  if (before === null || before === turn) return;
  const answer = document.querySelector(".st-key-child")?.closest("[data-testid=stHorizontalBlock]");
  if (!answer) return;
  const room = 0.45 * window.innerHeight;
  if (answer.getBoundingClientRect().top <= room) return;
  answer.style.scrollMarginTop = `${room}px`;
  answer.scrollIntoView({block: "start"});
}
