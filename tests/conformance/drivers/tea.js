// Speaks for a client for Node: calls come as lines of JSON on standard input, answers go out as such lines.
// The first line holds the endpoint, the protocol and the key. It runs in the client's own folder and knows nothing of Koutu.
'use strict';
const fs = require('fs');
const readline = require('readline');
const { createRequire } = require('module');
const path = require('path');

const load = createRequire(path.join(process.cwd(), 'package.json'));
const sdk = load('@alicloud/imageseg20191230');
const own = createRequire(load.resolve('@alicloud/imageseg20191230'));
const newer = sdk.SegmentClothRequest.names().clothClass !== undefined;
const models = newer ? own('@alicloud/openapi-core').$OpenApiUtil : own('@alicloud/openapi-client');
const { RuntimeOptions } = newer ? own('@darabonba/typescript') : own('@alicloud/tea-util');

function fill(Request, params, files) {
  const fields = Object.fromEntries(Object.entries(Request.names()).map(([field, name]) => [name, field]));
  const values = {};
  for (const [name, value] of Object.entries(params)) {
    values[fields[name]] = files.includes(name) ? fs.createReadStream(value) : value;
  }
  return new Request(values);
}

async function call(client, order) {
  const runtime = new RuntimeOptions({ readTimeout: 60000, connectTimeout: 60000 });
  const method = order.action[0].toLowerCase() + order.action.slice(1);
  if (order.mode === 'advance') {
    const request = fill(sdk[order.action + 'AdvanceRequest'], order.params, order.files);
    return (await client[method + 'Advance'](request, runtime)).body;
  }
  if (order.mode === 'generic') {
    const params = new models.Params({
      action: order.action, version: '2019-12-30', protocol: 'HTTPS', pathname: '/', method: 'POST',
      authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json',
    });
    return (await client.callApi(params, new models.OpenApiRequest({ body: order.params }), runtime)).body;
  }
  return (await client[method + 'WithOptions'](fill(sdk[order.action + 'Request'], order.params, []), runtime)).body;
}

// Models give their fields back under the names of the wire.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const names = value.constructor && value.constructor.names ? value.constructor.names() : {};
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined).map(([field, item]) => [names[field] || field, plain(item)]));
}

async function main() {
  let client = null;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    if (client === null) {
      client = new sdk.default(new models.Config({
        accessKeyId: order.access_key_id, accessKeySecret: order.access_key_secret,
        endpoint: order.endpoint, protocol: order.protocol, regionId: 'cn-shanghai',
      }));
      client._openPlatformEndpoint = order.endpoint;
      const requests = Object.keys(sdk).filter((name) => name.endsWith('Request')).map((name) => name.slice(0, -7));
      const advance = requests.filter((name) => name.endsWith('Advance')).map((name) => name.slice(0, -7));
      process.stdout.write(JSON.stringify({ typed: requests.filter((name) => !name.endsWith('Advance')), advance }) + '\n');
      continue;
    }
    let answer;
    try {
      answer = { body: plain(await call(client, order)) };
    } catch (error) {
      answer = { error: { code: String(error.code || error.name), message: String(error.message) } };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
}

main();
