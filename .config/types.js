// Type-checks the code and the views as one program: `node .config/types.js`.
import path from 'node:path'
import ts from 'typescript'
import {
  partialsFile,
  partialsSource,
  shownAs,
  viewFile,
  viewFaults,
  viewNames,
  viewSource,
} from './views.js'

const root = path.resolve(import.meta.dirname, '..')
const { options, fileNames } = ts.getParsedCommandLineOfConfigFile(
  path.join(root, 'tsconfig.json'),
  {},
  {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (fault) => {
      throw new Error(ts.flattenDiagnosticMessageText(fault.messageText, '\n'))
    },
  },
)

const views = new Map(viewNames.map((name) => [shownAs(name), { name, ...viewSource(name) }]))
const sources = new Map([...views].map(([file, { source }]) => [file, source]))
sources.set(partialsFile, partialsSource())

const host = ts.createCompilerHost(options)
const { fileExists, readFile, getSourceFile } = host
host.fileExists = (file) => sources.has(file) || fileExists(file)
host.readFile = (file) => sources.get(file) ?? readFile(file)
host.getSourceFile = (file, ...rest) =>
  sources.has(file) ? ts.createSourceFile(file, sources.get(file), ...rest) : getSourceFile(file, ...rest)

const program = ts.createProgram([...fileNames, ...sources.keys()], options, host)
const faults = [...viewNames.flatMap(viewFaults), ...ts.getPreEmitDiagnostics(program).map(describe)]

function describe({ file, start, code, messageText }) {
  const message = `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  if (!file) return message
  const { line, character } = ts.getLineAndCharacterOfPosition(file, start)
  const view = views.get(file.fileName)
  const at = view ? (view.usedAt.get(line) ?? Math.max(0, line - view.linesBefore)) : line
  const name = path.relative(root, view ? viewFile(view.name) : file.fileName)
  return `${name}:${at + 1}:${view?.usedAt.has(line) ? 1 : character + 1} ${message}`
}

for (const fault of faults) console.log(fault)
process.exit(faults.length > 0 ? 1 : 0)
