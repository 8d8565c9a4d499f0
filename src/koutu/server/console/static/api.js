// Asks the console's own server; every write carries the session's token.
const token = document.querySelector('meta[name=csrf]')?.content ?? '';

export async function post(path, body, type) {
  return read(await fetch(path, { method: 'POST', body, headers: { 'X-CSRF-Token': token, 'Content-Type': type } }));
}

export async function get(path) {
  return read(await fetch(path));
}

async function read(response) {
  if (response.status === 401) location.assign('/console/sign-in');
  const document = await response.json();
  return { status: response.status, ...document };
}

export function pageData() {
  return JSON.parse(document.getElementById('data').textContent);
}

export const later = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
