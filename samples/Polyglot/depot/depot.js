'use strict';

// Asks the gRPC service stock how many there are: the client of the pair. Its channel leads to the address that the environment names as the proxy and asks
// for the authority "stock" there; it knows nothing else of a mesh.

const http = require('node:http');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const { loadSync } = require('@grpc/proto-loader');

const { name, port, http_proxy: proxy } = process.env;
const { shop } = grpc.loadPackageDefinition(loadSync(path.join(__dirname, '..', 'stock', 'stock.proto'), { defaults: true }));

// By itself grpc-js would take http_proxy for a proxy that tunnels.
const settings = { 'grpc.default_authority': 'stock', 'grpc.enable_http_proxy': 0 };
const stock = new shop.Stock(`dns:///${new URL(proxy).host}`, grpc.credentials.createInsecure(), settings);

function seen({ baggage = '', traceparent = '' }) {
  return { by: name, lane: /mesh-lane=([^,;]*)/.exec(baggage)?.[1] ?? '', trace: traceparent.split('-')[1] ?? '' };
}

http.createServer(({ url, headers }, response) => {
  if (url === '/healthz') {
    response.end('ok');
    return;
  }

  const carried = new grpc.Metadata();
  ['baggage', 'traceparent', 'tracestate'].filter((header) => headers[header]).forEach((header) => carried.set(header, headers[header]));
  const left = headers['x-envoy-expected-rq-timeout-ms'];
  const item = { id: Number(url.slice(1)) };
  stock.Find(item, carried, left ? { deadline: Date.now() + Number(left) } : {}, (error, found) => {
    response.writeHead(error ? 502 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(error ? { error: error.message } : { item: item.id, count: found.count, path: [seen(headers), ...found.path] }));
  });
}).listen(port, '127.0.0.1');
