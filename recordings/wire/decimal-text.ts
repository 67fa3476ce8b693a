/** Integer ticks and lots as the exchange writes them: decimal text with at least one decimal, and no zero after that. */
import { POWERS_OF_TEN } from '../../core/scale.ts';

/** `units` of 10^-decimals: 1_062_170 with 1 decimal is `106217.0`, 5 with 5 decimals is `0.00005`. Not negative. */
export function decimalText(units: number, decimals: number): string {
  if (decimals === 0) return `${units}.0`;
  const scale = POWERS_OF_TEN[decimals];
  const whole = Math.floor(units / scale);
  const digits = String(units - whole * scale).padStart(decimals, '0');
  return `${whole}.${digits.replace(/(?!^)0+$/, '')}`;
}
