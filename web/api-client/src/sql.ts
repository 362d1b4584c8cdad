/** People's own questions in SQL: the tables that there are, and an answer. */

export interface SqlTableColumn {
  name: string;
  /** `int`, `money` (whole minor units), `dec`, `text`, `date`, `instant` or `bool`. */
  type: string;
  label: string;
  /** Told coarsely. */
  masked: boolean;
  values: string[];
}

export interface SqlTable {
  name: string;
  label: string;
  columns: SqlTableColumn[];
}

export interface SqlTables {
  tables: SqlTable[];
  installed: boolean;
}

export interface SqlAnswer {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  /** There were more rows than these. */
  cut: boolean;
  known_at: string;
  took_ms: number;
}
