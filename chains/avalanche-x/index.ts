import { quote } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { accountFamily } from '../../src/lib/account-family.ts';
import type { AccountRules } from '../../src/lib/account-rows.ts';
import { decodeBech32, encodeBech32 } from '../../src/lib/bech32-address.ts';
import { hash160 } from '../../src/lib/key-hashes.ts';
import { okxAccountRules } from '../../src/lib/okx-account-rules.ts';
import { compressPublicKey } from '../../src/lib/secp256k1.ts';
import type { ChainFamily } from '../../src/seams.ts';

const HRP = 'avax';

/** `chain: X` or `chain: P`, the letter before the hyphen; the rest is bech32 of the key's hash, in lower or upper case. */
function rulesOf({ slug, params }: Network): Result<AccountRules> {
  const { chain, ...others } = params;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) return err(`network ${slug}: params: ${quote(unknown)} is not known, only chain is`);
  if (chain !== 'X' && chain !== 'P') return err(`network ${slug}: params: chain must be X or P`);
  return ok(
    okxAccountRules(
      (text) => {
        if (!text.startsWith(`${chain}-`))
          return err(`address ${quote(text)} must begin with ${chain}-; copy it again`);
        const bytes = decodeBech32(text.slice(2), HRP, [20]);
        if (!bytes.ok) return bytes;
        return ok({ canonical: `${chain}-${text.slice(2).toLowerCase()}`, derived: true, otherKeys: null });
      },
      (key) => [`${chain}-${encodeBech32(HRP, hash160(compressPublicKey(key)))}`],
    ),
  );
}

/** Avalanche's X and P chains; the C chain is an EVM chain. Ownership proofs only. */
export const family: ChainFamily = accountFamily('avalanche-x', 'avax', rulesOf);
