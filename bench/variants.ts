/** What is compared. `raw` is Baileys as it comes from npm over its memory store; `driver` is ours over PostgreSQL. */
export const variants = ['raw', 'driver'] as const
export type VariantName = (typeof variants)[number]

export type PerVariant<Value> = Record<VariantName, Value>

/** Measures each variant so many times, in turn and with changing order, so that a slow minute of the machine hits both. */
export async function inTurn<Value>(
  rounds: number,
  measure: (variant: VariantName) => Promise<Value>,
): Promise<PerVariant<Value[]>> {
  const values: PerVariant<Value[]> = { raw: [], driver: [] }
  for (let round = 0; round < rounds; round++) {
    for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
      values[variant].push(await measure(variant))
    }
  }
  return values
}
