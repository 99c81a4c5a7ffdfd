// Shows the lab from /events. Text from nodes is assigned only to textContent, never to markup.
'use strict';

const stateNames = {silent: 'waiting', underWay: 'installing', verified: 'verified', needsRestart: 'verified, restart needed', failed: 'failed'};
const nodes = new Map();
const open = new Set();
const table = document.getElementById('nodes');
// The difference between the clocks of the browser and the server, in seconds.
let skew = 0;

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = number => String(number).padStart(2, '0');
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

const timeOfDay = time => new Date(time * 1000).toLocaleTimeString();

function describe(event) {
  return [event.stage, event.step, event.status].filter(Boolean).join(' ') + (event.message ? `: ${event.message}` : '');
}

function begin(node) {
  const body = make('tbody');
  const row = body.appendChild(make('tr', 'row'));
  const head = row.appendChild(make('th'));
  head.scope = 'row';
  const name = head.appendChild(make('button', 'name', node.node));
  name.type = 'button';
  name.title = node.fullName;
  const detail = body.appendChild(make('tr', 'detail'));
  const panel = make('td');
  panel.colSpan = 5;
  panel.id = `of-${node.node}`;
  detail.append(panel);
  name.setAttribute('aria-controls', panel.id);
  const cells = {
    state: make('td', 'state'), bar: make('td', 'bar'), time: make('td', 'time'), message: make('td', 'message'),
  };
  row.append(cells.state, cells.bar, cells.time, cells.message);
  const progress = cells.bar.appendChild(make('progress'));
  progress.max = 100;
  name.addEventListener('click', () => {
    open.has(node.node) ? open.delete(node.node) : open.add(node.node);
    draw(nodes.get(node.node));
  });
  table.append(body);
  return {body, name, detail, panel, progress, ...cells};
}

function draw(entry) {
  const {node, view} = entry;
  view.body.className = node.state;
  set(view.state, stateNames[node.state] + (node.isArmed || node.percent === 100 ? '' : ', boots from disk'));
  view.progress.value = node.percent;
  view.progress.setAttribute('aria-label', `${node.node}: ${node.percent} %`);
  const last = node.failure || node.timeline[node.timeline.length - 1];
  set(view.message, last ? describe(last) : node.fetched ? `fetched ${node.fetched}` : 'no message yet');
  tick(entry);
  const isOpen = open.has(node.node);
  view.name.setAttribute('aria-expanded', String(isOpen));
  view.detail.hidden = !isOpen;
  if (isOpen) fill(view.panel, node);
}

function tick({node, view}) {
  const isUnderWay = node.state === 'underWay' && node.heard;
  const since = isUnderWay ? Date.now() / 1000 - skew - node.heard : 0;
  set(view.time, node.heard ? clock(node.seconds + Math.max(0, since)) : '');
}

function fill(cell, node) {
  const log = cell.querySelector('pre');
  const isFocused = log && document.activeElement === log;
  const place = log ? log.scrollTop : 0;
  const isAtEnd = !log || log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  const panel = make('div', 'panel');
  const about = [node.fullName, node.address && `address ${node.address}`,
    node.heard && `last message at ${timeOfDay(node.heard)}`,
    node.fetched && `fetched ${node.fetched} at ${timeOfDay(node.fetchedTime)}`,
    node.isArmed ? 'armed: is installed when it boots from the network' : 'boots from its own disk'];
  panel.append(make('p', 'about', about.filter(Boolean).join(' · ')));
  if (node.failure) {
    const advice = panel.appendChild(make('div', 'advice'));
    advice.append(make('p', '', describe(node.failure)), make('p', '', node.advice || ''));
  }
  if (node.log.length) {
    const text = make('pre', '', node.log.join('\n'));
    text.tabIndex = 0;
    text.setAttribute('aria-label', `${node.node}: the last lines of the log`);
    panel.append(make('h2', '', 'Log'), text);
  }
  if (node.report) {
    const report = node.report;
    panel.append(make('h2', '', 'Verifier'), make('p', '',
      [`${report.passed} ok, ${report.failed} failed`, report.xen && `Xen ${report.xen}`, report.kernel, report.time].filter(Boolean).join(' · ')));
    for (const item of report.restarts.concat(report.differences)) {
      const seen = item.seen === undefined ? 'not checked' : `saw ${item.seen || 'nothing'}`;
      panel.append(make('p', 'advice', `${item.outcome}: ${item.assertion}, ${seen}, expected ${item.asked}`));
    }
  }
  if (node.timeline.length) {
    panel.append(make('h2', '', 'Timeline'));
    const list = panel.appendChild(make('ol', 'timeline'));
    for (const event of node.timeline) {
      const item = list.appendChild(make('li'));
      const time = make('time', '', clock(event.seconds));
      time.dateTime = new Date(event.time * 1000).toISOString();
      time.title = timeOfDay(event.time);
      const text = make('span');
      text.append(make('span', 'stage', event.stage), ` ${event.step || ''} `, make('span', event.status, event.status),
        event.message ? `: ${event.message}` : '');
      item.append(time, text);
    }
  }
  cell.replaceChildren(panel);
  const now = cell.querySelector('pre');
  if (now) now.scrollTop = isAtEnd ? now.scrollHeight : place;
  if (now && isFocused) now.focus();
}

function receive(update) {
  skew = Date.now() / 1000 - update.time;
  document.title = `${update.lab} · xenseed`;
  set(document.getElementById('lab'), `${update.lab}, Debian ${update.release}`);
  for (const node of update.nodes) {
    const known = nodes.get(node.node);
    const entry = known || {view: begin(node)};
    // The details of a failure are shown without a click.
    if (node.state === 'failed' && (!known || known.node.state !== 'failed')) open.add(node.node);
    entry.node = node;
    nodes.set(node.node, entry);
    draw(entry);
  }
  const counts = {};
  for (const {node} of nodes.values()) counts[node.state] = (counts[node.state] || 0) + 1;
  set(document.getElementById('summary'),
    Object.keys(stateNames).filter(state => counts[state]).map(state => `${counts[state]} ${stateNames[state]}`).join(', '));
}

const link = document.getElementById('link');
const events = new EventSource('events');
events.onmessage = message => receive(JSON.parse(message.data));
events.onopen = () => { link.textContent = 'live'; link.className = ''; };
events.onerror = () => { link.textContent = 'the server does not answer; connecting again'; link.className = 'lost'; };
setInterval(() => nodes.forEach(tick), 1000);

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'j' && event.key !== 'k')) return;
  const names = [...document.querySelectorAll('button.name')];
  const place = names.indexOf(document.activeElement);
  const next = event.key === 'j' ? Math.min(names.length - 1, place + 1) : Math.max(0, place - 1);
  if (names[next]) names[next].focus();
});
