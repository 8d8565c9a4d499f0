// The playground of one action: its form, the call, the result and the code for it.
import { get, later, pageData, post } from './api.js';
import { fromFile, fromSample, load, ovalMask, suit, takePhoto } from './photos.js';
import { fetchPictures, shares, thumbnail } from './results.js';
import { Stage, colour } from './stage.js';

const action = pageData();
const { texts } = action;
const form = document.getElementById('call');
const inputs = new Map([...form.querySelectorAll('.input')].map((field) => [field.dataset.parameter, { field, photo: null }]));
const run = document.getElementById('run');
const status = document.getElementById('status');
const problem = document.getElementById('problem');
const stage = new Stage();
let code = {};
let busy = false;

const text = (name, content, className = '') => {
  const made = document.createElement(name);
  made.textContent = content;
  made.className = className;
  return made;
};

function choose(parameter, photo) {
  const input = inputs.get(parameter);
  input.photo = photo;
  const preview = input.field.querySelector('.preview');
  preview.src = photo.url;
  preview.hidden = false;
  input.field.querySelector('.drop-text').hidden = true;
  input.field.querySelector('.file-name').textContent = photo.name;
  for (const button of input.field.querySelectorAll('[data-sample]')) {
    button.setAttribute('aria-pressed', String(button.dataset.sample === photo.name && photo.sample !== null));
  }
}

async function choosePhoto(parameter, photo) {
  choose(parameter, photo);
  const mask = inputs.get('MaskImageURL');
  if (mask && parameter !== 'MaskImageURL' && photo.sample) choose('MaskImageURL', await ovalMask(photo));
  if (ready() && photo.sample) await submit();
}

const ready = () => [...inputs.values()].every((input) => input.photo !== null);

for (const [parameter, { field }] of inputs) {
  const file = field.querySelector('input[type=file]');
  const drop = field.querySelector('.drop');
  file.addEventListener('change', async () => {
    if (file.files[0]) await choosePhoto(parameter, await fromFile(file.files[0]));
    file.value = '';
  });
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add('over'); });
  }
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', async (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    const dropped = [...event.dataTransfer.files].find((entry) => entry.type.startsWith('image/'));
    if (dropped) await choosePhoto(parameter, await fromFile(dropped));
  });
  for (const button of field.querySelectorAll('[data-sample]')) {
    button.addEventListener('click', () => choosePhoto(parameter, fromSample(button.dataset.sample)));
  }
  field.querySelector('.take')?.addEventListener('click', async () => {
    const photo = await takePhoto(document.getElementById('camera'), () => complain(texts.no_camera));
    if (photo) await choosePhoto(parameter, photo);
  });
  field.querySelector('.oval')?.addEventListener('click', async () => {
    const { photo } = inputs.get(action.images[0]);
    if (photo) choose(parameter, await ovalMask(photo));
  });
}

document.addEventListener('paste', async (event) => {
  const pasted = [...(event.clipboardData?.files ?? [])].find((entry) => entry.type.startsWith('image/'));
  if (!pasted) return;
  event.preventDefault();
  const empty = [...inputs.entries()].find(([, input]) => input.photo === null)?.[0] ?? action.images[0];
  await choosePhoto(empty, await fromFile(pasted));
});
// A photo that misses its field must not replace the page.
for (const name of ['dragover', 'drop']) document.addEventListener(name, (event) => event.preventDefault());

function complain(message, answer = {}) {
  problem.replaceChildren(text('p', message));
  if (answer.cure) problem.append(text('p', answer.cure));
  if (answer.answer?.Code) {
    const link = text('a', `${texts.error_more}: ${answer.answer.Code}`);
    link.href = `/errors/${answer.answer.Code}`;
    problem.append(link);
  }
  problem.hidden = false;
}

const asKey = () => {
  const chosen = document.getElementById('call-as');
  return chosen ? `?key=${encodeURIComponent(chosen.value)}` : '';
};

