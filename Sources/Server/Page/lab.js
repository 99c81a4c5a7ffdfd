// Shows the lab from /events. Text from nodes is assigned only to textContent, never to markup.
'use strict';

const find = id => document.getElementById(id);

// MARK: What is known

// The names of the states for people, in the order in which nodes are listed: failures, then nodes under way, then all others.
const stateNames = {failed: 'failed', underWay: 'installing', needsRestart: 'restart needed', verified: 'verified', silent: 'waiting'};
// The nodes by their names, in the order of the lab file: {node, view}, where node is the last state from the server.
const entries = new Map();
let labName = 'xenseed';
// The difference between the clocks of the browser and the server, in seconds.
let skew = 0;

// Returns the time of the server's clock, in seconds since 1970.
const serverTime = () => Date.now() / 1000 - skew;

// MARK: Text

// Control characters and those that change the direction of text are shown as codes. A node can't send them in progress lines, but in
// its verifier's report.
function printable(text) {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, character => `\\u{${character.codePointAt(0).toString(16)}}`);
}

// Returns a time span as hours, minutes and seconds.
function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = number => String(number).padStart(2, '0');
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

// Returns the time of day, with the date if it is not today.
function timeOfDay(time) {
  const date = new Date(time * 1000);
  return date.toDateString() === new Date(Date.now()).toDateString() ? date.toLocaleTimeString() : date.toLocaleString();
}

const plural = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

function describe(event) {
  return [event.stage, event.step, event.status].filter(Boolean).join(' ') + (event.message ? `: ${event.message}` : '');
}

// Returns the name of a node's state. Whether it is armed is added where this is not what a reader expects.
function stateOf(node) {
  const isInstalled = node.state === 'verified' || node.state === 'needsRestart';
  if (isInstalled && node.isArmed) return `${stateNames[node.state]}, armed`;
  if (node.state === 'silent' && !node.isArmed) return `${stateNames.silent}, boots from disk`;
  return stateNames[node.state];
}

// Returns the expected time that is left of an installation, as text.
function timeLeft(node, now) {
  if (node.state !== 'underWay' || node.secondsLeft === undefined) return '';
  const minutes = Math.ceil((node.secondsLeft - Math.max(0, now - node.heard)) / 60);
  if (minutes < 0) return 'longer than expected';
  if (minutes >= 120) return `about ${Math.round(minutes / 60)} h left`;
  return `about ${Math.max(1, minutes)} min left`;
}

// Returns the one line about a node that is shown without its details.
function note(node) {
  if (node.failure) return `${[node.failure.stage, node.failure.step].filter(Boolean).join(' ')}: ${node.reason || node.failure.message}`;
  const last = node.timeline[node.timeline.length - 1];
  if (last) return describe(last.status === 'start' ? {...last, status: ''} : last);
  return node.fetched ? `fetched ${node.fetched}` : '';
}

// Returns the title of the page: what needs attention, or else all states.
function titleOf(counts) {
  const shown = ['failed', 'underWay'].filter(state => counts[state]);
  const states = shown.length ? shown : Object.keys(stateNames).filter(state => counts[state]);
  return [states.map(state => `${counts[state]} ${stateNames[state]}`).join(', '), labName].filter(Boolean).join(' – ');
}

// MARK: Order and filter

const rank = node => ({failed: 0, underWay: 1})[node.state] ?? 2;

// Returns the nodes as they have to be listed. The order of nodes with the same rank is that of the lab.
const sorted = nodes => [...nodes].sort((a, b) => rank(a) - rank(b));

function searchText(node) {
  return [node.node, node.fullName, ...node.cards.map(card => card.mac), ...node.addresses.map(address => address.address), node.address,
    stateOf(node)].filter(Boolean).join('\n').toLowerCase();
}

// Returns whether a node has each word of the text, and one of the states if there are any.
function matches(node, text, states) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = searchText(node);
  return (states.size === 0 || states.has(node.state)) && words.every(word => all.includes(word.replaceAll('-', ':')) || all.includes(word));
}

// MARK: Elements

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = printable(text);
  return element;
}

function button(text, action) {
  const element = make('button', '', text);
  element.type = 'button';
  element.addEventListener('click', action);
  return element;
}

function link(path) {
  const element = make('a', '', path.split('/').pop());
  element.href = path.split('/').map(encodeURIComponent).join('/');
  return element;
}

// An element that is not changed keeps its selection and its place on a screen reader.
function set(element, text) {
  const shown = printable(text);
  if (element.textContent !== shown) element.textContent = shown;
}

const lastShown = new WeakMap();

