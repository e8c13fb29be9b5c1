import { makeSet as makeBinance } from '../binance/set-maker.ts';
import type { Call, Files } from '../cases.ts';
import { makeSet as makeGateio } from '../gateio/set-maker.ts';
import { allChanges, callsOf } from '../mutations.ts';
import { makeSet } from './set-maker.ts';

const file = (text: string) => ({ kind: 'htx' as const, text });
const { table, list, users } = makeSet(9);
const all: Files = { 't.csv': file(table), 'l.json': file(list), 'u.json': file(users[0]!) };
const { 'l.json': _list, ...withoutList } = all;
const plain = (text: string) => ({ kind: 'gateio' as const, text });
/** Of a circuit that Gate.io's verifier does not know. */
const stranger = makeGateio({ slots: 7 });
const later = (text: string) => ({ kind: 'binance' as const, text });
const draft = makeBinance({ draft: true });
const wide = makeGateio({ slots: 7, prices: [1n, 2n, 3n, 4n, 5n, 6n, 7n] });
const large = users[0]!.replace('"Index":2', '"Index":1023');

/** Files of HTX, of a draft and of unknown circuits that nothing is wrong with. */
export const HONEST: readonly Call[] = [
  { name: 'htx: a whole publication', files: { ...all, 'v.json': file(users[2]!) } },
  { name: 'htx: without a list', files: withoutList },
  { name: 'htx: a customer alone', files: { 'u.json': file(users[1]!) } },
  {
    name: 'htx: a customer beside a list that cannot be hashed',
    files: { 'l.json': file(makeLong(13)), 'u.json': file(users[0]!) },
  },
  { name: 'htx: a customer beside a list', files: { 'l.json': file(list), 'u.json': file(users[0]!) } },
  { name: 'htx: a list alone', files: { 'l.json': file(list) } },
  { name: 'htx: two lists', files: { ...all, 'm.json': file(makeSet(8).list) } },
  { name: 'htx: a list that cannot be hashed', files: { ...withoutList, 'm.json': file(makeLong(13)) } },
  {
    name: 'gateio: a table of an unknown circuit',
    files: { 't.csv': plain(stranger.table), 'l.json': plain(stranger.list), 'u.json': plain(stranger.users[0]!) },
  },
  {
    name: 'binance: a customer of a draft',
    files: { 't.csv': later(draft.table), 'l.json': later(draft.list), 'u.json': later(draft.users[0]!) },
  },
  {
    name: 'gateio: a list of more assets than the known circuits',
    files: { 't.csv': plain(wide.table), 'l.json': plain(wide.list) },
  },
  {
    name: 'gateio: a customer of an unknown circuit beside its list',
    files: { 'l.json': plain(wide.list), 'u.json': plain(wide.users[0]!) },
  },
  {
    name: 'gateio: a table of an unknown circuit beside a known one',
    files: {
      ...{ 't.csv': plain(stranger.table), 'k.csv': plain(makeGateio().table), 'l.json': plain(makeGateio().list) },
      ...{ 'u.json': plain(makeGateio().users[0]!), 'v.json': plain(stranger.users[0]!) },
    },
  },
];

/** Files of HTX that are odd in one way. */
export const ODD: readonly Call[] = [
  ...callsOf(all, 'u.json', allChanges(users[0]!, 1)),
  ...callsOf({ 'l.json': file(list) }, 'l.json', allChanges(makeSet(3).list, 1)),
  ...callsOf({ 'u.json': file(users[1]!) }, 'u.json', allChanges(users[1]!, 1)),
  { name: 'htx: places far away', files: { ...all, 'u.json': file(large) } },
  { name: 'htx: places far away, alone', files: { 'u.json': file(large) } },
  { name: 'htx: places too far away', files: { 'u.json': file(large.replace('1023', '1024')) } },
  { name: 'htx: as many assets as are read', files: { 'l.json': file(makeLong(1024)) } },
  { name: 'htx: more assets than are read', files: { 'l.json': file(makeLong(1025)) } },
  {
    name: 'htx: a position of 2^32',
    files: { 'u.json': file(users[0]!.replace('"AccountIndex":0', '"AccountIndex":4294967296')) },
  },
  {
    name: 'htx: assets that are no list',
    files: { 'u.json': file(users[0]!.replace(/"Assets":\[.*?\]/, '"Assets":{"Balance":1}')) },
  },
  { name: 'htx: a list of no assets', files: { 'l.json': file('{"CexAssetsInfo":[]}') } },
];

function makeLong(count: number): string {
  const item = (Index: number) => `{"TotalBalance":1,"Symbol":"c${Index}","Index":${Index}}`;
  return `{"CexAssetsInfo":[${Array.from({ length: count }, (_, i) => item(i)).join()}]}`;
}
