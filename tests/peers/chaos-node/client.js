'use strict';

// A program that knows nothing of the mesh but its agent: node client.js AGENT-PORT UNIX-START CALLS-A-SECOND FIRST-NUMBER. Calls http://orders by the agent as its proxy until its input ends, and writes a line for each call:
// kind, number, start and end in ms since UNIX-START, verdict, reason.
const http = require('node:http');

const [port, start, rate, first] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
const pattern = ['Get', 'Post', 'Metered', 'Get', 'Metered', 'Get', 'Get', 'Metered', 'Post', 'Get', 'Metered'];
let number = first;
let open = 0;
let ended = false;

function call(kind, id) {
  const begun = Date.now() - start;
  let done = false;
  open++;
  const end = (verdict, reason) => {
    if (!done) {
      done = true;
      open--;
      process.stdout.write(`${kind} ${id} ${begun} ${Date.now() - start} ${verdict} ${reason}\n`);
    }
  };
  const path = { Get: '/', Post: '/record', Metered: '/metered' }[kind];
  const body = kind === 'Post' ? `agent-${id}` : '';
  const headers = { host: 'orders', ...(body ? { 'content-length': body.length } : {}) };
  const request = http.request({ host: '127.0.0.1', port, method: body ? 'POST' : 'GET', path: `http://orders${path}`, headers, agent }, (answer) => {
    const reason = answer.headers['x-mesh-reason'];
    const status = answer.statusCode;
    let length = 0;
    answer.on('data', (bytes) => { length += bytes.length; });
    answer.on('error', () => end('Cut', '-'));
    answer.on('aborted', () => end('Cut', '-'));
    answer.on('end', () => {
      if (status === 200) end(length > 0 ? 'Ok' : 'Failed', length > 0 ? '-' : 'empty');
      else if (!reason) end('Answered', status);
      else if (reason === 'response-body') end('Cut', '-');
      else end(status === 429 || status === 503 ? 'Refused' : 'Failed', reason.replaceAll('-', '_'));
    });
  });
  request.on('error', (error) => end('Failed', error.code ?? 'error'));
  request.end(body);
}

const begin = Date.now();
const timer = setInterval(() => {
  for (const due = first + (Date.now() - begin) / 1000 * rate; number < due; number++) call(pattern[number % pattern.length], number);
}, 10);
process.stdin.on('end', () => { ended = true; clearInterval(timer); });
process.stdin.resume();
setInterval(() => { if (ended && open === 0) process.exit(0); }, 50);
