/**
 * What regular expressions may cost, counted and not timed. V8 does not say how often it goes back, so each is counted at the
 * worst that its form allows: the length of the text, to the power of its repetitions, and once more where it may begin anywhere.
 */
export function countRegExpSteps(run: () => void): number {
  let steps = 0
  const original = RegExp.prototype.exec
  const counting = function (this: RegExp, text: string): RegExpExecArray | null {
    RegExp.prototype.exec = original
    steps += (1 + text.length) ** powerOf(this)
    const found = this.exec(text)
    RegExp.prototype.exec = counting
    return found
  }
  // The built-in functions that take a regular expression ask this one, once it is not V8's own (ECMA-262, RegExpExec).
  RegExp.prototype.exec = counting
  try {
    run()
  } finally {
    RegExp.prototype.exec = original
  }
  return steps
}

function powerOf({ source, sticky }: RegExp): number {
  const bare = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  const repetitions = bare.match(/[*+]|\{\d+,\}/g)?.length ?? 0
  return repetitions + (sticky || bare.startsWith('^') ? 0 : 1)
}