function parameters() {
  const params = {};
  const lists = {};
  for (const field of form.querySelectorAll('[name]')) {
    if (field.type === 'checkbox' && !field.checked) continue;
    if ('list' in field.dataset) {
      lists[field.name] = (lists[field.name] ?? 0) + 1;
      params[`${field.name}.${lists[field.name]}`] = field.value;
    } else if (field.value.trim() !== '') params[field.name] = field.value.trim();
  }
  return params;
}

async function upload() {
  const images = {};
  const notes = [];
  for (const [parameter, input] of inputs) {
    const photo = await suit(input.photo, parameter === 'MaskImageURL' ? null : action.limits, texts.shrunk);
    if (photo.note) notes.push(photo.note);
    input.sent = photo;
    let { sample: url } = photo;
    if (!url) {
      const answer = await post(`/console/api/photos${asKey()}`, photo.file, 'application/octet-stream');
      if (!answer.url) return { failed: answer };
      ({ url } = answer);
    }
    images[parameter] = { url, file: photo.name, sample: photo.sample !== null };
  }
  return { images, notes };
}

async function submit() {
  if (busy) return;
  if (!ready()) {
    complain(texts.drop_here);
    [...inputs.values()].find((input) => input.photo === null).field.querySelector('input').focus();
    return;
  }
  busy = true;
  problem.hidden = true;
  run.disabled = true;
  stage.stage.querySelector('.busy').hidden = false;
  for (const id of ['elements', 'legend', 'code', 'timing']) document.getElementById(id).hidden = true;
  try {
    await work();
  } catch (error) {
    status.textContent = '';
    complain(String(error.message ?? error));
  } finally {
    busy = false;
    run.disabled = false;
    stage.stage.querySelector('.busy').hidden = true;
  }
}

async function work() {
  const started = performance.now();
  status.textContent = texts.uploading;
  const params = parameters();
  const { images, notes, failed } = await upload();
  const uploaded = performance.now();
  status.textContent = texts.working;
  let answer = failed ?? await post(`/console/api/calls${asKey()}`,
    JSON.stringify({ action: action.action, params, images }), 'application/json');
  if (answer.status !== 200) return fail(answer);
  let { seconds } = answer;
  const calling = answer.code;
  let data = answer.answer.Data;
  if (!data) {
    answer = await finished(answer.answer.RequestId);
    if (answer.status !== 200) return fail(answer);
    const job = answer.answer.Data;
    if (job.Status !== 'PROCESS_SUCCESS') return fail({ answer: { Code: job.ErrorCode, Message: job.ErrorMessage } });
    data = JSON.parse(job.Result);
    seconds = null;
  }
  await show(data, params);
  status.textContent = texts.done;
  // Where the result stands below the form, it would be out of sight.
  if (stage.stage.getBoundingClientRect().top > window.innerHeight * 0.6) {
    stage.stage.closest('section').scrollIntoView({ block: 'start' });
  }
  const total = (performance.now() - started) / 1000;
  timing([[texts.time_upload, (uploaded - started) / 1000], [texts.time_server, seconds], [texts.time_total, total]], notes);
  showCode(calling, answer.answer);
  return undefined;
}

async function finished(id) {
  for (;;) {
    const answer = await get(`/console/api/jobs/${id}${asKey()}`);
    const state = answer.answer?.Data?.Status;
    if (state !== 'QUEUING' && state !== 'PROCESSING') return answer;
    status.textContent = `${texts.job_number}: ${texts[state]}`;
    await later(400);
  }
}

function fail(answer) {
  status.textContent = '';
  stage.clear();
  complain(answer.answer?.Message ?? String(answer.status), answer);
}

async function show(data, params) {
  const kind = action.forms[params.ReturnForm ?? ''] ?? action.forms[''];
  const photo = await load(inputs.get(action.images[0]).sent.url);
  const pictures = await fetchPictures(data, action, kind);
  if (pictures.length === 0) {
    stage.clear();
    complain(texts.nothing_found);
    return;
  }
  const whole = action.placed ? photo : pictures[0].image;
  stage.show(photo, pictures, whole.naturalWidth, whole.naturalHeight);
  if (action.shape === 'elements') listElements(pictures);
  if (action.classes.length && kind === 'labels') listClasses(pictures[0].image);
}

