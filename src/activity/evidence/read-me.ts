/** The READ-ME of a pack, for readers who may open it years later, without Fieldkey. */
export const packReadme = (company: string, fingerprint: string): string =>
  `EVIDENCE PACK
Activity log of ${company}, exported from Fieldkey.

  activity.csv      the entries: UTF-8, a header, then one row for each entry; cells quoted, what is not known left empty
  row-digests.bin   the first 8 bytes of SHA-256 of each row (without its line end, header not counted), in order
  manifest.json     who took which part of the log, when; row count, first and last id, SHA-256 of the other files,
                    and the head of the chain of the log at that moment
  manifest.sig      Ed25519 signature over the bytes of manifest.json
  public-key.pem    the key that made the signature

It shows that the rows are those which that Fieldkey exported: no row changed, added, left out or moved since.
Whose key it is, the pack cannot prove about itself. Ask the company for the fingerprint of its key through a different
channel (phone, paper, an earlier audit) and compare. This pack names:

  ${fingerprint}

Open activity.csv from a copy: a spreadsheet that saves it again changes its bytes, and the check will say so.


HOW TO CHECK IT

By page: open /verify-evidence.html of any Fieldkey and choose this zip. It is checked in your browser; nothing is sent,
and once the page is open you can cut the network.

By command, in a copy of Fieldkey, without database or server:

  npm run verify-evidence -- FILE.zip --key FINGERPRINT

By hand, with OpenSSL 3 and coreutils, in the folder where you unpacked the zip:

  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig
  openssl pkey -pubin -in public-key.pem -outform DER | sha256sum
  sha256sum activity.csv row-digests.bin READ-ME.txt

The first must say "Signature Verified Successfully". The second must give the fingerprint (there without its hyphens).
The third must give the three values of "sha256" in manifest.json.
`
