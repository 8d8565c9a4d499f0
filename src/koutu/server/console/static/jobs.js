// Keeps the list of jobs as it is on the server.
import { get, later, pageData } from './api.js';

const { texts } = pageData();
const body = document.querySelector('#jobs tbody');
const said = document.getElementById('jobs-said');
const running = (state) => state === 'QUEUING' || state === 'PROCESSING';
const states = new Map();

function cell(...children) {
  const made = document.createElement('td');
  made.append(...children);
  return made;
}

function element(name, text, className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function row(job) {
  const made = document.createElement('tr');
  made.dataset.id = job.id;
  const action = element('a', job.action);
  action.href = `/console/play/${job.action}`;
  made.append(
    cell(element('span', texts[job.state], `badge ${job.state}`)), cell(action), cell(job.at),
    cell(job.seconds === null ? '' : `${job.seconds.toFixed(1)} s`), cell(element('code', job.key)), cell(element('code', job.id)),
  );
  return made;
}

function show(jobs) {
  for (const job of jobs) {
    const before = states.get(job.id);
    if (before && before !== job.state && !running(job.state)) said.textContent = `${job.action}: ${texts[job.state]}`;
    states.set(job.id, job.state);
  }
  body.replaceChildren(...jobs.map(row));
  document.getElementById('no-jobs').hidden = jobs.length > 0;
}

for (;;) {
  let wait = 5000;
  if (!document.hidden) {
    try {
      const { jobs } = await get('/console/api/jobs');
      if (jobs) {
        show(jobs);
        if (jobs.some((job) => running(job.state))) wait = 700;
      }
    } catch { /* the server is away: the next round asks again */ }
  }
  await later(wait);
}
