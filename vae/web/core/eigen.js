// Eigenvalues and eigenvectors of a small symmetric matrix.

const SWEEPS = 30;
const CLOSE = 1e-14; // of the whole matrix, what is left beside the diagonal

/**
 * Eigenvalues in falling order, and beside each its unit eigenvector (Jacobi 1846: rotations, each of
 * which makes one pair of entries beside the diagonal zero).
 * @type {(matrix: number[][]) => {value: number, vector: Float64Array}[]}
 */
export function eigenSymmetric(matrix) {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = a.map((_, i) => Float64Array.from({ length: size }, (__, k) => Number(i === k)));
  const whole = a.reduce((sum, row) => sum + row.reduce((part, value) => part + value * value, 0), 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let beside = 0;
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) beside += a[i][j] ** 2;
    if (beside <= CLOSE * CLOSE * whole) break;
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) rotate(a, vectors, i, j);
  }
  return vectors.map((vector, i) => ({ value: a[i][i], vector })).sort((x, y) => y.value - x.value);
}

/** @type {(a: Float64Array[], vectors: Float64Array[], i: number, j: number) => void} */
function rotate(a, vectors, i, j) {
  if (a[i][j] === 0) return;
  const ratio = (a[j][j] - a[i][i]) / (2 * a[i][j]);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (const row of a) {
    const [x, y] = [row[i], row[j]];
    row[i] = cosine * x - sine * y;
    row[j] = sine * x + cosine * y;
  }
  for (const rows of [a, vectors]) {
    const [x, y] = [rows[i], rows[j]];
    for (let k = 0; k < x.length; k++) {
      const [p, q] = [x[k], y[k]];
      x[k] = cosine * p - sine * q;
      y[k] = sine * p + cosine * q;
    }
  }
}
