import { h, setText } from './dom.js';

/** Which way a request would take, where the API tells. */
export class Explain {
  constructor(section, explains) {
    section.hidden = !explains;
    if (!explains || section.firstChild) {
      return;
    }

    this.method = h('select', { id: 'explain-method' }, ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'].map(m => h('option', null, m)));
    this.uri = h('input', { id: 'explain-uri', type: 'url', required: true, placeholder: 'http://orders/today' });
    this.headers = h('textarea', { id: 'explain-headers', rows: 2, placeholder: 'x-beta: 1' });
    this.answer = h('pre', { role: 'status', tabindex: 0, hidden: true });
    section.append(h('h2', { id: 'explain-title' }, 'Explain a request'),
      h('form', { class: 'explain', onsubmit: e => this.ask(e) },
        h('label', { for: 'explain-method' }, 'Method'), this.method,
        h('label', { for: 'explain-uri' }, 'URI'), this.uri,
        h('label', { for: 'explain-headers' }, 'Headers, one a line'), this.headers,
        h('button', { class: 'strong', type: 'submit' }, 'Explain')),
      this.answer);
  }

  async ask(e) {
    e.preventDefault();
    const query = new URLSearchParams({ method: this.method.value, uri: this.uri.value });
    this.headers.value.split('\n').map(l => l.trim()).filter(Boolean).forEach(l => query.append('header', l));
    this.answer.hidden = false;
    try {
      const answer = await fetch(`api/explain?${query}`);
      const found = await answer.json();
      setText(this.answer, answer.ok ? JSON.stringify(found, null, 2) : found.detail);
    } catch {
      setText(this.answer, 'The process does not answer.');
    }
  }
}
