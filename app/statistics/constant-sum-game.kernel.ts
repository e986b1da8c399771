/** An equilibrium of a symmetric constant-sum game, by the simplex method. */

const PIVOT = 1e-11;
/** Bland's rule never cycles; more pivots than this mean that rounding has broken the tableau. */
const MAX_PIVOTS = 10_000;

/**
 * For preference probabilities P, row-major [size, size], P_ij + P_ji = 1: shares y of 1 with max_i (P y)_i = 1/2, so that
 * nothing is preferred to a draw from y more than half of the time (von Neumann 1928); undefined if the search does not
 * settle. It maximises Σ z over (P + 1/2) z <= 1, z >= 0, whose optimum is 1 / value, from the slack basis by Bland's
 * rule. Of several equilibria (clones, ties) it finds one.
 */
export function solveSymmetricGame(preferences: Float64Array, size: number): Float64Array | undefined {
  const width = 2 * size + 1;
  // Rows: the constraints with their slack variables and right-hand side; the last row is the objective.
  const tableau = new Float64Array((size + 1) * width);
  const basis = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) tableau[i * width + j] = preferences[i * size + j] + 0.5;
    tableau[i * width + size + i] = 1;
    tableau[i * width + width - 1] = 1;
    basis[i] = size + i;
    tableau[size * width + i] = -1;
  }
  for (let pivots = 0; pivots < MAX_PIVOTS; pivots++) {
    const column = enteringColumn(tableau, size, width);
    if (column === -1) return sharesOf(tableau, basis, size, width);
    const row = leavingRow(tableau, basis, size, width, column);
    if (row === -1) return undefined;
    pivot(tableau, size + 1, width, row, column);
    basis[row] = column;
  }
  return undefined;
}

/** The first column that raises the objective; -1 at the optimum. */
function enteringColumn(tableau: Float64Array, size: number, width: number): number {
  for (let j = 0; j < width - 1; j++) if (tableau[size * width + j] < -PIVOT) return j;
  return -1;
}

/** The row with the least ratio, of equal ones that whose variable comes first; -1 if nothing bounds the column. */
function leavingRow(tableau: Float64Array, basis: Int32Array, size: number, width: number, column: number): number {
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < size; i++) {
    const entry = tableau[i * width + column];
    if (entry <= PIVOT) continue;
    const ratio = tableau[i * width + width - 1] / entry;
    const isTie = best !== -1 && Math.abs(ratio - least) <= PIVOT * Math.max(1, least);
    if (isTie ? basis[i] < basis[best] : ratio < least) {
      best = i;
      least = ratio;
    }
  }
  return best;
}

function pivot(tableau: Float64Array, rows: number, width: number, row: number, column: number): void {
  const divisor = tableau[row * width + column];
  for (let j = 0; j < width; j++) tableau[row * width + j] /= divisor;
  for (let i = 0; i < rows; i++) {
    const factor = tableau[i * width + column];
    if (i === row || factor === 0) continue;
    for (let j = 0; j < width; j++) tableau[i * width + j] -= factor * tableau[row * width + j];
    tableau[i * width + column] = 0;
  }
}

function sharesOf(tableau: Float64Array, basis: Int32Array, size: number, width: number): Float64Array | undefined {
  const shares = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    if (basis[i] >= size) continue;
    const value = Math.max(0, tableau[i * width + width - 1]);
    shares[basis[i]] = value;
    total += value;
  }
  if (!(total > 0)) return undefined;
  for (let i = 0; i < size; i++) shares[i] /= total;
  return shares;
}
