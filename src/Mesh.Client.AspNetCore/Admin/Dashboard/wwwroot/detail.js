import { h, keyed, setText } from './dom.js';
import { count, rate, share, time } from './format.js';
import { Endpoints } from './endpoints.js';
import { renderLimits } from './limits.js';
import { Policy } from './policy.js';

/** All about one service. */
export class Detail {
  chosen = null;
  canChange = false;

  constructor(section, model) {
    this.section = section;
    this.model = model;
    this.facts = h('dl', { class: 'facts' });
    this.limits = h('div', { class: 'limits' });
    this.title = h('h2', { id: 'detail-title' });
    this.source = h('p', { class: 'source' });
    this.notice = h('p', { class: 'notice', role: 'status', hidden: true });
    this.endpoints = new Endpoints(model, () => this.canChange);
    this.policy = new Policy();
    section.append(this.title, this.notice, this.facts, this.limits, this.endpoints.element, this.source, this.policy.element);
  }

  choose(id) {
    if (this.chosen !== id) {
      this.chosen = id;
      this.endpoints.reset();
      this.policy.reset(id);
      history.replaceState(null, '', `#${id}`);
    }

    this.render();
    document.querySelectorAll('.service').forEach(b => b.setAttribute('aria-pressed', String(b.querySelector('strong').textContent === id)));
  }

  render() {
    const service = this.model.services.get(this.chosen);
    this.section.hidden = !service;
    if (!service) {
      this.chosen = null;
      return;
    }

    setText(this.title, service.id);
    this.notice.hidden = !service.inPanic && service.resolved;
    setText(this.notice, !service.resolved ? 'No source has said yet which endpoints there are.'
      : 'Too few endpoints are well: calls go to those that are out, too, but to none that is isolated.');
    const live = service.figures;
    const traffic = live?.traffic;
    const facts = [
      ['Calls', traffic ? rate(traffic.callsPerSecond) : '–'],
      ['p50', traffic ? time(traffic.p50Ms) : '–'],
      ['p99', traffic ? time(traffic.p99Ms) : '–'],
      ['Errors', traffic ? share(traffic.errorShare) : '–'],
      ['In flight', live ? count(live.inFlight) : '–'],
      ['Usable', `${count(service.usable)} of ${count(service.endpoints.length)}`],
    ];
    keyed(this.facts, facts, f => f[0], f => h('div', null, h('dt', null, f[0]), h('dd')), (e, f) => setText(e.lastElementChild, f[1]));
    renderLimits(this.limits, live?.limits ?? service.limits, live?.concurrency ?? service.concurrency, live?.retryBudget);
    this.endpoints.render(service);
    const age = live?.ageMs !== null && live?.ageMs !== undefined ? `, last heard ${time(live.ageMs)} ago` : '';
    setText(this.source, service.source.error ? `Endpoints from ${service.source.name || 'no source'}${age}. It fails: ${service.source.error}. The last good endpoints serve.`
      : `Endpoints from ${service.source.name || 'no source'}${age}. ${service.balancer} chooses.`);
    this.source.classList.toggle('fails', Boolean(service.source.error));
  }

  /** Times go on without news. */
  tick() {
    const service = this.model.services.get(this.chosen);
    if (service && !document.hidden) {
      this.endpoints.render(service);
    }
  }
}
