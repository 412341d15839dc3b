import { h } from './dom.js';
import { conditions, share, time } from './format.js';
import { glyph } from './icons.js';

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
    this.answer = h('div', { class: 'answer', role: 'status' });
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
    try {
      const answer = await fetch(`api/explain?${query}`);
      const found = await answer.json();
      this.answer.replaceChildren(...(answer.ok ? told(found) : [h('p', { class: 'error' }, found.detail)]));
    } catch {
      this.answer.replaceChildren(h('p', { class: 'error' }, 'The process does not answer.'));
    }
  }
}

function told(found) {
  if (!found.isService || found.problem) {
    return [h('p', null, found.problem || `${found.service} is no service of the mesh.`)];
  }

  const routes = found.routes.map(r => h('li', null, h('b', null, r.name), r.matches ? r.fraction < 1 ? `matches ${share(r.fraction)} of such requests` : 'matches' : r.reason));
  return [routes.length > 0 ? h('ul', { class: 'list' }, routes) : null, ...found.outcomes.map(outcome)].filter(Boolean);
}

function outcome(o) {
  const where = o.answersWith ? `The mesh answers ${o.answersWith}` : `${o.service}${o.subset ? ` (${o.subset})` : ''}${o.route ? `, by the route ${o.route}` : ''}`;
  const facts = [o.timeoutMs ? `within ${time(o.timeoutMs)}` : 'without a time limit', `at most ${o.maxAttempts} ${o.maxAttempts === 1 ? 'attempt' : 'attempts'}`, o.lane ? `in the lane ${o.lane}` : null, ...o.actions].filter(Boolean);
  return h('div', { class: 'outcome' },
    h('p', null, o.probability < 1 ? h('b', null, `${share(o.probability)} `) : null, where, h('span', { class: 'muted' }, ` · ${facts.join(', ')}`)),
    o.problem ? h('p', { class: 'error' }, o.problem) : null,
    h('ul', { class: 'list' }, o.endpoints.slice(0, 10).map(e => h('li', { class: 'candidate' }, glyph(e.condition), h('code', null, e.address), h('span', null, e.rank > 0 ? `${conditions[e.condition].word}, only if no other can` : conditions[e.condition].word)))),
    o.endpointCount > 10 ? h('p', { class: 'muted' }, `and ${o.endpointCount - 10} more`) : null);
}
