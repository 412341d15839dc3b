'use strict';

// Knows how many there are: the server of the gRPC pair. It calls nobody, and knows nothing of a mesh.

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const { loadSync } = require('@grpc/proto-loader');

const { name, port } = process.env;
const { shop } = grpc.loadPackageDefinition(loadSync(path.join(__dirname, 'stock.proto'), { defaults: true }));

function seen(metadata) {
  const [baggage = ''] = metadata.get('baggage');
  const [traceparent = ''] = metadata.get('traceparent');
  return { by: name, lane: /mesh-lane=([^,;]*)/.exec(baggage)?.[1] ?? '', trace: traceparent.split('-')[1] ?? '' };
}

const server = new grpc.Server();
server.addService(shop.Stock.service, {
  Find: ({ request, metadata }, callback) => callback(null, { count: request.id % 7, path: [seen(metadata)] }),
});
server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error) {
    throw error;
  }
});
