import path from 'node:path'
import ejs from 'ejs'

export const viewsFolder = path.resolve(import.meta.dirname, '../../views')

/** Renders one view. Options are ours alone, never taken from the locals, where a request could smuggle them in. */
export function renderView(file: string, locals: object): Promise<string> {
  return ejs.renderFile(file, locals, { root: viewsFolder, cache: true })
}
