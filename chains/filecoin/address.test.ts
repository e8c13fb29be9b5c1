import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'filecoin', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('filecoin addresses', () => {
  it.each([
    [
      'f1lzszobfjwres2otlbitgpbeo6ha72sujwsdjy5i',
      'f1lzszobfjwres2otlbitgpbeo6ha72sujwsdjy5i',
      'okx/proof-of-reserves tests',
    ],
    ['f01234', 'f01234', 'an id'],
    ['f410fa7sh5u6fvd7vt625dx2akhbu3jt7yvkhgdp55ki', 'f410fa7sh5u6fvd7vt625dx2akhbu3jt7yvkhgdp55ki', 'FRC-0055'],
    [
      'f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i',
      'f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i',
      'go-address tests, actor',
    ],
    [
      'f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a',
      'f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a',
      'go-address tests, BLS',
    ],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['f1lzszobfjwres2otlbitgpbeo6ha72sujwsdjy5a', /checksum|hold/],
    ['F1lzszobfjwres2otlbitgpbeo6ha72sujwsdjy5i', /begin with/],
    ['f1LZSZOBFJWRES2OTLBITGPBEO6HA72SUJWSDJY5I', /a-z/],
    ['t1lzszobfjwres2otlbitgpbeo6ha72sujwsdjy5i', /begin with/],
    ['f2lzszobfjwres2otlbitgpbeo6ha72sujwsdjy5i', /checksum/],
    ['f001', /begin with/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