// Replaces the content of an element if the value that it shows has changed.
function show(element, value, content) {
  const key = JSON.stringify(value);
  if (lastShown.get(element) === key) return;
  lastShown.set(element, key);
  element.replaceChildren(...content());
}

// MARK: A row

const list = find('nodes');
const open = new Set();
const selected = new Set();
const states = new Set();

function makeView(name, number) {
  const item = make('li');
  const row = item.appendChild(make('div', 'row'));
  const pick = row.appendChild(make('label', 'pick')).appendChild(make('input'));
  pick.type = 'checkbox';
  pick.setAttribute('aria-label', `Select ${name}`);
  pick.addEventListener('change', () => {
    pick.checked ? selected.add(name) : selected.delete(name);
    drawActions();
  });
  const toggle = row.appendChild(make('h2')).appendChild(button(name, () => {
    open.has(name) ? open.delete(name) : open.add(name);
    draw(entries.get(name));
  }));
  const state = row.appendChild(make('span', 'state'));
  state.id = `state-${number}`;
  const bar = row.appendChild(make('progress', 'bar'));
  bar.max = 100;
  const time = row.appendChild(make('span', 'time'));
  const left = row.appendChild(make('span', 'left'));
  const about = row.appendChild(make('div', 'note'));
  about.id = `note-${number}`;
  const reason = about.appendChild(make('bdi'));
  const advice = about.appendChild(make('div', 'advice'));
  const panel = item.appendChild(make('div', 'panel'));
  panel.id = `panel-${number}`;
  panel.hidden = true;
  toggle.setAttribute('aria-controls', panel.id);
  toggle.setAttribute('aria-describedby', `${state.id} ${about.id}`);
  list.append(item);
  return {item, pick, toggle, state, bar, time, left, reason, advice, panel};
}

function draw(entry) {
  const {node, view} = entry;
  if (view.item.className !== node.state) view.item.className = node.state;
  set(view.state, stateOf(node));
  view.bar.value = node.percent;
  view.bar.setAttribute('aria-label', `${node.node}: ${node.percent} %`);
  set(view.reason, note(node));
  set(view.advice, node.advice || '');
  tick(entry);
  const isOpen = open.has(node.node);
  view.toggle.setAttribute('aria-expanded', String(isOpen));
  view.panel.hidden = !isOpen;
  if (isOpen) drawPanel(entry);
}

// Shows the times that go on without a message of the node.
function tick({node, view}) {
  const now = serverTime();
  const since = node.state === 'underWay' && node.heard ? Math.max(0, now - node.heard) : 0;
  set(view.time, node.heard ? clock(node.seconds + since) : '');
  set(view.left, timeLeft(node, now));
}

// MARK: The details of a node

function makePanel(entry) {
  const {view, node} = entry;
  const part = (tag, className) => view.panel.appendChild(make(tag, className));
  entry.parts = {facts: part('dl'), buttons: part('div', 'buttons'), report: part('div'), log: part('div'), timeline: part('div')};
  const heading = entry.parts.timeline.appendChild(make('h3', '', 'Timeline'));
  entry.parts.events = entry.parts.timeline.appendChild(make('ol', 'timeline'));
  entry.parts.events.tabIndex = 0;
  entry.parts.events.setAttribute('aria-label', `${node.node}: ${heading.textContent}`);
}

function drawPanel(entry) {
  if (!entry.parts) makePanel(entry);
  const {node, parts} = entry;
  const facts = factsOf(node);
  show(parts.facts, facts, () => facts.flatMap(([name, texts, paths]) => {
    const value = make('dd');
    value.append(...texts.map(text => make('bdi', '', text)), ...(paths || []).map(link));
    return [make('dt', '', name), value];
  }));
  show(parts.buttons, node.isArmed, () => [
    node.isArmed ? button(`Disarm ${node.node}…`, () => ask('disarm', [node.node])) : button(`Arm ${node.node}…`, () => ask('arm', [node.node])),
  ]);
  show(parts.report, node.report || null, () => node.report ? reportOf(node.report) : []);
  show(parts.log, node.log, () => node.log.length ? logOf(node) : []);
  drawTimeline(node, parts);
}

