/** CRC-16/XMODEM (polynomial 0x1021, start 0) of bytes: the checksum of Stellar's strkeys (SEP-23) and of TON's addresses (TEP-2). */
export function crc16Xmodem(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
