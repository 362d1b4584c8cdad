/**
 * What somebody wrote and did not send, kept for the tab under the merchant it is of; gone when they sign out.
 */
const prefix = 'shuke.draft.';

export function draftKey(what: string, merchant: string): string {
  return `${prefix}${what}.${merchant}`;
}

export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(prefix)) sessionStorage.removeItem(key);
  }
}
