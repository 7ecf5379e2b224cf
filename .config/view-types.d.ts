import type { CommonLocals } from '../src/platform/web/render-page.ts'
import type { Html } from '../src/platform/views.ts'

/** What every view sees, whatever page it is part of. */
export type Common = CommonLocals & Express.Locals

/** What `<%=` shows. `<%-` takes only markup of ours. */
export type Shown = string | number | boolean | null | undefined
export type { Html }

/** A partial sees the locals of the view around it, and those it is given. The result of a wrong use cannot be shown. */
export type Include<Around, Partials> = {
  [Name in keyof Partials]: Takes<Around, Partials[Name]>
}

type Takes<Around, Wanted> = <Given extends Partial<Wanted> = object>(
  given?: Given,
) => [Exclude<keyof Given, keyof Wanted>] extends [never]
  ? [Lacking<Seen<Around, Given>, Wanted>] extends [never]
    ? Html
    : { missingOrOfAnotherType: Lacking<Seen<Around, Given>, Wanted> }
  : { notTakenByThisPartial: Exclude<keyof Given, keyof Wanted> }

type Seen<Around, Given> = Omit<Around, keyof Given> & Given
type IsOptional<Of, Name extends keyof Of> = object extends Pick<Of, Name> ? true : false

/** The names of the locals that are missing or of another type. */
type Lacking<Given, Wanted> = {
  [Name in keyof Wanted]-?: Name extends keyof Given
    ? Given[Name] extends Wanted[Name]
      ? never
      : Name
    : IsOptional<Wanted, Name> extends true
      ? never
      : Name
}[keyof Wanted]
