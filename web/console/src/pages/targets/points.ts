/** 12.3: a share as percentage points; less than a tenth is not shown as none. */
export const points = (share: number): string => {
  const n = Math.abs(share * 100);
  return n > 0 && n < 0.05 ? '<0.1' : n.toFixed(1);
};
