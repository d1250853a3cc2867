// Which keys touch which, for finding `qwertyuiop` and `1qaz2wsx`. Built from the rows, shifted by half a key as on a US board.

const rows: readonly (readonly [left: number, keys: string])[] = [
  [0, '`~ 1! 2@ 3# 4$ 5% 6^ 7& 8* 9( 0) -_ =+'],
  [1, 'qQ wW eE rR tT yY uU iI oO pP [{ ]} \\|'],
  [1, 'aA sS dD fF gG hH jJ kK lL ;: \'"'],
  [1, 'zZ xX cC vV bB nN mM ,< .> /?'],
]

// Neighbours clockwise from the left, as zxcvbn wants them: the direction is the index.
const directions: readonly (readonly [columns: number, rows: number])[] = [
  [-1, 0],
  [0, -1],
  [1, -1],
  [1, 0],
  [0, 1],
  [-1, 1],
]

function buildGraph(): Record<string, (string | null)[]> {
  const at = new Map<string, string>()
  for (const [row, [left, keys]] of rows.entries()) {
    for (const [column, key] of keys.split(' ').entries()) at.set(`${column + left},${row}`, key)
  }
  const graph: Record<string, (string | null)[]> = {}
  for (const [place, key] of at) {
    const [column = 0, row = 0] = place.split(',').map(Number)
    const neighbours = directions.map(([dx, dy]) => at.get(`${column + dx},${row + dy}`) ?? null)
    for (const character of key) graph[character] = neighbours
  }
  return graph
}

export const qwertyGraph = buildGraph()
