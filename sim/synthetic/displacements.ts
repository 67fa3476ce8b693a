/** How far faults hold a value from where it would be by itself, each by a share of its own: together by the product. */
export class Displacements {
  /** By the faults' index; 0 where one holds nothing. */
  #shares: number[] = [];
  /** 1: it is where it would be. */
  factor = 1;

  /** `share`: above -1. */
  set(fault: number, share: number): void {
    while (this.#shares.length <= fault) this.#shares.push(0);
    this.#shares[fault] = share;
    this.#multiply();
  }

  #multiply(): void {
    this.factor = this.#shares.reduce((factor, share) => factor * (1 + share), 1);
  }

  snapshot(): readonly number[] {
    return [...this.#shares];
  }

  restore(state: readonly number[]): void {
    this.#shares = [...state];
    this.#multiply();
  }
}
