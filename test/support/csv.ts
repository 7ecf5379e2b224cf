import { parse } from 'csv-parse/sync'

/** The contract with whoever reads an export from outside. */
export const columns =
  'id,timestamp,event,category,method,actor_id,actor_name,actor_email,impersonator_id,impersonator_email,subject_id,subject_name,subject_email,ip,user_agent,details'

/** Reads CSV as RFC 4180 has it after a byte order mark, and nothing looser: CR LF, quotes doubled, as many cells in each row as in the header. */
export function rowsOf(csv: string): Record<string, string>[] {
  return parse(csv, {
    bom: true,
    columns: true,
    record_delimiter: '\r\n',
    relax_quotes: false,
    relax_column_count: false,
  })
}
