import { h, setText } from './dom.js';

const origins = { builtIn: 'built in', defaults: 'Defaults', defaultsCode: 'code, for all', aspire: 'Aspire', service: 'the service', serviceCode: 'code' };

/** The policy in force, and where each value comes from; read when somebody opens it. */
export class Policy {
  constructor() {
    this.body = h('tbody');
    this.state = h('p', { class: 'muted', role: 'status' });
    this.all = h('input', { type: 'checkbox', id: 'built-in', onchange: () => this.show() });
    this.element = h('details', { class: 'policy', ontoggle: () => this.read() },
      h('summary', null, 'Policy'),
      h('p', { class: 'tools' }, this.all, h('label', { for: 'built-in' }, 'with what is built in')),
      this.state,
      h('table', null, h('thead', null, h('tr', null, ['Key', 'Value', 'From'].map(t => h('th', { scope: 'col' }, t)))), this.body));
  }

  reset(id) {
    this.id = id;
    this.values = null;
    if (this.element.open) {
      this.read();
    }
  }

  async read() {
    if (!this.element.open) {
      return;
    }

    const id = this.id;
    try {
      const answer = await fetch(`api/services/${encodeURIComponent(id)}/policy`);
      if (id === this.id) {
        this.values = (await answer.json()).items;
        this.show();
      }
    } catch {
      setText(this.state, 'The process does not answer.');
    }
  }

  show() {
    const values = (this.values ?? []).filter(v => this.all.checked || v.origin !== 'builtIn');
    setText(this.state, values.length === 0 ? 'Every value is the built-in one.' : '');
    this.state.hidden = values.length > 0;
    this.body.parentElement.hidden = values.length === 0;
    this.body.replaceChildren(...values.map(v => h('tr', null,
      h('th', { scope: 'row' }, v.key),
      h('td', { 'data-label': 'Value' }, h('code', null, v.value || '(empty)')),
      h('td', { 'data-label': 'From' }, origins[v.origin] ?? v.origin, v.source ? h('span', { class: 'muted' }, ` · ${v.source}`) : null))));
  }
}
