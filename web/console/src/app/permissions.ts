/**
 * What each role may do, as far as menus and buttons need to know it. The server decides; this only spares people
 * from being offered what it would refuse.
 */
import { type Role, SCOPES, type Scope } from '@api';

const reading: Scope[] = ['members:read', 'orders:read', 'products:read', 'imports:read', 'events:read'];

const grants: Record<Role, readonly Scope[]> = {
  owner: SCOPES,
  operator: [
    ...reading,
    'members:write',
    'members:unmask',
    'orders:write',
    'imports:write',
    'products:write',
    'privacy:manage',
  ],
  agent: ['members:read', 'members:write', 'members:unmask', 'orders:read', 'products:read'],
  finance: [...reading, 'audit:read', 'export:clear'],
  integrator: [
    ...reading,
    'members:write',
    'orders:write',
    'imports:write',
    'products:write',
    'keys:manage',
    'webhooks:manage',
  ],
  readonly: reading,
};

export function may(role: Role | undefined, scope: Scope): boolean {
  return role !== undefined && (grants[role] ?? []).includes(scope);
}
