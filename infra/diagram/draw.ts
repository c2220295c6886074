import type { Card, Picture } from './picture.ts';
import { arrow, type Box, card, rect, svg, words } from './svg.ts';

const WIDTH = 1336;
const HEIGHT = 610;
/** The network, and what is outside of it on both sides. */
const VPC: Box = { x: 290, y: 24, width: 740, height: 562 };
const PERSON = { x: 24, width: 126, height: 68 };
const SERVICES = { x: 1116, width: 196, height: 62 };
const PUBLIC: Box = { x: VPC.x + 12, y: 112, width: VPC.width - 24, height: 196 };
const ISOLATED: Box = { x: VPC.x + 12, y: 348, width: VPC.width - 24, height: 222 };
const CARD = { width: 244, height: 72 };
const GAP = 24;

/** The drawing of a deployment, always the same for the same picture. */
export function draw(picture: Picture): string {
  const zones = zoneBoxes(picture.zones);
  const servers = serverBox(picture, zones);
  return svg(WIDTH, HEIGHT, describe(picture), [
    ...ground(picture, zones),
    ...wayIn(picture, servers),
    ...stores(picture, zones, servers),
    card(servers, 'web', picture.servers.title, picture.servers.lines),
    ...services(picture, servers),
  ]);
}

function zoneBoxes(count: number): readonly Box[] {
  const width = (VPC.width - GAP * (count + 1)) / count;
  return Array.from({ length: count }, (_, index) => ({
    x: VPC.x + GAP + index * (width + GAP),
    y: VPC.y + 44,
    width,
    height: VPC.height - 64,
  }));
}

function ground({ cidr }: Picture, zones: readonly Box[]): string[] {
  const named = (box: Box, style: string, name: string) => [
    rect(box, style),
    words(box.x + box.width - 14, box.y + 22, 'name', name, 'end'),
  ];
  return [
    rect(VPC, 'place'),
    words(VPC.x + 16, VPC.y + 28, 'name', `VPC ${cidr}`),
    ...named(PUBLIC, 'public', 'Public subnets'),
    ...named(ISOLATED, 'isolated', 'Isolated subnets: no route leads out'),
    ...zones.flatMap((zone, index) => [
      rect(zone, 'zone'),
      words(zone.x + zone.width / 2, zone.y + 22, 'name', `Zone ${index + 1}`, 'middle'),
    ]),
  ];
}

function serverBox({ servers, balancer }: Picture, zones: readonly Box[]): Box {
  const [first] = zones;
  const last = zones[servers.zones - 1];
  if (first === undefined || last === undefined) throw new Error('the template has no zones');
  const x = first.x + 20;
  const width = servers.zones > 1 ? last.x + last.width - 20 - x : CARD.width;
  return { x, y: PUBLIC.y + (balancer === undefined ? 70 : 110), width, height: CARD.height };
}

/** Visitors by the port that is open to them, or by Session Manager. */
function wayIn({ visitors, balancer }: Picture, servers: Box): string[] {
  const front = { ...servers, y: PUBLIC.y + 38, height: 42 };
  const door = balancer === undefined ? servers : front;
  const y = door.y + door.height / 2;
  const middle = PERSON.x + PERSON.width / 2;
  const text = visitors === undefined ? 'Session Manager' : `port ${visitors.ports}`;
  const parts = [
    rect({ ...PERSON, y: y - PERSON.height / 2 }, 'card', 6),
    words(middle, y - 4, 'title', 'You', 'middle'),
    words(middle, y + 17, 'line', visitors === undefined ? 'no port is open' : visitors.from, 'middle'),
    arrow(
      [
        [PERSON.x + PERSON.width, y],
        [door.x, y],
      ],
      { x: (PERSON.x + PERSON.width + VPC.x) / 2, y, text },
    ),
  ];
  if (balancer === undefined) return parts;
  const below = front.x + front.width / 2;
  return [
    ...parts,
    card(front, 'web', balancer, []),
    arrow([
      [below, front.y + front.height],
      [below, servers.y],
    ]),
  ];
}

function stores(picture: Picture, zones: readonly Box[], servers: Box): string[] {
  const { database, databasePort, cache, cachePort } = picture;
  const databaseY = ISOLATED.y + 44;
  const cacheY = databaseY + CARD.height + 18;
  const row = (cards: readonly Card[], y: number, kind: string) =>
    cards.map((each, index) => card(placeOf(each, zones, y), kind, each.title, each.lines, index > 0));
  const left = servers.x;
  const bottom = servers.y + servers.height;
  const between = (PUBLIC.y + PUBLIC.height + ISOLATED.y) / 2;
  const beside = left + CARD.width + 34;
  const middle = cacheY + CARD.height / 2;
  return [
    ...row(database, databaseY, 'database'),
    ...row(cache, cacheY, 'cache'),
    arrow(
      [
        [left + 70, bottom],
        [left + 70, databaseY],
      ],
      { x: left + 70, y: between, text: `TLS ${databasePort}` },
    ),
    arrow(
      [
        [left + CARD.width - 24, bottom],
        [left + CARD.width - 24, bottom + 14],
        [beside, bottom + 14],
        [beside, middle],
        [cache[0]?.zone === undefined ? beside : left + CARD.width, middle],
      ],
      { x: beside, y: between, text: `TLS ${cachePort}` },
    ),
  ];
}

/** What has no zone of its own is in all of them. */
function placeOf({ zone }: Card, zones: readonly Box[], y: number): Box {
  const first = zones[zone ?? 0];
  const last = zones.at(-1);
  if (first === undefined || last === undefined) throw new Error('the template has no zones');
  const x = first.x + 20;
  const width = zone === undefined ? last.x + last.width - 20 - x : Math.min(CARD.width, first.width - 40);
  return { x, y, width, height: CARD.height };
}

function services({ services: all }: Picture, servers: Box): string[] {
  const step = (VPC.height - SERVICES.height) / (all.length - 1);
  const y = servers.y + servers.height / 2;
  const right = VPC.x + VPC.width;
  const end = SERVICES.x - 12;
  const bracket = `<path class="bracket" d="M${end + 6} ${VPC.y}h-6V${VPC.y + VPC.height}h6"/>`;
  return [
    bracket,
    arrow(
      [
        [servers.x + servers.width, y],
        [end - 2, y],
      ],
      { x: (right + end) / 2 - 6, y, text: 'HTTPS' },
    ),
    ...all.map(({ title, lines }, index) =>
      card({ ...SERVICES, y: VPC.y + index * step }, 'service', title, lines),
    ),
  ];
}

/** For those who do not see it. */
function describe({ zones, servers, database, cache, visitors, balancer }: Picture): string {
  const titles = (cards: readonly Card[]) =>
    cards.map(({ title, lines }) => `${title} (${lines.join(', ')})`).join(', ');
  const door =
    visitors === undefined
      ? 'no open port: people come by Session Manager'
      : `port ${visitors.ports} open to ${visitors.from}`;
  return `A network in ${zones} zones. Public subnets: ${balancer ? `${balancer}, ` : ''}${titles([servers])}, ${door}. Isolated subnets: ${titles(database)}; ${titles(cache)}.`;
}
