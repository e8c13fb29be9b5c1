import { readFileSync } from 'node:fs';
import type { Random } from './random.ts';

/** What one record must be read as: rows in order, amounts canonical. */
export interface ExpectedRow {
  readonly label: string;
  readonly address: string;
  readonly amount: string;
}

/** A piece of a document: a record (one or more whole lines, or one element of a JSON list), or what stands around records. */
export interface Unit {
  readonly text: string;
  readonly kind: 'fixed' | 'record';
  readonly rows: readonly ExpectedRow[];
  /** True where it must be one fault; null where nothing is known of it. */
  readonly faulty: boolean | null;
}

/** How a layout's records stand in its documents. */
export interface Layout {
  readonly name: string;
  /** `line`: a record a line, numbered by it; `entry`: numbered by position; `block`: some lines; `json`: elements of a list. */
  readonly shape: 'line' | 'entry' | 'block' | 'json';
  readonly make: (random: Random) => readonly Unit[];
  /** The record with this printed amount in place of its own; null where the layout has none. */
  readonly withAmount: (record: Unit, text: string) => string | null;
}

const ADDRESSES = [
  '1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU',
  '34xp4vRoCGJym3xR7yCVPFHoCNxv4Twseo',
  'bc1qq6cuk0nfjy6rvcug9vkkrhgu78ga4tytneefp5mrjyet4u9m88wqty73tz',
  '0xdac17f958d2ee523a2206206994597c13d831ec7',
  '0xdAC17F958D2ee523a2206206994597C13D831ec7',
  'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
  '7YHwLJnaSbebj59a13nDhfCvvSNyiUf9TafFMx6zv9LA',
  'not-an-address',
  '__proto__',
  'constructor',
];
const COINS = ['BTC', 'ETH', 'USDT', 'USDT-ERC20', 'SOL', 'TRX', 'ZZZ', '__proto__', 'toString'];
const CHAINS = ['BTC', 'ETH', 'SOL', 'TRON', 'ARBITRUM', 'nowhere', '__proto__'];
const SLUGS = ['bitcoin', 'ethereum', 'solana', 'tron', 'nowhere', 'constructor'];

/** An amount as printed and as it must be read. */
function amountOf(random: Random): { readonly printed: string; readonly canonical: string } {
  const whole = random.pick(['0', '1', '17', '250000', '9007199254740993', '1'.padEnd(40, '7'), `${random.int(1e9)}`]);
  const fraction = random.pick(['', '', '5', '25', '000000000000000001', '123456789012345678', '50']);
  const printed = fraction === '' ? whole : `${whole}.${fraction}`;
  const rest = fraction.replace(/0+$/, '');
  return { printed: random.chance(8) ? `0${printed}` : printed, canonical: rest === '' ? whole : `${whole}.${rest}` };
}

const fixed = (text: string): Unit => ({ text, kind: 'fixed', rows: [], faulty: false });
const record = (text: string, ...rows: readonly ExpectedRow[]): Unit => ({ text, kind: 'record', rows, faulty: false });
const times = (random: Random, most: number, make: () => Unit): readonly Unit[] =>
  Array.from({ length: 1 + random.int(most) }, make);

function shuffled<T>(random: Random, list: readonly T[]): readonly T[] {
  const rest = [...list];
  return list.map(() => rest.splice(random.int(rest.length), 1)[0] as T);
}

/** Signed rows of the example that the repository ships: network, address, message, signatures and script as printed. */
const SIGNED = readFileSync('docs/examples/okx-layout.csv', 'utf8')
  .split('\n')
  .map((line) => line.split(','))
  .filter((cells) => cells.length === 11 && cells[6] !== '' && cells[0] !== 'coin');

/** A layout of comma-separated columns, of which `columns` may stand in any order behind the first ones. */
function csv(
  name: string,
  options: {
    readonly first?: readonly string[];
    readonly columns: readonly string[];
    readonly amount: string | null;
    readonly before?: (random: Random) => readonly Unit[];
    readonly shape?: 'entry';
    readonly cells: (random: Random) => {
      readonly cells: Readonly<Record<string, string>>;
      readonly rows: readonly ExpectedRow[];
    };
  },
): Layout {
  const orders = new WeakMap<Unit, readonly string[]>();
  return {
    name,
    shape: options.shape ?? 'line',
    make(random) {
      const order = [...(options.first ?? []), ...shuffled(random, options.columns)];
      const make = (): Unit => {
        const { cells, rows } = options.cells(random);
        const unit = record(order.map((column) => cells[column] ?? '').join(','), ...rows);
        orders.set(unit, order);
        return unit;
      };
      return [...(options.before?.(random) ?? []), fixed(order.join(',')), ...times(random, 8, make)];
    },
    withAmount(unit, text) {
      const at = options.amount === null ? -1 : (orders.get(unit)?.indexOf(options.amount) ?? -1);
      if (at < 0) return null;
      const cells = unit.text.split(',');
      return cells.map((cell, index) => (index === at ? text : cell)).join(',');
    },
  };
}

