/** Buyers from whom on a comparison with their own average says something of any one of them. */
export const ENOUGH_BUYERS = 30;
