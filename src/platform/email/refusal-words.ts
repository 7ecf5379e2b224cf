/**
 * Phrases that mail servers use when they reject an email. Many send the code of a bad address, or no code, and some
 * answer in their own language. Accented characters are matched loosely (`~`), since servers send them in several
 * encodings.
 */
const words = (...lines: string[]): RegExp => new RegExp(lines.join('|').replaceAll('~', '\\S{1,3}'), 'isu')

/** Rejected for now: greylisting stops senders that never try again. */
export const greylisted = words('gr[ea]y[ -]?list', 'graulist', 'listas? gris', 'listes? gris', 'postgrey')

/** Rejected for now, for some other reason. */
export const forNow = words(
  String.raw`tempor|\bdefer|try (it )?(again )?(later|in \d+)|again (later|in)\b|(retry|come back|back) (later|in|after)\b`,
  String.raw`m~s tarde|vuelva a intentar|intente de nuevo|mais tarde|pi~ tardi`,
  String.raw`\bsp~ter\b|vor~bergehend|zeitweilig|erneut versuchen`,
  String.raw`plus tard|r~essay`,
)

/** This person gets more email than their server accepts at the moment. */
export const receivesTooMuch = words(
  'trying to contact is receiving',
  String.raw`recipient\b.{0,80}\bexceeded their\b|recipient[’']s\b.{0,40}\b(rate|limit)|message receive limit`,
)

/** Our own quota is used up. */
export const quota = words(
  String.raw`\b(daily|day|hourly|monthly|sending|sends?|sender|relay|outgoing|outbound|submission|message)\b(?! size).{0,40}\b(quota|limits?|allowance)\b`,
  String.raw`\b(quota|limits?)\b.{0,40}\b(per|a|this|each) (day|month)\b`,
  String.raw`maximum credits|out of credits?|outgoing mail (suspension|hold)|max(imum)? defers`,
)

/** A quota is used up, without saying whose; ours, unless a mailbox is named. */
const allowance = String.raw`(\b(quota|cuota|cota)\b|kontingent|contingent|l~mites?\b|\p{L}*limite?s?\b)`
const usedUp = String.raw`(exc~d|superad|sobrepas|alcan[zç]ad|agotad|d~pass|attein|~berschritten|ersch~pft|erreicht|superat|raggiunt)`
export const anyQuota = words(
  `${allowance}.{0,40}${usedUp}`,
  `${usedUp}.{0,40}${allowance}`,
  String.raw`(cuota|l~mite) de env|(limite|quota) d.envoi|limite de envio|(sende|versand|tages)limit`,
)
export const mailbox = words(
  String.raw`mailbox|inbox|maildrop|storage|size|buz~n|casilla|postfach|bo~te|\bover ?quota`,
  String.raw`\b(user|account|recipient)([’']s)? quota`,
)

/** We send faster than the server accepts. */
export const tooFast = words(
  String.raw`\btoo (fast|quickly|frequent(ly)?|much mail)\b|\btoo many (messages|e?-?mails|recipients|connections|concurrent|sessions|errors)\b`,
  String.raw`\brate[ -]?(limit|control)|ratelimit|throttl|\b(sending|unusual|connection|message|submission) rate\b|slow(ing)? down`,
  String.raw`\bper (second|minute|hour)\b|\bthis hour\b|\b(server|service|system)( is)?( too)? busy\b|concurren`,
  String.raw`demasiad[oa]s (mensajes|correos|conexiones|destinatarios)|zu (viele (nachrichten|e-?mails|mails|verbindungen)|schnell)`,
  String.raw`trop de (messages|courriels|e?-?mails|connexions|destinataires)|trop vite`,
)

/** The server accepts no email from us, or not this one. */
export const policy = words(
  String.raw`\brelay(ing)? (access )?(denied|not permitted|not allowed|prohibited)|(unable|not permitted|not allowed|refus\w+) to relay|relay not permitted|open relay`,
  String.raw`authenticat|authori[sz]|\b(spf|dkim|dmarc)\b|spam|unsolicited|black-?list|block-?list|deny-?list|dnsbl|\brbl\b|reputation|phish|virus|malware`,
  String.raw`\bpolic(y|ies)\b|prohibit|\bsender\b|\bfrom (address|domain|header)|not verified|unverified|client host|starttls|tls required`,
  String.raw`reverse[ -](dns|lookup|hostname|resolution)|\br-?dns\b|\bptr\b|\bhelo\b|\behlo\b`,
  String.raw`\b(your|sending) (account|domain|ip|server|host|network)\b|suspended|banned`,
)

/** There is no such person, or their mailbox accepts nothing. */
export const persons = words(
  String.raw`\b(no such|unknown|invalid|bad|non-?existent|unrouteable) (user|recipient|mailbox|mail ?drop|address|account|alias|person|local part|domain|destination|host)`,
  String.raw`\b(user|recipient|mailbox|address(ee)?|account|alias|domain)\b.{0,80}?\b(unknown|not found|not known|n[o’']t exist|rejected|invalid|disabled|inactive|deactivated|unavailable|closed|no longer|full|over ?quota|not (valid|local|here|accept))`,
  String.raw`does(n[’']t| not) exist|not a (valid|known) (user|recipient|mailbox|address)|no (mailbox|one|person|user)\b.{0,30}\b(here|by that name)|over ?quota|(mailbox|inbox|user|account|recipient)\b.{0,40}\bquota exceeded|exceeded storage|storage allocation|null ?mx`,
  String.raw`(usuario|destinatario|cuenta|buz~n|direcci~n)\b.{0,60}(desconocid|no existe|inexistente|no encontrad|inv~lid|llen[oa])|desconocid[oa]`,
  String.raw`(benutzer|empf~nger|postfach|adresse|konto)\b.{0,60}(unbekannt|existiert nicht|nicht gefunden|ung~ltig|voll\b|deaktiviert)|unbekannte[rs]? (benutzer|empf~nger|adresse)`,
  String.raw`(utilisateur|destinataire|adresse|compte|bo~te)\b.{0,60}(inconnue?|n.existe pas|introuvable|invalide|pleine?\b|d~sactiv)`,
)