function listElements(pictures) {
  const items = pictures.map((picture, index) => {
    const item = document.createElement('li');
    const frame = text('div', '', 'checker');
    const image = thumbnail(picture);
    const name = picture.name ? action.names[picture.name] ?? picture.name : `${texts.element} ${index + 1}`;
    image.setAttribute('aria-label', name);
    frame.append(image);
    const words = text('div', '', 'words');
    const dot = text('span', '', 'dot');
    dot.style.backgroundColor = colour(index);
    const link = text('a', texts.download);
    link.href = picture.url;
    link.download = `${picture.name || `element-${index + 1}`}.png`;
    link.setAttribute('aria-label', `${texts.download}: ${name}`);
    words.append(dot, name, document.createElement('br'),
      `${picture.image.naturalWidth}×${picture.image.naturalHeight}${action.placed ? ` @ ${picture.x}, ${picture.y}` : ''} `, link);
    item.append(frame, words);
    return item;
  });
  document.querySelector('#elements ul').replaceChildren(...items);
  document.getElementById('elements').hidden = false;
}

function listClasses(image) {
  const rows = shares(image, action.classes).map(([entry, share]) => {
    const row = document.createElement('tr');
    const name = document.createElement('th');
    name.scope = 'row';
    const dot = text('span', '', 'dot');
    dot.style.backgroundColor = `rgb(${entry.colour})`;
    name.append(dot, entry.label);
    const value = document.createElement('td');
    const bar = text('span', '', 'bar');
    bar.style.width = `${share * 10}rem`;
    bar.style.backgroundColor = `rgb(${entry.colour})`;
    value.append(bar, `${(share * 100).toFixed(1)} %`);
    row.append(name, value);
    return row;
  });
  document.querySelector('#legend tbody').replaceChildren(...rows);
  document.getElementById('legend').hidden = false;
}

function timing(entries, notes) {
  const list = document.getElementById('timing');
  list.replaceChildren(...entries.filter(([, seconds]) => seconds !== null).map(([name, seconds]) => {
    const group = document.createElement('div');
    group.append(text('dt', name), text('dd', `${seconds.toFixed(2)} s`));
    return group;
  }));
  if (notes.length) {
    const group = document.createElement('div');
    group.append(text('dt', texts.shrunk), text('dd', notes.map((note) => note.replace(texts.shrunk, '').trim()).join(', ')));
    list.append(group);
  }
  list.hidden = false;
}

const tabs = [...document.querySelectorAll('[role=tab]')];

function showCode(made, answer) {
  code = made ?? {};
  document.getElementById('answer').textContent = JSON.stringify(answer, null, 2);
  document.getElementById('code').hidden = false;
  pick(tabs.find((tab) => tab.getAttribute('aria-selected') === 'true'));
}

function pick(chosen) {
  for (const tab of tabs) {
    tab.setAttribute('aria-selected', String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
  }
  document.getElementById('code-panel').setAttribute('aria-labelledby', chosen.id);
  document.getElementById('code-text').textContent = code[chosen.dataset.kind] ?? '';
  document.getElementById('code-keys').hidden = ['library', 'cli'].includes(chosen.dataset.kind);
}

tabs.forEach((tab, index) => {
  tab.addEventListener('click', () => pick(tab));
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    pick(next);
    next.focus();
  });
});

document.getElementById('copy').addEventListener('click', async (event) => {
  const words = event.currentTarget.querySelector('span');
  const content = document.getElementById('code-text').textContent;
  try {
    await navigator.clipboard.writeText(content);
  } catch {
    // Without https browsers offer no clipboard beyond loopback: select the text and copy that.
    getSelection().selectAllChildren(document.getElementById('code-text'));
    document.execCommand('copy');
  }
  words.textContent = texts.copied;
  setTimeout(() => { words.textContent = texts.copy_code; }, 2000);
});

form.addEventListener('submit', (event) => { event.preventDefault(); submit(); });
if (matchMedia('(max-width: 860px)').matches) document.getElementById('side-fold').open = false;
