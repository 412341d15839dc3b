import { h, keyed } from './dom.js';
import { clock, reasons } from './format.js';

const shown = 60;
const tones = { warning: 'warn', error: 'bad', critical: 'bad' };
const words = { warning: 'Warning', error: 'Error', critical: 'Error', information: 'Note' };

// What happens to endpoints again and again, in plain words; all else as the log has it.
const plainly = [
  [/ is HalfOpen \(BreakTimePassed\)$/, ' is being probed'],
  [/ is Closed \(ProbesSucceeded\)$/, ' is well again: its probes succeeded'],
  [/ is Closed \(PauseOver\)$/, ' takes calls again after its pause'],
  [/ is Paused \(EndpointAskedForLess\)$/, ' asked for less and is left alone for a moment'],
  [/ \((\w+)\)$/, (all, word) => reasons[word] ? `: ${reasons[word]}` : all],
];

export function renderEvents(list, events) {
  const newest = events.length > 0 ? keyOf(events[0]) : null;
  if (list.newest !== newest) {
    list.newest = newest;
    keyed(list, events.slice(0, shown), keyOf, create, () => {});
  }
}

// A process that begins anew counts anew.
const keyOf = event => `${event.number} ${event.time}`;

function create(event) {
  // A line of the log begins with the name of its service, which stands beside it here.
  let text = event.service && event.text.startsWith(`${event.service}: `) ? event.text.slice(event.service.length + 2) : event.text;
  for (const [pattern, plain] of plainly) {
    text = text.replace(pattern, plain);
  }

  return h('li', { class: tones[event.level] ?? 'rest' },
    h('span', { class: 'level' }, words[event.level] ?? event.level),
    h('time', { datetime: event.time }, clock(event.time)),
    event.service ? h('b', null, event.service) : null,
    h('span', { class: 'text' }, text));
}
