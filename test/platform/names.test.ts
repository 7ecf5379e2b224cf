import { describe, expect, test } from 'vitest'
import { firstName, initials } from '../../src/platform/person-names.ts'
import { createTestApp } from '../support/test-app.ts'
import { createUser } from '../support/people.ts'
import { textOf } from '../support/http-client.ts'

/** A name, what its owner is called by, and their initials. */
const names: [string, string, string][] = [
  ['Bas de Vries', 'Bas', 'BV'],
  ['Brandt, Anna', 'Anna', 'AB'],
  ['Brandt,Anna', 'Anna', 'AB'],
  ['Brandt , Anna Maria', 'Anna', 'AB'],
  ['Brandt,', 'Brandt', 'B'],
  [', Anna', 'Anna', 'A'],
  ['Smith; Bob', 'Bob', 'BS'],
  ['Smith;Bob', 'Bob', 'BS'],
  ['Smith ;', 'Smith', 'S'],
  ['Smith; Bob;', 'Bob', 'BS'],
  ['Brandt， Anna', 'Anna', 'AB'],
  ['Brandt，Anna', 'Anna', 'AB'],
  ['Brandt， Dr． Anna', 'Anna', 'AB'],
  ['Brandt﹐ Anna', 'Anna', 'AB'],
  ['Smith； Bob', 'Bob', 'BS'],
  ['حداد، ليلى', 'ليلى', 'لح'],
  ['حداد؛ ليلى', 'ليلى', 'لح'],
  ['山田、太郎', '太郎', '太山'],
  ['Brandt,, Anna', 'Anna', 'AB'],
  ['Smith: Bob', 'Smith: Bob', 'SB'],
  ['Smith:', 'Smith', 'S'],
  ['Bob!', 'Bob', 'B'],
  ['Acme； Inc.', 'Acme, Inc.', 'AI'],
  ['ｄｒ Mei Lin', 'Mei', 'ML'],
  ['López García, María José', 'María', 'MG'],
  ['de la Cruz, Juan', 'Juan', 'JC'],
  ['Brandt, Dr. Anna', 'Anna', 'AB'],
  ['Brandt, Anna, Dr.', 'Anna', 'AB'],
  ['Dr. Mei Lin', 'Mei', 'ML'],
  ['dr Mei Lin', 'Mei', 'ML'],
  ['Prof. Dr. Anna Brandt', 'Anna', 'AB'],
  ['Herr Dr. Karl Meyer', 'Karl', 'KM'],
  ['Dipl.-Ing. Uwe Kunz', 'Uwe', 'UK'],
  ['Mr Sam Field', 'Sam', 'SF'],
  ['MRS. Ida Holm', 'Ida', 'IH'],
  ['Mx Robin Day', 'Robin', 'RD'],
  ['Frau Anna-Lena Brandt', 'Anna-Lena', 'AB'],
  ['Sr. Juan Pérez', 'Juan', 'JP'],
  ['Dña. Ana Ruiz', 'Ana', 'AR'],
  ['Mme Claire Dubois', 'Claire', 'CD'],
  ['M. Jean Dupont', 'Jean', 'JD'],
  ['Pani Anna Nowak', 'Anna', 'AN'],
  ['السيدة ليلى حداد', 'ليلى', 'لح'],
  ['John Smith Jr.', 'John', 'JS'],
  ['John Smith, PhD', 'John', 'JS'],
  ['Md. Karim Uddin', 'Md. Karim Uddin', 'MU'],
  ['Dr. Brandt', 'Dr. Brandt', 'B'],
  ['Mr Smith', 'Mr Smith', 'S'],
  ['Don Smith', 'Don', 'DS'],
  ['Sgt Bob Miller', 'Bob', 'BM'],
  ['Sgt. Bob Miller', 'Bob', 'BM'],
  ['Miller, Sgt Bob', 'Bob', 'BM'],
  ['Sgt Miller', 'Sgt Miller', 'M'],
  ['Capt Ana Ruiz', 'Ana', 'AR'],
  ['Lt. Col. Ana Ruiz', 'Ana', 'AR'],
  ['Cpl Ana Ruiz', 'Ana', 'AR'],
  ['Ir. Bas de Vries', 'Bas', 'BV'],
  ['Drs. Bas de Vries', 'Bas', 'BV'],
  ['Ir Khan', 'Ir', 'IK'],
  ['Major Smith', 'Major', 'MS'],
  ['Doña Ana Ruiz', 'Ana', 'AR'],
  ['Col Murphy', 'Col', 'CM'],
  ['Gen Tanaka', 'Gen', 'GT'],
  ['Dr.', 'Dr.', ''],
  ['Madonna', 'Madonna', 'M'],
  ['王伟', '王伟', '王'],
  ['李 伟', '李 伟', '李伟'],
  ['J. R. Smith', 'J. R. Smith', 'JS'],
  ['J.R. Smith', 'J.R. Smith', 'JS'],
  ['J Smith', 'J Smith', 'JS'],
  ['Smith, J. R.', 'J. R. Smith', 'JS'],
  ['Wm. Taylor', 'Wm. Taylor', 'WT'],
  ['van der Berg', 'van der Berg', 'VB'],
  ['Van Nguyen', 'Van', 'VN'],
  ['O’Neil, Shaun', 'Shaun', 'SO'],
  ["D'Angelo Russell", "D'Angelo", 'DR'],
  ['Acme Field GmbH', 'Acme Field GmbH', 'AG'],
  ['Acme, Inc.', 'Acme, Inc.', 'AI'],
  ['Müller & Söhne', 'Müller & Söhne', 'MS'],
  ['North crew', 'North crew', 'NC'],
  ['Team Harbour', 'Team Harbour', 'TH'],
  ['Van 3', 'Van 3', 'V3'],
  ['Worker-12', 'Worker-12', 'W'],
  ['bas@firm.test', 'bas@firm.test', 'B'],
  ['4Ever Clean', '4Ever Clean', '4C'],
  ['  Sam \u00a0 Field ', 'Sam', 'SF'],
  ['\u202aSam Field\u202c', 'Sam', 'SF'],
  ['"Sam" Field', '"Sam"', 'SF'],
]

test.each(names)('%s is called %s, in short %s (fault 25)', (name, first, emails) => {
  expect([firstName(name), initials(name)]).toEqual([first, emails])
})

describe('everywhere', () => {
  const app = createTestApp()

  test('an email, a canned response and a profile call Brandt, Anna by that name (fault 25)', async () => {
    const anna = await createUser(app.db, {
      name: 'Brandt, Anna',
      email: 'anna@firm.test',
      role: 'Fieldworker',
    })
    await app.client().post('/forgot-password', { email: anna.email })
    await app.runJobs()
    const [email] = await app.emailsTo(anna)
    for (const part of [email?.text, email?.html]) {
      expect(part).toContain('Hello Anna,')
      expect(part).not.toContain(',,')
    }

    const admin = await app.as('admin')
    const list = '/settings/communications/canned-responses'
    const typed = { name: 'Call', subject: 'For {first_name}', body: 'Hello {first_name},\n\n{reset_link}' }
    const preview = await admin.post(`${list}/preview`, { ...typed, person: 'Brandt' }, `${list}/new`)
    expect(textOf(preview.text)).toMatch(/For Anna Hello Anna ?,/)
    const profile = await admin.get(`/fieldworkers/${anna.id}`)
    expect(profile.text).toMatch(/class="avatar big"[^>]*>AB</)
    expect(textOf(profile.text)).not.toContain('Brandt,,')
  })
})
