import { parse } from 'csv-parse/sync'

/** The columns are a contract with programs that read exports. */
export const columns =
  'id,timestamp,event,category,method,actor_id,actor_name,actor_email,impersonator_id,impersonator_email,subject_id,subject_name,subject_email,ip,user_agent,details'

/**
 * Parses strict RFC 4180 CSV after a byte order mark: CR LF, doubled quotes, and as many cells in each row as in the
 * header.
 */
export function rowsOf(csv: string): Record<string, string>[] {
  return parse(csv, {
    bom: true,
    columns: true,
    record_delimiter: '\r\n',
    relax_quotes: false,
    relax_column_count: false,
  })
}