// Returns what is known about a node: names, each with lines of text and paths of files.
function factsOf(node) {
  const cards = node.cards.map((card, place) => `${card.name} ${card.mac}${place === 0 && node.cards.length > 1 ? ' (for the installation)' : ''}`);
  const addresses = node.addresses.map(({link, address}) => `${link} ${address}`);
  const left = {true: 'by earlier installations of this lab', false: 'by the time so far'}[node.isLeftFromRuns];
  return [
    ['Name', [node.fullName]],
    ['Disk', [`${node.disk}, which an installation erases`]],
    ['Network cards', cards],
    ['Addresses', addresses.length ? addresses : ['from DHCP']],
    ['Next start', [node.isArmed ? 'armed: is installed when it starts from the network' : 'starts from its own disk']],
    node.heard && ['Last post', [`${timeOfDay(node.heard)}${node.address ? ` from ${node.address}` : ''}`]],
    node.fetched && ['Last file', [`${node.fetched}, at ${timeOfDay(node.fetchedTime)}`]],
    left && ['Time left', [`estimated ${left}`]],
    node.files.length && ['Boot files', [], node.files],
  ].filter(Boolean);
}

function reportOf(report) {
  const about = [`${report.passed} ok, ${report.failed} failed`, report.xen && `Xen ${report.xen}`, report.kernel, report.time];
  return [make('h3', '', 'Verifier'), make('p', '', about.filter(Boolean).join(' · ')),
    ...report.restarts.map(item => ['difference restart', item]).concat(report.differences.map(item => ['difference', item])).map(
      ([className, item]) => {
        const seen = item.seen === undefined ? 'not checked' : `saw ${item.seen || 'nothing'}`;
        const text = make('p', className);
        text.append(make('bdi', '', `${item.outcome}: ${item.assertion}, ${seen}, expected ${item.asked}`));
        return text;
      })];
}

function logOf(node) {
  const text = make('pre');
  text.textContent = node.log.map(printable).join('\n');
  text.tabIndex = 0;
  text.setAttribute('aria-label', `${node.node}: the last lines of the log`);
  return [make('h3', '', 'Log'), text];
}

// Adds the new events. All are shown again if the server has removed some.
function drawTimeline(node, parts) {
  const keys = node.timeline.map(event => JSON.stringify(event));
  const known = parts.keys || [];
  parts.timeline.hidden = keys.length === 0;
  if (known.some((key, place) => key !== keys[place])) parts.events.replaceChildren();
  parts.events.append(...node.timeline.slice(parts.events.children.length).map(eventOf));
  parts.keys = keys;
}

function eventOf(event) {
  const item = make('li');
  const time = make('time', '', clock(event.seconds));
  time.dateTime = new Date(event.time * 1000).toISOString();
  time.title = timeOfDay(event.time);
  const text = make('span', '', `${event.stage} ${event.step || ''} `);
  text.append(make('span', event.status, event.status), event.message ? `: ${printable(event.message)}` : '');
  item.append(time, text);
  return item;
}

// MARK: The whole list

// Returns the names of the nodes in their order, with a mark on those that the filter hides.
function arrangement() {
  return sorted([...entries.values()].map(({node}) => node)).map(node => ({name: node.node, isShown: matches(node, find('text').value, states)}));
}

// Puts the rows in order and hides those that the filter excludes.
function arrange() {
  let place = 0;
  for (const {name, isShown} of arrangement()) {
    const {item} = entries.get(name).view;
    if (list.children[place] !== item) list.insertBefore(item, list.children[place]);
    if (item.hidden === isShown) item.hidden = !isShown;
    place += 1;
  }
  newFailures.clear();
  drawSort();
  drawActions();
  find('none').hidden = entries.size === 0 || shownNames().length > 0;
}

// The nodes that have failed since the rows were put in order.
const newFailures = new Set();

function drawSort() {
  find('sort').hidden = isArranged();
  set(find('sort'), `${newFailures.size ? `${plural(newFailures.size, 'new failure')} – s` : 'S'}ort again`);
}

const isArranged = () => arrangement().every(({name, isShown}, place) => {
  const {item} = entries.get(name).view;
  return list.children[place] === item && item.hidden !== isShown;
});

const shownNames = () => [...entries].filter(([, {view}]) => !view.item.hidden).map(([name]) => name);

// Whether somebody reads or uses the list, so that rows must not change places.
function isInUse() {
  return scrollY > 0 || open.size > 0 || selected.size > 0 || find('dialog').open || list.contains(document.activeElement);
}

// Changes the page, and keeps the first row that can be seen where it is.
function withoutMoving(change) {
  const top = Math.max(0, find('filter').getBoundingClientRect().bottom);
  const first = scrollY > 0 ? [...list.children].find(item => item.getBoundingClientRect().bottom > top) : undefined;
  const before = first?.getBoundingClientRect().top;
  change();
  if (first) scrollBy(0, first.getBoundingClientRect().top - before);
}

