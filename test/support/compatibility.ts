import { renderCompatibility } from '../../src/aws-api/model/render-compatibility.ts'
import { createSealer, masterKeyBytes } from '../../src/credentials/seal.ts'
import { iamHandlers } from '../../src/iam/handlers.ts'
import { stsHandlers } from '../../src/sts/handlers.ts'

/** docs/compatibility.md as the registered handlers make it. */
export function compatibilityText(): string {
  const services = [iamHandlers(createSealer(Buffer.alloc(masterKeyBytes)), async () => 0), stsHandlers()]
  const implemented = services.map(({ model, operations }) => [model.service, Object.keys(operations)] as const)
  return renderCompatibility(
    services.map(({ model }) => model),
    Object.fromEntries(implemented),
  )
}
