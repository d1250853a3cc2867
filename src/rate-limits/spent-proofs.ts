import type { SolvedProof } from '../credentials/proof-of-work.ts'
import type { Tx } from '../storage/schema.ts'

/** False: it was spent before, on whatever server. */
export async function spendProof(tx: Tx, { id, expiresAt }: SolvedProof): Promise<boolean> {
  const rows = await tx
    .insertInto('spent_proofs')
    .values({ proof_id: id, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('proof_id').doNothing())
    .returning('proof_id')
    .execute()
  return rows.length === 1
}
