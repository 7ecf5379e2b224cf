import { z } from 'zod'

/** The sentence of each code of a reason. A `{name}` in it is a parameter. Without a full stop at its end. */
export type ReasonTexts = Readonly<Record<string, string>>

export type ReasonParam<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ReasonParam<Rest>
  : never

export type ReasonParams<Text extends string> = Record<ReasonParam<Text>, string | number>

/** A reason as rows store it: its code and the parameters of its sentence. A code without a sentence has no type. */
export type Reason<Texts extends ReasonTexts> = {
  [Code in keyof Texts & string]: { code: Code } & ReasonParams<Texts[Code]>
}[keyof Texts & string]

export const paramsIn = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)

/** A column of the database's type `reason`. */
export const reasonColumn = <Texts extends ReasonTexts>(texts: Texts) =>
  z.custom<Reason<Texts>>((value) => {
    const { code, ...params } = z.looseObject({ code: z.string() }).parse(value)
    return Object.hasOwn(texts, code) && paramsIn(texts[code] ?? '').every((name) => name in params)
  })

/** Puts the parameters into a text. */
export const fillText = (text: string, params: object): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String((params as Record<string, unknown>)[name] ?? ''))

/** The sentence of a reason, without its full stop. */
export const reasonText = <Texts extends ReasonTexts>(texts: Texts, reason: Reason<Texts>): string =>
  fillText(texts[reason.code] ?? '', reason)
