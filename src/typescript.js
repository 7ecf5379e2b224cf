// node --import ./src/typescript.js: Node.js 22.18 and later read TypeScript by themselves, sooner and in less memory.
if (!process.features.typescript) await import('tsx')
