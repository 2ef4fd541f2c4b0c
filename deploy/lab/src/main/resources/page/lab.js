// The lab's page. It draws whatever state the server sends (server-sent events, four a second) and posts
// the buttons; it keeps only what scrolls: the strips of the last minute and the log.
// @ts-check

const SVG = 'http://www.w3.org/2000/svg';
const KEPT = 240; // states of 250 ms: one minute
const LOST = '#d40000';
const ACTIONS = ['kill', 'hang', 'poweroff', 'drain', 'resume', 'start'];
// The primary announces nothing.
const PRIMARY_ACTIONS = ['kill', 'hang', 'poweroff', 'start'];

/** @type {Map<string, {at: number, counts: Record<string, number>}[]>} */
const strips = new Map();
/** @type {Map<string, string>} */
const last = new Map();

const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

function svg(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

// Equirectangular, without the poles and the Pacific.
const x = ([, longitude]) => 40 + (longitude + 105) / 255 * 920;
const y = ([latitude]) => 20 + (62 - latitude) / 66 * 420;

/** The PoP that answered most, or 'lost'. */
function answeredBy(client) {
  const counts = Object.entries(client.counts ?? {}).sort((a, b) => b[1] - a[1]);
  return counts.length ? counts[0][0] : '-';
}

function drawMap(state) {
  const map = element('map');
  const colors = new Map(state.pops.map((pop) => [pop.name, pop.color]));
  const routers = new Map(state.routers.map((router) => [router.name, router]));
  const nodes = [];
  const line = (a, b, kind, more = {}) =>
    nodes.push(svg('line', {class: kind, x1: x(a), y1: y(a), x2: x(b), y2: y(b), ...more}));
  for (const [left, right] of state.links) line(routers.get(left).map, routers.get(right).map, 'link');
  for (const machine of [...state.pops, ...state.primaries]) line(machine.map, routers.get(machine.router).map, 'attach');
  for (const client of state.clients) {
    line(client.map, routers.get(client.router).map, 'attach');
    const pop = state.pops.find((candidate) => candidate.name === answeredBy(client));
    if (pop) {
      const middle = `${(x(client.map) + x(pop.map)) / 2},${Math.min(y(client.map), y(pop.map)) - 40}`;
      nodes.push(svg('path', {
        class: 'reach', stroke: pop.color,
        d: `M${x(client.map)},${y(client.map)} Q${middle} ${x(pop.map)},${y(pop.map)}`,
      }));
    }
  }
  for (const router of state.routers) {
    nodes.push(svg('circle', {class: 'router', cx: x(router.map), cy: y(router.map), r: 7}));
    nodes.push(svg('text', {x: x(router.map) + 10, y: y(router.map) + 18}, `${router.name} AS${router.as}`));
  }
  for (const pop of state.pops) {
    const up = pop.announced.length > 0;
    nodes.push(svg('rect', {
      class: 'pop', x: x(pop.map) - 12, y: y(pop.map) - 12, width: 24, height: 24,
      fill: pop.color, 'fill-opacity': up ? 1 : 0.15,
    }));
    nodes.push(svg('text', {x: x(pop.map) - 12, y: y(pop.map) - 18, 'font-weight': 'bold'}, `${pop.name}${up ? '' : ' ✕'}`));
  }
  for (const primary of state.primaries) {
    const up = primary.responder === 'running';
    nodes.push(svg('rect', {
      class: 'primary', x: x(primary.map) - 9, y: y(primary.map) - 9, width: 18, height: 18, 'fill-opacity': up ? 1 : 0.15,
    }));
    nodes.push(svg('text', {x: x(primary.map) + 14, y: y(primary.map) + 5}, `${primary.name}${up ? '' : ' ✕'}`));
  }
  for (const client of state.clients) {
    const pop = answeredBy(client);
    nodes.push(svg('circle', {
      class: 'client', id: `client-${client.name}`, 'data-pop': pop, cx: x(client.map), cy: y(client.map), r: 9,
      fill: colors.get(pop) ?? LOST,
    }));
    nodes.push(svg('text', {x: x(client.map) - 14, y: y(client.map) - 14}, `${client.name} → ${pop}`));
  }
  map.replaceChildren(...nodes);
}

async function act(action, pop) {
  note(`${action} ${pop}`);
  const answer = await fetch(`do/${action}/${pop}`, {method: 'POST', headers: {'X-Lab': 'page'}});
  if (!answer.ok) note(`${action} ${pop}: ${await answer.text()}`);
}

function card(pop, actions) {
  const made = document.createElement('article');
  made.className = 'card';
  made.id = `pop-${pop.name}`;
  made.style.borderLeftColor = pop.color ?? 'currentColor';
  made.innerHTML = '<h3><span class="name"></span><span class="rate"></span></h3>' +
    '<div class="state"></div><div class="zone"></div><div class="why"></div><div class="buttons"></div>';
  for (const action of actions) {
    const button = document.createElement('button');
    button.textContent = action;
    button.dataset.action = action;
    button.setAttribute('aria-label', `${action} ${pop.name}`);
    button.addEventListener('click', () => act(action, pop.name));
    made.querySelector('.buttons')?.append(button);
  }
  element('pops').append(made);
  return made;
}

const setter = (made) => (part, text) => { /** @type {HTMLElement} */ (made.querySelector(part)).textContent = text; };

/** Serial and digest of example.com. */
const version = (machine) => `serial ${machine.serial} · digest ${machine.digest}`;

function drawPops(state) {
  for (const pop of state.pops) {
    const made = document.getElementById(`pop-${pop.name}`) ?? card(pop, ACTIONS);
    const set = setter(made);
    const announced = pop.announced.length > 0;
    const word = announced ? '● ANNOUNCED' : '✕ WITHDRAWN';
    set('.name', `${pop.name} at ${pop.router}`);
    set('.rate', `${pop.rate} q/s`);
    set('.state', `${word} · responder ${pop.responder} · ${pop.grade || 'no word'}`);
    const differs = pop.differences.length > 0;
    set('.zone', differs ? `${version(pop)} · differs: ${pop.differences.join(', ')}` : version(pop));
    made.dataset.zones = differs ? 'differ' : 'same';
    set('.why', pop.reasons.join('; '));
    made.dataset.state = announced ? 'announced' : 'withdrawn';
    remember(`PoP ${pop.name}`, announced ? 'announced' : 'withdrawn', pop.reasons[0]);
    remember(`zones of ${pop.name}`, differs ? 'differ' : 'same', pop.differences[0]);
  }
  for (const primary of state.primaries) {
    const made = document.getElementById(`pop-${primary.name}`) ?? card(primary, PRIMARY_ACTIONS);
    const set = setter(made);
    set('.name', `hidden ${primary.name} at ${primary.router}`);
    set('.state', `responder ${primary.responder} · feeds ${primary.zones.join(', ')}`);
    set('.zone', version(primary));
    remember('primary', primary.responder);
  }
}

function drawStrips(state) {
  const colors = new Map(state.pops.map((pop) => [pop.name, pop.color]));
  for (const client of state.clients) {
    const strip = strips.get(client.name) ?? [];
    strips.set(client.name, strip);
    if (client.at && strip.at(-1)?.at !== client.at) strip.push({at: client.at, counts: client.counts});
    while (strip.length > KEPT) strip.shift();
    remember(`client ${client.name}`, answeredBy(client));
    let row = document.getElementById(`strip-${client.name}`);
    if (!row) {
      row = document.createElement('div');
      row.className = 'row';
      row.id = `strip-${client.name}`;
      row.innerHTML = `<span></span><svg viewBox="0 0 ${KEPT} 20" preserveAspectRatio="none"></svg><output></output>`;
      /** @type {HTMLElement} */ (row.querySelector('span')).textContent = client.name;
      element('timeline').append(row);
    }
    let lost = 0;
    const bars = [];
    strip.forEach((bin, index) => {
      const total = Object.values(bin.counts).reduce((a, b) => a + b, 0);
      let top = 0;
      lost += bin.counts.lost ?? 0;
      for (const [pop, count] of Object.entries(bin.counts)) {
        const height = count / total * 20;
        bars.push(svg('rect', {x: KEPT - strip.length + index, y: top, width: 1.1, height, fill: colors.get(pop) ?? LOST}));
        top += height;
      }
    });
    row.querySelector('svg')?.replaceChildren(...bars);
    /** @type {HTMLElement} */ (row.querySelector('output')).textContent = `${lost} lost`;
  }
}

/** Logs a change of something. */
function remember(what, now, why) {
  const before = last.get(what);
  if (before !== now) {
    last.set(what, now);
    if (before !== undefined) note(`${what}: ${before} → ${now}${why ? ` (${why})` : ''}`);
  }
}

function note(text) {
  const line = document.createElement('li');
  line.textContent = `${new Date().toISOString().slice(11, 23)} ${text}`;
  element('log').prepend(line);
  while (element('log').children.length > 200) element('log').lastChild?.remove();
}

const events = new EventSource('events');
events.onopen = () => { element('link').textContent = 'live'; element('link').className = ''; };
events.onerror = () => { element('link').textContent = 'the lab does not answer'; element('link').className = 'stale'; };
events.onmessage = (message) => {
  const state = JSON.parse(message.data);
  drawMap(state);
  drawPops(state);
  drawStrips(state);
};
