/** What is read again after anything about wished-for portraits changed. */
export const TARGET_TOUCHES = [['portrait-target'], ['portrait-standing'], ['portrait-days'], ['list']];
