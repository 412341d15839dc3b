'use strict';

// The face of the shop. It calls http://orders through the HTTP proxy that the environment names, and knows nothing else of a mesh.

const http = require('node:http');

const { name, port, http_proxy: proxy } = process.env;
const { hostname, port: proxyPort } = new URL(proxy);
const connections = new http.Agent({ keepAlive: true });

// What belongs to a request that is served, and so to the calls that are made for it.
const carried = ['baggage', 'traceparent', 'tracestate', 'x-envoy-expected-rq-timeout-ms'];

function seen({ baggage = '', traceparent = '' }) {
  return { by: name, lane: /mesh-lane=([^,;]*)/.exec(baggage)?.[1] ?? '', trace: traceparent.split('-')[1] ?? '' };
}

function call(url, served) {
  const headers = { host: new URL(url).host };
  carried.filter((header) => served[header]).forEach((header) => { headers[header] = served[header]; });
  return new Promise((resolve, reject) => {
    http.get({ agent: connections, hostname, port: proxyPort, path: url, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('error', reject).on('data', (part) => { text += part; });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });
}

http.createServer(async ({ url, headers }, response) => {
  if (url === '/healthz') {
    response.end('ok');
    return;
  }

  try {
    const { status, text } = await call(`http://orders${url}`, headers);
    const order = status === 200 ? JSON.parse(text) : null;
    response.writeHead(status, { 'content-type': order ? 'application/json' : 'text/plain' });
    response.end(order ? JSON.stringify({ ...order, path: [seen(headers), ...order.path] }) : text);
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
}).listen(port, '127.0.0.1');
