/**
 * What the programme's part of the API answers, as the server's document words it, with the rules typed as the editor
 * reads them. Points are plain integers; sentences come in the reader's language.
 */
import type {
  EntryCause,
  ForecastMonth,
  ForecastRange,
  LiabilityLine,
  PointsAnswer,
  PointsBook,
  PointsEnding,
  PointsEntry,
  PointsForecast,
  PointsLiability,
  PointsLot,
  ProgrammeTemplate,
  ProgrammeTold,
  ProgrammeVersion,
  RuleSentence,
  RulesChecked,
  RulesError,
  Scope,
} from '@api';
import type { Rules } from './model/rules';

export const READ_POINTS: Scope = 'points:read';
export const WRITE_POINTS: Scope = 'points:write';
export const WRITE_PROGRAMMES: Scope = 'programmes:write';

export const ACCOUNTS = ['pending', 'available', 'frozen', 'issued', 'redeemed', 'expired', 'reversed'] as const;
export type Account = (typeof ACCOUNTS)[number];
export type Accounts = Partial<Record<string, number>>;

type WithRules<T> = Omit<T, 'rules'> & { rules: Rules };

export type Sentence = RuleSentence;
export type Version = WithRules<ProgrammeVersion>;
export type Programme = Omit<ProgrammeTold, 'current' | 'next'> & { current: Version; next?: Version | null };
export type Template = WithRules<ProgrammeTemplate>;
export type Fault = RulesError;
export type Checked = RulesChecked;
export type Lot = PointsLot;
export type Book = PointsBook;
export type Cause = EntryCause;
export type Entry = PointsEntry;
export type Posted = PointsAnswer;
export type Ending = PointsEnding;
export type Liability = PointsLiability;
export type Forecast = PointsForecast;
export type { ForecastMonth, ForecastRange, LiabilityLine };

/** The state after a step of an example, as `shuke simulate` prints it. */
export interface Shown {
  result: string;
  accounts: Accounts;
  lots: { id: string; left: number; last_day: string }[];
  tier?: string | null;
  tier_until?: string | null;
  in_grace?: boolean;
  activity_grade?: number | null;
  coupons?: Record<string, { state: string; expires: string }> | null;
}

export interface Tried {
  steps: Shown[];
}
