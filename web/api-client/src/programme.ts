/** Programmes, books and entries are as the server's document words them. */
export type {
  EntryCause,
  LiabilityLine,
  NextTier,
  PointsAnswer,
  PointsBook,
  PointsEntry,
  PointsLiability,
  PointsLot,
  Programme as ProgrammeTold,
  ProgrammeTemplate,
  ProgrammeVersion,
  RuleSentence,
  RulesChecked,
  RulesError,
} from './generated';
