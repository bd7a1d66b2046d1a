/** Where a window was seen first; open addressing, because a million entries of a `Map` take four times as long. */
export class Windows {
  readonly #keys: Int32Array;
  readonly #values: Int32Array;
  readonly #mask: number;

  constructor(count: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, count * 2)));
    this.#keys = new Int32Array(size);
    this.#values = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** The position that was kept under this hash, or -1; then `position` is kept. */
  seen(hash: number, position: number): number {
    const mixed = Math.imul(hash, 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & this.#mask;
    for (; this.#values[slot] !== 0; slot = (slot + 1) & this.#mask) {
      if (this.#keys[slot] === hash) return (this.#values[slot] ?? 0) - 1;
    }
    this.#keys[slot] = hash;
    this.#values[slot] = position + 1;
    return -1;
  }
}
