import { h, keyed, s, setAttribute, setText } from './dom.js';
import { count, rate, share, time } from './format.js';

/** Limits as fill levels: how much of each is used. */
export function renderLimits(parent, limits, room, budget) {
  const levels = limits.map(fromLimit);
  if (room) {
    levels.push({ key: 'room', name: room.adaptive ? 'Concurrency, adaptive' : 'Concurrency', part: room.inFlight / Math.max(1, room.limit), text: `${count(room.inFlight)} of ${count(room.limit)} under way${room.waiting ? `, ${count(room.waiting)} wait` : ''}` });
  }

  if (budget) {
    const whole = budget.remaining + budget.spent;
    levels.push({ key: 'budget', name: 'Retry budget', part: whole > 0 ? budget.spent / whole : 0, text: `${count(budget.spent)} spent, ${count(Math.floor(budget.remaining))} left` });
  }

  keyed(parent, levels, l => l.key ?? `limit ${l.name}`, create, update);
  parent.hidden = levels.length === 0;
}

/** The receiving side of this process. */
export function renderServer(section, server) {
  section.hidden = !server;
  if (!server) {
    return;
  }

  if (!section.firstChild) {
    section.append(h('h2', { id: 'server-title' }, 'Receiving'), h('ul', { class: 'list' }), h('div', { class: 'limits' }));
  }

  keyed(section.children[1], server.callers, c => c.name, c => h('li', null, h('b', null, c.name === '' ? 'Unnamed callers' : c.name === '*' ? 'Others' : c.name), h('span')),
    (e, c) => setText(e.lastChild, c.traffic.callsPerSecond === 0 ? 'quiet' : `${rate(c.traffic.callsPerSecond)} · p50 ${time(c.traffic.p50Ms)} · p99 ${time(c.traffic.p99Ms)} · ${share(c.traffic.errorShare)} errors`));
  renderLimits(section.children[2], server.limits, server.concurrency, null);
  section.hidden = server.callers.length === 0 && server.limits.length === 0 && !server.concurrency;
}

function fromLimit(limit) {
  const name = limit.name || 'Rate limit';
  const per = `${count(limit.permits)} in ${time(limit.perMs)}`;
  if (limit.lease) {
    return { name, part: null, text: `${per}, shared by ${count(limit.lease.processes)}: ${count(limit.lease.held)} at hand${limit.lease.failing ? '; the store does not answer' : ''}`, bad: limit.lease.failing };
  }

  return limit.remaining === null || limit.remaining === undefined
    ? { name, part: null, text: limit.key ? `${per} for each ${limit.key}; ${count(limit.keys)} known` : per }
    : { name, part: limit.most > 0 ? 1 - limit.remaining / limit.most : 1, text: `${count(limit.remaining)} of ${count(limit.most)} left, ${per}${limit.waiting ? `; ${count(limit.waiting)} wait` : ''}` };
}

function create(level) {
  return h('div', { class: 'limit' }, h('span', { class: 'limit-name' }, level.name), h('span', { class: 'limit-text' }),
    s('svg', { class: 'fill', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, s('rect', { width: 100, height: 6, class: 'track' }), s('rect', { width: 0, height: 6, class: 'level' })));
}

function update(element, level) {
  const [, text, fill] = element.children;
  setText(text, level.text);
  setAttribute(fill, 'class', level.part === null ? 'fill none' : `fill ${level.part >= 0.95 ? 'bad' : level.part >= 0.75 ? 'warn' : 'ok'}`);
  setAttribute(fill.lastChild, 'width', (100 * Math.min(1, Math.max(0, level.part ?? 0))).toFixed(1));
  element.classList.toggle('fails', Boolean(level.bad));
}
