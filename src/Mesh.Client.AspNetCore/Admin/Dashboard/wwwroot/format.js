// Figures and conditions as a person reads them.

const few = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count = n => whole.format(n);

export const rate = n => n === null || n === undefined ? '–' : n === 0 ? '0/s' : n < 10 ? `${few.format(n)}/s` : `${whole.format(n)}/s`;

export function time(ms) {
  return ms === null || ms === undefined ? '–'
    : ms < 0.1 ? '< 0.1 ms'
    : ms < 10 ? `${few.format(ms)} ms`
    : ms < 1000 ? `${whole.format(ms)} ms`
    : ms < 60000 ? `${few.format(ms / 1000)} s`
    : ms < 3600000 ? `${whole.format(ms / 60000)} min`
    : `${few.format(ms / 3600000)} h`;
}

export function share(part) {
  const percent = (part ?? 0) * 100;
  return percent === 0 ? '0 %' : percent < 0.1 ? '< 0.1 %' : percent < 10 ? `${few.format(percent)} %` : `${whole.format(percent)} %`;
}

export const clock = text => new Date(text).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The conditions, the gravest first: word, tone, and the shape that tells them apart without colour. */
export const conditions = {
  ejected: { word: 'Ejected', tone: 'bad', shape: 'M6 0.5 11.5 6 6 11.5 0.5 6z' },
  unhealthy: { word: 'Unhealthy', tone: 'bad', shape: 'M6 1 11.5 11H0.5z' },
  probing: { word: 'Probing', tone: 'warn', shape: 'M6 0.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM6 2.3a3.7 3.7 0 1 1 0 7.4a3.7 3.7 0 1 1 0-7.4zM6 4.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6z' },
  paused: { word: 'Paused', tone: 'warn', shape: 'M2 1h3v10H2zM7 1h3v10H7z' },
  isolated: { word: 'Isolated', tone: 'hold', shape: 'M1 1h10v10H1zM2.8 2.8v6.4h6.4V2.8z M2.2 8.5 8.5 2.2l1.3 1.3-6.3 6.3z' },
  warming: { word: 'Warming up', tone: 'ok', shape: 'M6 0.8a5.2 5.2 0 1 0 0 10.4a5.2 5.2 0 1 0 0-10.4zM6 2.3v7.4a3.7 3.7 0 0 1 0-7.4z' },
  healthy: { word: 'Healthy', tone: 'ok', shape: 'M6 0.8a5.2 5.2 0 1 0 0 10.4a5.2 5.2 0 1 0 0-10.4z' },
  drained: { word: 'Drained', tone: 'rest', shape: 'M6 0.8a5.2 5.2 0 1 0 0 10.4a5.2 5.2 0 1 0 0-10.4zM6 2.4a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 1 1 0-7.2z' },
  spare: { word: 'Spare', tone: 'rest', shape: 'M1 5h10v2H1z' },
};

export const order = Object.keys(conditions);

export const reasons = {
  ConsecutiveFailures: 'too many failures in a row',
  FailureRatio: 'too many of its calls failed',
  SlowCallRatio: 'too many of its calls were slow',
  SuccessRate: 'fails far more often than the others',
  ProbeFailed: 'its probe failed',
  EndpointAskedForLess: 'it asked for less',
};

/** Why an endpoint is as it is, and until when. */
export function because(endpoint, now) {
  const open = /open: (\w+)$/.exec(endpoint.reason);
  let text = endpoint.condition === 'drained' ? 'takes no calls: weight 0' : open ? reasons[open[1]] ?? open[1] : endpoint.reason;
  if (endpoint.condition === 'warming' && endpoint.live?.[5]) {
    text = `takes ${share(endpoint.live[5])} of its share`;
  }

  if (endpoint.breaker.dueAt) {
    const left = Date.parse(endpoint.breaker.dueAt) - now;
    text += left > 0 ? `; tried again in ${time(Math.ceil(left / 1000) * 1000)}` : '; tried again with the next call';
  }

  return endpoint.unlisted ? `${text}${text ? '; ' : ''}no longer listed, kept until it fails` : text;
}
