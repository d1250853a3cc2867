import type { CompiledQuery } from 'kysely'
import type { Tx } from './schema.ts'

/**
 * A query that is built once for each store and then only gets its values: for hot paths, where building costs more than the
 * read. `build` is called with values of the right types that are never used; `values` come in the order in which the query
 * names them.
 */
export function compileOnce<Row>(
  build: (db: Tx) => CompiledQuery<Row>,
): (tx: Tx, values: readonly unknown[]) => Promise<Row[]> {
  // A transaction has the same adapter as the store that it belongs to.
  const compiled = new WeakMap<object, CompiledQuery<Row>>()
  return async (tx, values) => {
    const { adapter } = tx.getExecutor()
    let query = compiled.get(adapter)
    if (query === undefined) {
      query = build(tx)
      if (query.parameters.length !== values.length) {
        throw new RangeError(`got ${values.length} values, expected ${query.parameters.length}`)
      }
      compiled.set(adapter, query)
    }
    return (await tx.executeQuery<Row>({ ...query, parameters: values })).rows
  }
}
