import { integer, isArray, isObject, type Json, field as member, smallInteger } from '../../lib/json.ts';
import type { SumValues } from './constraints.ts';

/** What `config.json` and each inclusion file say of the coins; the order is that of every hash. */
export interface CoinConfig {
  readonly coins: readonly string[];
  /** The first so many coins are proven one by one, the others only together. */
  readonly mainCoins: number;
}

/** Far above the some 170 coins of the published rounds. */
export const MOST_COINS = 512;

/** Coin names become keys beside the format's own ones, which all hold an underscore but this one. */
const COIN = /^(?!uts$)[A-Za-z0-9][A-Za-z0-9.$-]{0,31}$/;

/** Reads the coins, or says what is wrong with them. */
export function readConfig(json: Json | undefined): CoinConfig | string {
  const coins = member(json, 'coins');
  const main = smallInteger(member(json, 'main_coins_num'));
  if (!isArray(coins) || coins.length === 0 || coins.length > MOST_COINS)
    return `coins is not a list of 1 to ${MOST_COINS}`;
  const names = coins.filter((coin) => typeof coin === 'string');
  if (names.length !== coins.length || !names.every((coin) => COIN.test(coin)))
    return 'coins holds something that is not the name of a coin';
  if (new Set(names).size !== names.length) return 'coins names a coin twice';
  if (main === undefined || main < 0 || main > coins.length) return 'main_coins_num is not a number of those coins';
  return { coins: names, mainCoins: main };
}

export const sameConfig = (a: CoinConfig, b: CoinConfig): boolean =>
  a.mainCoins === b.mainCoins && a.coins.join() === b.coins.join();

/** Reads `sum_values.json`: one whole number for each coin and `total_value`, nothing else; or says what is wrong. */
export function readSumValues(json: Json, { coins }: CoinConfig): SumValues | string {
  if (!isObject(json)) return 'not an object';
  if (Object.keys(json).length !== coins.length + 1) return 'the coins are not those of the configuration';
  const values = coins.map((coin) => integer(member(json, coin)));
  const total = integer(member(json, 'total_value'));
  const read = values.filter((value) => value !== undefined);
  if (read.length !== coins.length || total === undefined) return 'a coin of the configuration has no whole number';
  return { coins: read, total };
}
