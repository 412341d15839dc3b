import { byId, setText } from './dom.js';

/** Asks before it does a thing, and says what went wrong where it did. */
export function ask({ title, text, yes, run }) {
  const dialog = byId('ask');
  const error = byId('ask-error');
  const strong = byId('ask-yes');
  setText(byId('ask-title'), title);
  setText(byId('ask-text'), text);
  setText(strong, yes);
  error.hidden = true;
  strong.disabled = false;
  byId('ask-no').onclick = () => dialog.close();
  strong.onclick = async () => {
    strong.disabled = true;
    try {
      const answer = await run();
      if (answer.ok) {
        dialog.close();
        return;
      }

      const problem = await answer.json().catch(() => null);
      setText(error, problem?.detail ?? `The process answered ${answer.status}.`);
    } catch {
      setText(error, 'The process does not answer.');
    }

    error.hidden = false;
    strong.disabled = false;
  };
  dialog.showModal();
  byId('ask-no').focus();
}
