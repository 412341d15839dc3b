import { ask } from './ask.js';
import { h, keyed, s, setAttribute, setText } from './dom.js';
import { because, conditions, count, order, rate, share, time } from './format.js';
import { glyph, setGlyph, setSparkline, sparkline } from './icons.js';
import { shareOf } from './model.js';

const pageSize = 15;

/** The endpoints of a service, the gravest first, a page at a time: a thousand of them cost no more than the page that is seen. */
export class Endpoints {
  page = 0;
  text = '';
  only = '';

  constructor(model, mayChange) {
    this.model = model;
    this.mayChange = mayChange;
    this.search = h('input', { type: 'search', id: 'find', placeholder: 'Address, zone or label', autocomplete: 'off', oninput: e => this.change({ text: e.target.value.trim().toLowerCase() }) });
    this.filter = h('select', { id: 'only', onchange: e => this.change({ only: e.target.value }) },
      h('option', { value: '' }, 'All conditions'), order.map(c => h('option', { value: c }, conditions[c].word)));
    this.body = h('tbody');
    this.pages = h('p', { class: 'muted', role: 'status' });
    this.back = h('button', { type: 'button', class: 'quiet', onclick: () => this.change({ page: this.page - 1 }) }, 'Previous');
    this.on = h('button', { type: 'button', class: 'quiet', onclick: () => this.change({ page: this.page + 1 }) }, 'Next');
    this.pager = h('div', { class: 'pager' }, this.pages, h('span', { class: 'buttons' }, this.back, this.on));
    const heads = ['Endpoint', 'Condition', 'Share', 'Calls', 'p50', 'p99', 'Last minute', 'Errors', 'In flight'];
    this.element = h('div', { class: 'endpoints' },
      h('div', { class: 'tools' }, h('h3', null, 'Endpoints'),
        h('label', { for: 'find', class: 'sr' }, 'Find endpoints'), this.search, h('label', { for: 'only', class: 'sr' }, 'Show only'), this.filter),
      h('table', null, h('thead', null, h('tr', null, heads.map((t, i) => h('th', { scope: 'col', class: i > 1 && i !== 6 ? 'number' : null }, t)), h('th', { scope: 'col' }, h('span', { class: 'sr' }, 'Action')))), this.body),
      this.pager);
  }

  reset() {
    Object.assign(this, { page: 0, text: '', only: '' });
    this.search.value = '';
    this.filter.value = '';
  }

  change(values) {
    Object.assign(this, { page: 0 }, values);
    this.render(this.service);
  }

  render(service) {
    this.service = service;
    const found = service.endpoints
      .filter(e => (!this.only || e.condition === this.only) && (!this.text || textOf(e).includes(this.text)))
      .map((endpoint, place) => ({ endpoint, place }))
      .sort((a, b) => order.indexOf(a.endpoint.condition) - order.indexOf(b.endpoint.condition) || a.place - b.place)
      .map(f => f.endpoint);
    const pages = Math.max(1, Math.ceil(found.length / pageSize));
    this.page = Math.min(Math.max(0, this.page), pages - 1);
    const shown = found.slice(this.page * pageSize, (this.page + 1) * pageSize);
    keyed(this.body, shown, e => `${service.id} ${e.address}`, () => this.createRow(), (row, e) => this.updateRow(row, e));
    setText(this.pages, found.length === 0 ? 'No endpoint matches.' : found.length <= pageSize ? `${count(found.length)} ${found.length === 1 ? 'endpoint' : 'endpoints'}`
      : `${count(this.page * pageSize + 1)}–${count(this.page * pageSize + shown.length)} of ${count(found.length)} endpoints`);
    this.back.parentElement.hidden = pages === 1;
    this.back.disabled = this.page === 0;
    this.on.disabled = this.page === pages - 1;
  }

  createRow() {
    const cell = (label, name, ...children) => h('td', { 'data-label': label, class: name }, ...children);
    return h('tr', null,
      h('th', { scope: 'row' }, h('span', { class: 'address' }), h('span', { class: 'where' })),
      cell('Condition', 'condition', glyph('healthy'), h('span', { class: 'words' }, h('b'), h('span'))),
      cell('Share', 'number share', h('span'), s('svg', { class: 'fill', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, s('rect', { width: 100, height: 4, class: 'track' }), s('rect', { width: 0, height: 4, class: 'level' }))),
      cell('Calls', 'number'), cell('p50', 'number'), cell('p99', 'number'),
      cell('Last minute', 'history', sparkline()),
      cell('Errors', 'number'), cell('In flight', 'number'),
      h('td', { class: 'action' }, h('button', { type: 'button', class: 'quiet' })));
  }

  updateRow(row, endpoint) {
    const [head, condition, part, calls, p50, p99, history, errors, inFlight, action] = row.children;
    const live = endpoint.live;
    const share_ = shareOf(this.service, endpoint);
    setAttribute(row, 'class', conditions[endpoint.condition].tone);
    setText(head.firstChild, endpoint.address);
    setText(head.lastChild, [endpoint.zone || endpoint.region, ...Object.entries(endpoint.labels).slice(0, 3).map(([k, v]) => `${k} ${v}`)].filter(Boolean).join(' · '));
    setGlyph(condition.firstChild, endpoint.condition);
    setText(condition.lastChild.firstChild, conditions[endpoint.condition].word);
    setText(condition.lastChild.lastChild, because(endpoint, this.model.now));
    setText(part.firstChild, share_ === null ? '–' : share(share_));
    setAttribute(part.lastChild.lastChild, 'width', ((share_ ?? 0) * 100).toFixed(1));
    setText(calls, live ? rate(live[0]) : '0/s');
    setText(p50, live ? time(live[2]) : '–');
    setText(p99, live ? time(live[3]) : '–');
    setSparkline(history.firstChild, endpoint.history);
    setText(errors, live?.[0] ? share(live[1]) : '–');
    errors.classList.toggle('ill', live?.[0] >= 5 && live[1] >= 0.05);
    setText(inFlight, count(live?.[4] ?? 0));
    const out = endpoint.condition === 'isolated';
    const button = action.firstChild;
    button.hidden = !this.mayChange();
    setText(button, out ? 'Release' : 'Isolate');
    setAttribute(button, 'aria-label', `${out ? 'Release' : 'Isolate'} ${endpoint.address}`);
    button.onclick = () => this.confirm(endpoint, out);
  }

  confirm(endpoint, out) {
    const service = this.service;
    const left = service.endpoints.filter(e => e.usable && e !== endpoint).length;
    ask({
      title: out ? `Release ${endpoint.address}?` : `Isolate ${endpoint.address}?`,
      text: out ? 'It takes calls of this process again, as far as its breaker and its health check let it.'
        : `This process sends it no call until you release it, not even where no other is left. Calls under way finish. ${left === 0 ? 'No other endpoint is usable: calls will fail.' : `${count(left)} usable ${left === 1 ? 'endpoint is' : 'endpoints are'} left.`}`,
      yes: out ? 'Release' : 'Isolate',
      run: () => fetch(`api/services/${encodeURIComponent(service.id)}/endpoints/${encodeURIComponent(endpoint.address)}/isolation`, { method: out ? 'DELETE' : 'PUT', headers: { 'X-Mesh-Admin': '1' } }),
    });
  }
}

const textOf = endpoint => endpoint.search ??= [endpoint.address, endpoint.zone, endpoint.region, ...Object.entries(endpoint.labels).flat()].join(' ').toLowerCase();
