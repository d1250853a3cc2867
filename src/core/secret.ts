import { inspect } from 'node:util'

/**
 * A value that must not be printed. Every way of printing it (template, JSON, console, logger) shows `[secret]`;
 * only `reveal()` gives the value, so that each use can be found by its name.
 */
export class Secret<T> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
