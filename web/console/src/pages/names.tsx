/**
 * Names in place of ids. What an id stands for is asked of the server where the reader may know it, once and then kept;
 * where they may not, or it is gone, the word for what it is stands with the id, short and whole when asked for.
 */
import type { ApiKey, Export, ImportDetail, Job, Member, Occasion, Order, Page, Review, Scope, Tag, Webhook } from '@api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { READ_BENEFITS } from './benefits/scopes';
import { READ_COUPONS } from './coupons/scopes';
import { memberName } from './members/cells';
import { READ_POINTS } from './programme/contract';
import { useCategories } from './tags/useTags';
import { ShortId } from '../ui/bits';
import { api } from '../app/api';
import { usePrefs } from '../app/prefs';
import { useSession } from '../app/session';
import { useWho } from '../app/who';

interface Kind {
  scope?: Scope;
  path: string;
  /** What it is called; empty where the answer has no name. */
  name: (answer: never, language: 'zh' | 'en') => string;
  /** Where it is shown, if it has a page. */
  page?: string;
  /** Where in the answer it stands, if that has more beside. */
  inner?: string;
}

/** What is asked for its name alone. */
interface Called {
  name: string;
}

const kind = <T,>(path: string, name: (answer: T, language: 'zh' | 'en') => string, more: { scope?: Scope; page?: string; inner?: string } = {}): Kind => ({ path, name, ...more });

const KINDS: Record<string, Kind> = {
  mem: kind<Member>('/members/', memberName, { scope: 'members:read', page: '/members/' }),
  ord: kind<Order>('/orders/', (o) => o.order_no ?? '', { scope: 'orders:read', page: '/orders/' }),
  imp: kind<ImportDetail>('/imports/', (d) => d.title || d.files.map((f) => f.name).join('、'), { scope: 'imports:read', page: '/imports/' }),
  rev: kind<Review>('/reviews/', (r) => `${memberName(r.left)} · ${memberName(r.right)}`, { scope: 'members:write' }),
  exp: kind<Export>('/exports/', (e) => e.file_name),
  job: kind<Job>('/jobs/', (j) => j.title ?? ''),
  tag: kind<Tag>('/tags/', (tag) => tag.name, { scope: 'members:read' }),
  occ: kind<Occasion>('/calendar/occasions/', (o, language) => o.name[language] || o.name.zh, { scope: 'orders:read' }),
  seg: kind<Called>('/segments/', (s) => s.name, { scope: 'segments:read', page: '/segments/' }),
  ptt: kind<Called>('/portrait-targets/', (target) => target.name, { scope: 'segments:read', page: '/segments/targets/' }),
  bat: kind<Called>('/batches/', (b) => b.name, { scope: 'batches:read', page: '/batches/' }),
  prg: kind<Called>('/programmes/', (p) => p.name, { scope: READ_POINTS, page: '/programmes/' }),
  crd: kind<Called>('/cards/', (c) => c.name, { scope: READ_POINTS, page: '/cards/' }),
  ben: kind<Called>('/benefits/', (b) => b.name, { scope: READ_BENEFITS, page: '/benefits/' }),
  pck: kind<Called>('/benefits/packs/', (p) => p.name, { scope: READ_BENEFITS }),
  gtk: kind<Called>('/growth-tasks/', (task) => task.name, { scope: READ_BENEFITS }),
  rwd: kind<Called>('/rewards/', (r) => r.name, { scope: READ_BENEFITS }),
  pro: kind<Called>('/promotions/', (p) => p.name, { scope: 'promotions:read', page: '/promotions/' }),
  cpt: kind<Called>('/coupons/templates/', (template) => template.name, { scope: READ_COUPONS }),
  cpb: kind<Called>('/coupons/batches/', (b) => b.name, { scope: READ_COUPONS, page: '/coupons/', inner: 'batch' }),
  cpn: kind<Called>('/coupons/', (c) => c.name, { scope: READ_COUPONS, inner: 'coupon' }),
  whk: kind<Webhook>('/webhooks/', (w) => w.url, { scope: 'webhooks:manage' }),
};

/** Ids as the server writes them, wherever in a text. */
const ID = /\b([a-z]{3}_[0-9a-z]{26})\b/;

/** Names that come with whole lists or with the session. */
function useKnown(id: string): string | null {
  const { merchant, can } = useSession();
  const who = useWho();
  const sort = id.slice(0, 3);
  const keys = useQuery<Page<ApiKey>>({
    queryKey: ['key-names', merchant.id],
    queryFn: () => api.get<Page<ApiKey>>('/keys', { limit: 200 }),
    enabled: sort === 'key' && can('keys:manage'),
    staleTime: 60_000,
  });
  const categories = useCategories(sort === 'tgc' && can('members:read'));
  if (sort === 'stf') return who(id) === id ? null : who(id);
  if (sort === 'key') return keys.data?.items.find((k) => k.id === id)?.name ?? null;
  if (sort === 'tgc') return categories.data?.items.find((c) => c.id === id)?.name ?? null;
  if (sort === 'shp') return merchant.shops?.find((s) => s.id === id)?.name ?? null;
  return id === merchant.id ? merchant.name : null;
}

/** What an id stands for, linked where it has a page. */
export function Named({ id }: { id: string }) {
  const { t } = useTranslation();
  const { merchant, can } = useSession();
  const { language } = usePrefs();
  const sort = id.slice(0, 3);
  const found = ID.test(id) ? KINDS[sort] : undefined;
  const known = useKnown(id);
  const answer = useQuery({
    // Members and orders share what their own pages have read.
    queryKey: sort === 'mem' ? ['member', merchant.id, id] : sort === 'ord' ? ['order', merchant.id, id] : ['named', merchant.id, id],
    queryFn: () => api.get(`${found?.path ?? ''}${id}`),
    enabled: found !== undefined && (!found.scope || can(found.scope)),
    staleTime: 60_000,
  });
  // A member's id that a merge made an alias answers with another: its name would be taken for this one's.
  const thing = found?.inner ? (answer.data as Record<string, unknown> | undefined)?.[found.inner] : answer.data;
  const own = (thing as { id?: string | null } | undefined)?.id === id;
  const name = known ?? (own ? (found?.name(thing as never, language) ?? '') : '');
  if (name && found?.page) return <Link to={`${found.page}${id}`} title={id}>{name}</Link>;
  if (name) return <span className="break" title={ID.test(id) ? id : undefined}>{name}</span>;
  if (!ID.test(id)) return <span className="break">{id === 'cli' || id.startsWith('system') ? t(`common.who.${id === 'cli' ? 'cli' : 'system'}`) : id}</span>;
  return (
    <span className="nowrap">
      {t(`common.thing.${sort}`, { defaultValue: '' })} <ShortId id={id} />
    </span>
  );
}

/** A text of the server with names where ids stand in it. */
export function WithNames({ text }: { text: string }) {
  return (
    <span className="break in-text">
      {text.split(ID).map((part, n) => (n % 2 === 1 ? <Named key={n} id={part} /> : part))}
    </span>
  );
}
