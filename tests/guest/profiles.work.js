// SPDX-License-Identifier: GPL-2.0
// A Node.js program that does what such programs do; prints "done" when all of it worked.
const assert = require('assert');
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const zlib = require('zlib');

function work(number) {
	return new Promise((resolve, reject) => {
		const worker = new Worker(__filename, { workerData: number });
		worker.on('message', resolve);
		worker.on('error', reject);
	});
}

function get(port, name) {
	return new Promise((resolve, reject) => {
		http.get({ host: 'localhost', port, path: name }, (answer) => {
			let body = '';
			answer.on('data', (chunk) => (body += chunk));
			answer.on('end', () => resolve(body));
		}).on('error', reject);
	});
}

async function main() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'work-'));
	fs.writeFileSync(path.join(folder, 'page'), 'x'.repeat(10000));
	const server = http.createServer(async (request, answer) => {
		const text = await fs.promises.readFile(path.join(folder, request.url));
		answer.end(zlib.gzipSync(text).length < text.length ? 'smaller' : 'larger');
	});
	await new Promise((resolve) => server.listen(0, 'localhost', resolve));
	const answers = await Promise.all(
		Array.from({ length: 50 }, () => get(server.address().port, '/page')));
	assert(answers.every((answer) => answer === 'smaller'));
	const squares = await Promise.all([1, 2, 3].map(work));
	assert.deepStrictEqual(squares, [1, 4, 9]);
	const key = await new Promise((resolve, reject) =>
		crypto.pbkdf2('secret', 'salt', 1000, 32, 'sha256',
			(error, made) => (error ? reject(error) : resolve(made))));
	assert.strictEqual(key.length, 32);
	assert(os.cpus().length && os.networkInterfaces().lo && os.uptime() > 0);
	fs.rmSync(folder, { recursive: true });
	server.close();
	console.log('done');
}

if (isMainThread)
	main();
else
	parentPort.postMessage(workerData * workerData);
