// The device that the wizard has created and not yet enabled. AWS's console leaves it behind as an orphan that blocks its
// name; here every way out of the wizard deletes it: Cancel, Previous, another page, the closed tab.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { SignedCall } from '../../aws/call-aws.ts'
import {
  createVirtualMfaDevice,
  deleteVirtualMfaDevice,
  signDeleteVirtualMfaDevice,
  type VirtualMfaDevice,
} from '../../aws/iam.ts'
import type { Answer } from '../../http/refusal.ts'

const signAgainAfterMs = 5 * 60_000 // AWS accepts a signature for 15 minutes

type NewDevice = {
  device: VirtualMfaDevice | undefined
  create(name: string): Promise<Answer<unknown>>
  discard(): Promise<void>
  keep(): void
}

export function useNewDevice(): NewDevice {
  const [device, setDevice] = useState<VirtualMfaDevice | undefined>(undefined)
  const serial = useRef<string | undefined>(undefined)

  const create = useCallback(async (name: string) => {
    const answer = await createVirtualMfaDevice(name)
    if (answer.ok) {
      serial.current = answer.value.VirtualMFADevice.SerialNumber
      setDevice(answer.value.VirtualMFADevice)
    }
    return answer
  }, [])

  const keep = useCallback(() => {
    serial.current = undefined
  }, [])

  const discard = useCallback(async () => {
    const created = serial.current
    serial.current = undefined
    setDevice(undefined)
    if (created !== undefined) await deleteVirtualMfaDevice(created)
  }, [])

  useEffect(() => () => void discard(), [discard])
  useDeletionOnPageHide(device, serial)
  return { device, create, discard, keep }
}

// A page that is being closed cannot wait for a signature, so one is kept ready.
function useDeletionOnPageHide(device: VirtualMfaDevice | undefined, serial: { current: string | undefined }): void {
  useEffect(() => {
    if (device === undefined) return
    let ready: SignedCall | undefined
    const sign = async (): Promise<void> => {
      ready = (await signDeleteVirtualMfaDevice(device.SerialNumber)) ?? ready
    }
    const onPageHide = (): void => {
      if (ready === undefined || serial.current === undefined) return
      serial.current = undefined
      void fetch(ready.url, { ...ready.init, keepalive: true }).catch(() => undefined)
    }
    void sign()
    const timer = window.setInterval(() => void sign(), signAgainAfterMs)
    window.addEventListener('pagehide', onPageHide)
    return () => {
      window.clearInterval(timer)
      window.removeEventListener('pagehide', onPageHide)
    }
  }, [device, serial])
}