function drawSummary() {
  const counts = {};
  for (const {node} of entries.values()) counts[node.state] = (counts[node.state] || 0) + 1;
  for (const element of find('states').children) set(element, `${counts[element.dataset.state] || 0} ${stateNames[element.dataset.state]}`);
  const title = titleOf(counts);
  if (document.title !== title) document.title = title;
  drawIcon(counts.failed ? '#b3261e' : counts.underWay ? '#1d5aa8' : counts.verified === entries.size ? '#1a6d3b' : '#5b6270');
}

function drawIcon(colour) {
  const image = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`;
  const address = `data:image/svg+xml,${encodeURIComponent(image)}`;
  if (find('icon').href !== address) find('icon').href = address;
}

// MARK: Messages of the server

// Shows the nodes of a message.
// - isWhole: whether the message has all nodes. Those that are missing are no longer in the lab.
function receive(update, isWhole) {
  skew = Date.now() / 1000 - update.time;
  labName = update.lab;
  const isFirst = entries.size === 0;
  const failed = update.nodes.filter(node => node.state === 'failed' && entries.get(node.node)?.node.state !== 'failed');
  withoutMoving(() => {
    set(find('lab'), `${update.lab}, Debian ${update.release}`);
    show(find('files'), update.files, () => [...update.files, 'lab.json'].map(link));
    if (isWhole) forget(new Set(update.nodes.map(node => node.node)));
    for (const node of update.nodes) {
      const entry = entries.get(node.node) || {view: makeView(node.node, ++rows)};
      entry.node = node;
      entries.set(node.node, entry);
      draw(entry);
    }
    drawSummary();
    for (const node of failed) newFailures.add(node.node);
    if (isFirst || !isInUse()) arrange();
  });
  drawSort();
  if (!isFirst && failed.length) announce(failed);
}

// The number of rows that were made, from which their ids are derived.
let rows = 0;

function forget(names) {
  for (const [name, {view}] of entries) {
    if (names.has(name)) continue;
    view.item.remove();
    entries.delete(name);
    open.delete(name);
    selected.delete(name);
  }
}

// Announces failures to users of a screen reader.
function announce(failed) {
  const others = failed.length - 1;
  set(find('spoken'), `${failed[0].node} failed, ${note(failed[0])}${others ? `, and ${plural(others, 'more node')}` : ''}`);
}

// MARK: The connection

let events;
let lostSince;
let lastSign = Date.now();
let hasBeats = false;

function connect() {
  let isWhole = false;
  events = new EventSource('events');
  events.onopen = () => {
    isWhole = true;
    sign();
  };
  events.onmessage = message => {
    sign();
    receive(JSON.parse(message.data), isWhole);
    isWhole = false;
  };
  events.addEventListener('beat', () => {
    hasBeats = true;
    sign();
  });
  events.onerror = () => {
    lose(Date.now());
    // The browser itself connects again only after some errors.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
  };
}

// Notes that the server has sent something.
function sign() {
  lastSign = Date.now();
  lostSince = undefined;
  drawLink();
}

function lose(time) {
  lostSince ??= time;
  drawLink();
}

function drawLink() {
  set(find('link'), lostSince ? 'offline' : 'live');
  set(find('lost'), lostSince ? `Connection lost since ${timeOfDay(lostSince / 1000)}; trying again` : '');
  find('lost').hidden = !lostSince;
}

// The server sends something at least every ten seconds. A browser does not notice that the network is gone.
function watchConnection() {
  if (!hasBeats || events.readyState !== EventSource.OPEN || Date.now() - lastSign < 35000) return;
  events.close();
  lose(lastSign);
  connect();
}

// MARK: Arming

const actions = {
  arm: {
    question: names => `Arm ${plural(names.length, 'node')}?`,
    effect: 'When they next start from the network, they are installed, and everything on these disks is ERASED:',
    confirm: 'Arm and erase',
  },
  disarm: {
    question: names => `Disarm ${plural(names.length, 'node')}?`,
    effect: 'They start from their own disks. An installation that has begun may not be able to go on:',
    confirm: 'Disarm',
  },
};
// The action and the nodes that the dialog asks about.
let asked;

// Asks whether nodes shall be armed or disarmed.
function ask(action, names) {
  asked = {action, names};
  const {question, effect, confirm} = actions[action];
  set(find('question'), question(names));
  set(find('effect'), effect);
  find('concerned').replaceChildren(...names.map(name => {
    const item = make('li');
    item.append(`${name}${action === 'arm' ? ': ' : ''}`, ...(action === 'arm' ? [make('strong', '', entries.get(name).node.disk)] : []));
    return item;
  }));
  set(find('confirm'), confirm);
  find('confirm').classList.toggle('erases', action === 'arm');
  find('plain').hidden = location.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
  prepareDialog('', false);
  find('dialog').showModal();
  (find('asking').hidden ? find('cancel') : find('token')).focus();
}

// Prepares the dialog for an attempt.
// - answer: what to show below the question.
// - isDone: whether there is nothing left to confirm.
function prepareDialog(answer, isDone) {
  const isKnown = sessionStorage.getItem('token') !== null;
  find('asking').hidden = isKnown || isDone;
  find('token').value = '';
  find('token').required = !isKnown && !isDone;
  find('confirm').hidden = isDone;
  set(find('cancel'), isDone ? 'Close' : 'Cancel');
  find('answer').textContent = answer.trim().split('\n').map(printable).join('\n');
  find('answer').className = answer && !isDone ? 'refused' : '';
}

let isSending = false;

async function submit() {
  if (isSending) return;
  isSending = true;
  await send();
  isSending = false;
}

// Sends what the dialog asked. The token stays in this tab until it is closed.
async function send() {
  const {action, names} = asked;
  const token = sessionStorage.getItem('token') ?? find('token').value.trim();
  if (!/^[!-~]+$/.test(token)) return prepareDialog('This is not a token.', false);
  find('answer').textContent = 'Waiting for the server…';
  find('answer').className = '';
  let status, text;
  try {
    const response = await fetch(action, {
      method: 'POST', body: names.join('\n') + '\n', headers: {Authorization: `Bearer ${token}`, 'Content-Type': 'text/plain'},
      redirect: 'error', cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(60000),
    });
    status = response.status;
    text = await response.text();
  } catch {
    return prepareDialog('The server does not answer. Whether it has received the request is not known.', false);
  }
  if (status === 401) {
    sessionStorage.removeItem('token');
    prepareDialog('The server does not accept this token.', false);
    return find('token').focus();
  }
  if (status !== 403) sessionStorage.setItem('token', token);
  if (status !== 200) return prepareDialog(text || `The server answered with status ${status}.`, false);
  clearSelection();
  prepareDialog(text, true);
  find('cancel').focus();
}

function clearSelection() {
  selected.clear();
  for (const {view} of entries.values()) view.pick.checked = false;
  drawActions();
}

function drawActions() {
  const shown = shownNames();
  const count = shown.filter(name => selected.has(name)).length;
  find('all').checked = count > 0 && count === shown.length;
  find('all').indeterminate = count > 0 && count < shown.length;
  set(find('selected'), selected.size ? `${selected.size} selected` : 'Select all');
  for (const id of ['arm', 'disarm']) find(id).disabled = selected.size === 0;
}

// MARK: Controls

function makeStateButtons() {
  for (const [state, name] of Object.entries(stateNames)) {
    const element = find('states').appendChild(button(`0 ${name}`, () => {
      states.has(state) ? states.delete(state) : states.add(state);
      element.setAttribute('aria-pressed', String(states.has(state)));
      arrange();
    }));
    element.className = state;
    element.dataset.state = state;
    element.setAttribute('aria-pressed', 'false');
  }
}

// Selects or deselects the nodes that the filter shows.
function selectAll() {
  for (const name of shownNames()) {
    find('all').checked ? selected.add(name) : selected.delete(name);
    entries.get(name).view.pick.checked = find('all').checked;
  }
  drawActions();
}

// The keys j and k move between the nodes.
function moveByKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'j' && event.key !== 'k')) return;
  if (find('dialog').open || event.target.matches('input:not([type=checkbox])')) return;
  const buttons = [...list.querySelectorAll('li:not([hidden]) h2 button')];
  const item = document.activeElement?.closest('#nodes > li');
  const place = buttons.findIndex(button => item?.contains(button));
  buttons[event.key === 'j' ? Math.min(buttons.length - 1, place + 1) : Math.max(0, place - 1)]?.focus();
}

makeStateButtons();
find('text').addEventListener('input', arrange);
find('sort').addEventListener('click', () => {
  arrange();
  scrollTo(0, 0);
});
find('all').addEventListener('change', selectAll);
for (const action of ['arm', 'disarm']) {
  find(action).addEventListener('click', () => ask(action, [...entries.keys()].filter(name => selected.has(name))));
}
find('cancel').addEventListener('click', () => { if (!isSending) find('dialog').close(); });
// The answer to a request is shown in the dialog that sent it.
find('dialog').addEventListener('cancel', event => { if (isSending) event.preventDefault(); });
find('form').addEventListener('submit', event => {
  event.preventDefault();
  submit();
});
document.addEventListener('keydown', moveByKey);
connect();
setInterval(() => { if (!lostSince) entries.forEach(tick); }, 1000);
setInterval(watchConnection, 5000);