function okx(name: string, extra: readonly string[]): Layout {
  const columns = [
    'Network',
    'Snapshot Height',
    'address',
    'amount',
    'message',
    'signature1',
    'signature2',
    'redeem script',
  ];
  return csv(name, {
    first: ['coin'],
    columns: [...columns, ...extra],
    amount: 'amount',
    before: (random) => (random.chance(2) ? [fixed('coin,amount'), fixed('BTC, 124.5'), fixed('')] : []),
    cells(random) {
      const amount = amountOf(random);
      const label = random.pick(COINS);
      const row = { label, amount: amount.canonical };
      const cells = { coin: label, amount: amount.printed, 'Snapshot Height': '1', Type: 'Native' };
      if (random.chance(6)) {
        const [, Network, , address = '', , message, signature1, signature2, script] = random.pick(SIGNED) as string[];
        const proof = { Network, address, message, signature1, signature2, 'redeem script': script };
        return { cells: { ...cells, ...proof } as Record<string, string>, rows: [{ ...row, address }] };
      }
      const address = random.pick(ADDRESSES);
      return {
        cells: { ...cells, Network: random.pick(CHAINS), address, message: 'I am an OKX address' },
        rows: [{ ...row, address }],
      };
    },
  });
}

const htx: Layout = {
  ...csv('htx-csv', {
    first: ['coin', 'address', 'snapshot height', 'balance', 'message', 'signature'],
    columns: [],
    amount: 'balance',
    before: (random) =>
      random.chance(2) ? [fixed('coin,snapshot height,balance'), fixed('BTC(ALL),-,1'), fixed('')] : [],
    cells(random) {
      const amount = amountOf(random);
      const row = { label: random.pick(COINS), address: random.pick(ADDRESSES), amount: amount.canonical };
      const cells = { coin: row.label, address: row.address, 'snapshot height': '7', balance: amount.printed };
      return { cells: { ...cells, message: '-', signature: '-' }, rows: [row] };
    },
  }),
};

const binance = csv('binance-csv', {
  columns: ['coin', 'network', 'address', 'balance', 'Height', 'Third party custodian name'],
  amount: 'balance',
  cells(random) {
    const amount = amountOf(random);
    const row = { label: random.pick(COINS), address: random.pick(ADDRESSES), amount: amount.canonical };
    const cells = { coin: row.label, network: random.pick(CHAINS), address: row.address, balance: amount.printed };
    return { cells: { ...cells, 'Third party custodian name': random.pick(['', 'Ceffu']) }, rows: [row] };
  },
});

const bybit = csv('bybit-csv', {
  columns: ['Coin', 'Height', 'Amount', 'Address'],
  amount: 'Amount',
  shape: 'entry',
  cells(random) {
    const amount = amountOf(random);
    const label = random.pick(['BTC', 'ETH', 'USDT']);
    const addresses = Array.from({ length: 1 + random.int(4) }, () => random.pick(ADDRESSES));
    return {
      cells: { Coin: label, Height: '9', Amount: amount.printed, Address: addresses.join(' ') },
      rows: addresses.map((address, at) => ({ label, address, amount: at === 0 ? amount.canonical : '0' })),
    };
  },
});

const audit = csv('okx-audit-csv', {
  columns: [
    'digitalAsset',
    'network',
    'address',
    'signedMessage',
    'signedMessage2',
    'message',
    'publicKey',
    'owner1',
    'owner2',
  ],
  amount: null,
  cells(random) {
    const row = { label: random.pick(COINS), address: random.pick(ADDRESSES), amount: '0' };
    const cells = {
      digitalAsset: row.label,
      network: random.pick(CHAINS),
      address: row.address,
      signedMessage: 'null',
    };
    return { cells: { ...cells, message: 'null' }, rows: [row] };
  },
});

const list = csv('address-list', {
  columns: ['chain', 'address', 'asset'],
  amount: null,
  cells(random) {
    const chain = random.pick(SLUGS);
    const asset = random.pick(['', ...COINS]);
    const address = random.pick(ADDRESSES);
    return { cells: { chain, address, asset }, rows: [{ label: asset === '' ? chain : asset, address, amount: '0' }] };
  },
});

const coinbase: Layout = {
  name: 'coinbase-json',
  shape: 'json',
  make(random) {
    const make = (): Unit => {
      const amount = amountOf(random);
      const address = random.pick(ADDRESSES);
      const balance = { amount: amount.printed, currency: { name: 'BTC' }, network: { name: random.pick(SLUGS) } };
      return record(JSON.stringify({ address, balance }), { label: 'BTC', address, amount: amount.canonical });
    };
    const total = '"reservesTotal":{"amount":"5","currency":{"name":"BTC"}}';
    return [fixed(`{${total},"reserveAddresses":[`), ...times(random, 8, make), fixed(']}')];
  },
  withAmount: ({ text }, amount) => text.replace(/"amount":"[^"]*"/, () => `"amount":${JSON.stringify(amount)}`),
};

const own: Layout = {
  name: 'reservewatch-json',
  shape: 'json',
  make(random) {
    const make = (): Unit => {
      const { printed, canonical } = amountOf(random);
      const [chain, address, asset] = [random.pick(SLUGS), random.pick(ADDRESSES), random.pick(COINS)];
      return record(JSON.stringify({ chain, address, asset, amount: printed }), {
        label: asset,
        address,
        amount: canonical,
      });
    };
    return [fixed('{"schema":"reservewatch.addresses/1","addresses":['), ...times(random, 8, make), fixed(']}')];
  },
  withAmount: ({ text }, amount) => text.replace(/"amount":"[^"]*"/, () => `"amount":${JSON.stringify(amount)}`),
};

const SCRIPT = `53${`41${'04'.padEnd(130, 'ab')}`.repeat(4)}54ae`;

const bitmex: Layout = {
  name: 'bitmex-yaml',
  shape: 'block',
  make(random) {
    const make = (): Unit => {
      const balance = random.pick(['0', '1', '100000000', '2100000000000000', `${random.int(1e9)}`]);
      const digits = balance.padStart(9, '0');
      const fraction = digits.slice(-8).replace(/0+$/, '');
      const amount = digits.slice(0, -8) + (fraction === '' ? '' : `.${fraction}`);
      const address = random.pick(ADDRESSES);
      const type = random.pick(['sh', 'wsh', 'sh_wsh', 'unspendable', 'wpkh', 'odd']);
      const lines = [`- addr: ${address}`, `  addr_type: ${type}`, `  balance: ${balance}`, `  script: ${SCRIPT}`];
      return record(lines.join('\n'), { label: 'BTC', address, amount });
    };
    const head = [
      fixed(`chain: ${random.pick(['main', 'test'])}`),
      fixed('claim:\n  m: 3\n  n: 4'),
      fixed('height: 700000'),
      fixed(`keys:\n- ${'04'.padEnd(130, 'ab')}`),
      fixed('total: 100'),
    ];
    const records = [fixed('address:'), ...times(random, 8, make)];
    return random.chance(2) ? [...head, ...records] : [...records, ...head];
  },
  withAmount: ({ text }, amount) => text.replace(/balance: .*/, () => `balance: ${amount}`),
};

const lists: Layout = {
  name: 'chain-lists-yaml',
  // A line that is moved to the margin ends its list: lines are not read each by itself.
  shape: 'block',
  make: (random) => {
    const items = (chain: string): readonly Unit[] => [
      fixed(`${chain}:`),
      ...times(random, 4, () => {
        const address = random.pick(ADDRESSES.filter((text) => /^[0-9A-Za-z]+$/.test(text)));
        return record(`- ${address}`, { label: chain, address, amount: '0' });
      }),
    ];
    return [...items('ethereum'), ...items('tron')];
  },
  withAmount: () => null,
};

const jsonLists: Layout = {
  name: 'chain-lists-json',
  shape: 'json',
  make(random) {
    const chain = random.pick(SLUGS);
    const make = (): Unit => {
      const address = random.pick(ADDRESSES);
      return record(JSON.stringify(address), { label: chain, address, amount: '0' });
    };
    const head = `{"entity":"X","chains":[{"chain":${JSON.stringify(chain)},"addresses":[`;
    return [fixed(head), ...times(random, 8, make), fixed(']}]}')];
  },
  withAmount: () => null,
};

/** Every layout under src/reports/, with each form of OKX's. */
export const LAYOUTS: readonly Layout[] = [
  okx('okx-csv-9', []),
  okx('okx-csv-11', [' eoa1', ' eoa2']),
  okx('okx-csv-12', ['Type', 'EOA1', 'EOA2']),
  htx,
  binance,
  bybit,
  audit,
  list,
  coinbase,
  own,
  bitmex,
  lists,
  jsonLists,
];
